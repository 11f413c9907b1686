namespace Ballast.Host.Options;

/// <summary>A limit that comes by the calendar: once, or every week on some days.</summary>
public sealed record ScheduleSection
{
    /// <summary>Source id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>"site", a feeder, a pod or "pod/board".</summary>
    public string Node { get; init; } = "site";

    /// <summary>"economic" or "reliability".</summary>
    public string Class { get; init; } = "economic";

    /// <summary>Watts while it holds, whole.</summary>
    public double LimitW { get; init; }

    /// <summary>First start by the local clock of <see cref="Zone"/>, like 2026-01-05T17:00.</summary>
    public string Start { get; init; } = "";

    /// <summary>How long it holds, s of elapsed time, 1…2,678,400; or null if <see cref="EndTime"/> is given.</summary>
    public long? DurationS { get; init; }

    /// <summary>When it ends by the local clock, like 06:00: the same day, or the next if that is not after the start.</summary>
    public string? EndTime { get; init; }

    /// <summary>Days that it comes back on, "mon" … "sun"; empty: once only.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>Every how many weeks, 1…52, counted in weeks from Monday on, from that of <see cref="Start"/>.</summary>
    public int EveryWeeks { get; init; } = 1;

    /// <summary>Last day that it may start on, like 2026-12-31; null for ever.</summary>
    public string? LastDay { get; init; }

    /// <summary>Zone of the IANA database, like Europe/Berlin.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Rate of the rise afterwards, W/s; null is the site's.</summary>
    public double? RampUpWPerS { get; init; }

    /// <summary>Text for people.</summary>
    public string Reason { get; init; } = "";
}
