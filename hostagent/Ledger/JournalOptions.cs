namespace Ballast.Host.Ledger;

/// <summary>How a journal is kept.</summary>
public sealed record JournalOptions
{
    /// <summary>Site, for the anchors.</summary>
    public string Site { get; init; } = "";

    /// <summary>Host, for the record.</summary>
    public string Host { get; init; } = "";

    /// <summary>Clock of the days.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Closed segments that stay in the database before they move to files, 1 or more.</summary>
    public int KeepSegments { get; init; } = 7;

    /// <summary>Days for which ended events stay in their table, 1 or more; their records stay in the segments.</summary>
    public int KeepEndedDays { get; init; } = 400;

    /// <summary>How often the head is signed inside the chain, minutes; 0 is never.</summary>
    public int SealMinutes { get; init; }

    /// <summary>Page size of a new database: small ones make torn writes easy to try.</summary>
    internal int PageSize { get; init; } = 4096;
}
