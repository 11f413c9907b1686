namespace Ballast.Host.Ledger;

/// <summary>One host per folder, and an audit that knows whether a host is writing. The system gives the lock back when a process dies.</summary>
public static class LedgerLock
{
    // What the system says where another process has it: EWOULDBLOCK of Linux and of the BSDs, and Windows' sharing violation.
    private static readonly int[] Held = [11, 35, unchecked((int)0x8007_0020)];

    /// <summary>Takes the lock; null if another process has it.</summary>
    /// <exception cref="IOException">The file cannot be made: the folder is full or read-only.</exception>
    internal static FileStream? Take(string folder)
    {
        try
        {
            return new FileStream(PathFor(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (Held.Contains(error.HResult))
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
