using System.Net;

namespace Ballast.Host.Limits;

/// <summary>What somebody may do. Each is separate: a grid that may lower need not be one that may raise.</summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Set limits that are lower and stay until replaced; preview.</summary>
    Lower = 1,

    /// <summary>Release, replace by more, set limits that end by themselves, lift a hold, end a lock-out, opt out.</summary>
    Raise = 2,

    /// <summary>End an event without restoring, answer a breaker request.</summary>
    Abandon = 4,

    /// <summary>See the site.</summary>
    Read = 8,

    /// <summary>Run the site besides its limits: hold, lock-outs, ladders, prices, opt-outs, the record and who changed what.</summary>
    Operate = 16,

    /// <summary>Make and revoke keys.</summary>
    Admin = 32,

    /// <summary>All of these.</summary>
    All = Lower | Raise | Abandon | Read | Operate | Admin,
}

/// <summary>Somebody who asks.</summary>
/// <param name="Source">Name of the source that limits are kept under.</param>
/// <param name="Rights">What it may do.</param>
public sealed record Caller(string Source, Rights Rights)
{
    /// <summary>Name of its key, "local" for somebody on this machine while there are no keys, else the source; for the record.</summary>
    public string Name { get; init; } = Source;

    /// <summary>Role of its key, "local", or "" for a configured source and for nobody.</summary>
    public string Role { get; init; } = "";

    /// <summary>True if it has the right.</summary>
    public bool May(Rights right) => (Rights & right) == right;
}

/// <summary>
/// Who may what: the one place. Over REST a key's role decides (<see cref="Access.AccessRoles"/>). While no key was made, whoever
/// reaches the interface from this machine may do everything that the configuration lets it do, and other machines may read. A
/// configured source may lower, and raise if its section says so.
/// </summary>
public static class WhoMayWhat
{
    /// <summary>
    /// The name under which operators set limits over REST. All of them share it, whatever their keys are called, so that one shift can
    /// end what another began, and a new key goes on where the old one stopped. Who it was stands in the record.
    /// </summary>
    public const string RestSource = "rest";

    /// <summary>
    /// The name under which keys of the role grid set limits. Apart from <see cref="RestSource"/>, so that the same id or the same
    /// Idempotency-Key on both sides never replaces, repeats or ends the other's limit: both hold, and the smaller one counts (S12).
    /// </summary>
    public const string GridSource = "rest-grid";

    /// <summary>Rights that let watts come back or leave them where they are; `http.mayRaise` false takes them from everybody.</summary>
    public const Rights Raising = Rights.Raise | Rights.Abandon;

    /// <summary>Nobody.</summary>
    public static Caller Nobody { get; } = new("", Rights.None);

    /// <summary>Somebody on the REST interface of a host that has no keys yet.</summary>
    /// <param name="remote">Where the connection comes from; null for none.</param>
    /// <param name="mayRaise">The configuration's `http.mayRaise`.</param>
    public static Caller OfRest(IPAddress? remote, bool mayRaise)
        => IsHere(remote)
            ? new Caller(RestSource, mayRaise ? Rights.All : Rights.All & ~Raising) { Name = "local", Role = "local" }
            : new Caller(RestSource, Rights.Read) { Name = "" };

    /// <summary>A configured source.</summary>
    public static Caller OfSource(string id, bool mayRaise) => new(id, mayRaise ? Rights.Lower | Rights.Raise : Rights.Lower);

    /// <summary>True for this machine.</summary>
    public static bool IsHere(IPAddress? remote) => remote is null || IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote);

    /// <summary>Null if the caller has the right; otherwise what to tell it.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="needed">The right.</param>
    /// <param name="field">Member of the request that needs it, or "".</param>
    public static RequestFault? Refusal(Caller caller, Rights needed, string field)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.May(needed) ? null : new RequestFault(field, Sentence(caller, needed));
    }

    private static string Sentence(Caller caller, Rights needed)
    {
        if (caller.Role.Length > 0)
        {
            string who = caller.Role == "local" ? "This interface" : "Your key has the role " + caller.Role + " and";
            return (needed & ~caller.Rights & Raising) != 0 && caller.May(Rights.Operate)
                ? who + " may not raise here, because the configuration has http.mayRaise false: it may only set limits that are lower and stay until replaced."
                : who + " may not do this: it needs " + Words(needed & ~caller.Rights) + ".";
        }

        return caller.Rights is Rights.None or Rights.Read ? "From other machines nothing can be changed while this host has no API keys: make one with ballast apikey create."
            : needed == Rights.Abandon ? "This needs the right to abandon an event, which ends it without giving the watts back."
            : "This source has no right to raise: it may only set limits that are lower and stay until replaced.";
    }

    private static string Words(Rights missing)
        => missing.HasFlag(Rights.Admin) ? "the role admin"
            : missing.HasFlag(Rights.Operate) || missing.HasFlag(Rights.Abandon) ? "the role operator or admin"
            : missing.HasFlag(Rights.Raise) ? "the right to raise"
            : missing.HasFlag(Rights.Lower) ? "the role operator, grid or admin" : "a key";
}
