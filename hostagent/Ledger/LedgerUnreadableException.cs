namespace Ballast.Host.Ledger;

/// <summary>A ledger cannot be opened at all; the message is a sentence for people.</summary>
public sealed class LedgerUnreadableException : Exception
{
    /// <summary>Without a sentence.</summary>
    public LedgerUnreadableException()
    {
    }

    /// <summary>With a sentence.</summary>
    public LedgerUnreadableException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and its cause.</summary>
    public LedgerUnreadableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
