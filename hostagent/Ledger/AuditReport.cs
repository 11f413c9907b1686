namespace Ballast.Host.Ledger;

/// <summary>What an audit found.</summary>
public sealed record AuditReport
{
    /// <summary>The first thing that is wrong, or null.</summary>
    public LedgerFault? Fault { get; init; }

    /// <summary>What is proven, sentences.</summary>
    public IReadOnlyList<string> Proven { get; init; } = [];

    /// <summary>What could not be proven, sentences.</summary>
    public IReadOnlyList<string> Unproven { get; init; } = [];

    /// <summary>Head of what was read.</summary>
    public LedgerHead Head { get; init; } = LedgerHead.Empty;

    /// <summary>0 all proven; 1 a fault; 3 no fault, but not all of it could be proven.</summary>
    public int ExitCode => Fault is not null ? 1 : Unproven.Count > 0 ? 3 : 0;
}

/// <summary>What an auditor brings along.</summary>
public sealed record AuditInputs
{
    /// <summary>Public key that all signatures must be of, DER in base 64; null takes the one that the ledger names.</summary>
    public string? Key { get; init; }

    /// <summary>A head from an acknowledgement or export: the chain must contain it.</summary>
    public LedgerHead? Head { get; init; }
}
