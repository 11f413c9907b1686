namespace Ballast.Virtual.Site;

/// <summary>One line of the table: the site at one meter sample.</summary>
public sealed record SiteView
{
    /// <summary>Since the start of the run, ms.</summary>
    public required long AtMs { get; init; }

    /// <summary>Cap of the grid, mW; null for none.</summary>
    public required long? CapMw { get; init; }

    /// <summary>What the last orders allow the admitted boards, standby of the others and base load included, mW.</summary>
    public required long OrderedMw { get; init; }

    /// <summary>Virtual meter, mW.</summary>
    public required long MeterMw { get; init; }

    /// <summary>Hash rate by the boards' telemetry, GH/s.</summary>
    public required long HashGhs { get; init; }

    /// <summary>Boards by mode.</summary>
    public required IReadOnlyDictionary<string, int> Modes { get; init; }

    /// <summary>Boards that are admitted.</summary>
    public required int Admitted { get; init; }

    /// <summary>Shares that the pool took.</summary>
    public required int Accepted { get; init; }

    /// <summary>Shares that the pool refused.</summary>
    public required int Rejected { get; init; }
}
