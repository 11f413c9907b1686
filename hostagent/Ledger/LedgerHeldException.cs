namespace Ballast.Host.Ledger;

/// <summary>Another process writes this ledger: one folder belongs to one host. The message is a sentence for a person.</summary>
/// <param name="folder">The folder.</param>
public sealed class LedgerHeldException(string folder)
    : IOException("Another host is running on the folder '" + folder + "', and one folder belongs to one host: end that one first, or give this one a stateDir, a hostId and an address (http.urls) of its own.");
