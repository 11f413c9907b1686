using Ballast.Virtual.Processes;

namespace Ballast.Virtual.Demo;

/// <summary>How the story is told.</summary>
public sealed record StoryOptions
{
    /// <summary>Plays it once with short dwell times; otherwise again and again.</summary>
    public bool Once { get; init; }

    /// <summary>Kills the broker and starts it again in the middle of the story.</summary>
    public bool BrokerRestart { get; init; }

    /// <summary>Dwell at full power before and after, s.</summary>
    public int DwellS => Once ? 4 : 20;

    /// <summary>Dwell at a cap after it has settled, s.</summary>
    public int CapDwellS => Once ? 6 : 30;

    /// <summary>Longest time for all boards to come up, s.</summary>
    public int UpWithinS { get; init; } = 180;

    /// <summary>
    /// Times of the host. Nothing is scaled: a run of one pass only asks for short ramps, as an operator may.
    /// </summary>
    public SiteTimes TimesFor(long fullW) => Once
        ? new SiteTimes { RampS = 10, SpreadS = 5, FailSpreadS = 5, RampUpWPerS = (int)Math.Max(1, fullW / 15) }
        : new SiteTimes();
}

/// <summary>How a run went.</summary>
public sealed record StoryResult
{
    /// <summary>True if everything held.</summary>
    public bool Passed => Problems.Count == 0;

    /// <summary>What was wrong, as sentences.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What was seen, as sentences: figures for a reader.</summary>
    public required IReadOnlyList<string> Facts { get; init; }
}
