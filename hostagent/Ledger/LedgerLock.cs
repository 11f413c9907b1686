namespace Ballast.Host.Ledger;

/// <summary>One host per folder, and an audit that knows whether a host is writing. The system gives the lock back when a process dies.</summary>
public static class LedgerLock
{
    /// <summary>Takes the lock; null if another process has it.</summary>
    internal static FileStream? Take(string folder)
    {
        try
        {
            return new FileStream(PathFor(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True while a host writes the ledger of this folder. Holds nothing.</summary>
    public static bool IsHeld(string folder)
    {
        if (!File.Exists(PathFor(folder)))
        {
            return false;
        }

        try
        {
            // A shared lock for this instant only: a host that starts now must not be turned away by an auditor.
            using FileStream file = new(PathFor(folder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string PathFor(string folder) => Path.Combine(folder, "ledger.lock");
}
