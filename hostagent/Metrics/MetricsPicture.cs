using Ballast.Host.Dispatch;
using Ballast.Host.Signals;

namespace Ballast.Host.Metrics;

/// <summary>A node's watts for the scrape, W.</summary>
/// <param name="Id">"site", a feeder or a pod.</param>
/// <param name="Kind">site, feeder or pod.</param>
/// <param name="OrderedW">Ordered, standby and base included.</param>
/// <param name="DrawnW">Metered, or what stands for it.</param>
/// <param name="CapW">Smallest limit on the node itself; +∞ for none.</param>
/// <param name="DownW">What orders could still take.</param>
/// <param name="UpW">What orders could still give under the node's own cap.</param>
internal readonly record struct NodeRow(string Id, string Kind, double OrderedW, double DrawnW, double CapW, double DownW, double UpW);

/// <summary>A source for the scrape.</summary>
/// <param name="View">What it says of itself.</param>
/// <param name="AtMs">Host's ms at which it said so.</param>
internal readonly record struct SourceRow(SourceView View, long AtMs);

/// <summary>What a scrape shows of the loop's state: taken by the loop once a second, never changed afterwards.</summary>
internal sealed class MetricsPicture
{
    /// <summary>Modes of a board: what it says while it is online, or offline.</summary>
    internal static readonly string[] Modes = ["unknown", "asleep", "starting", "running", "ramping", "cooling", "fault", "offline"];

    /// <summary>What else is counted of boards.</summary>
    internal static readonly string[] Flags = ["admitted", "suspect", "locked_out", "unavailable", "stale", "latched"];

    internal required long AtMs { get; init; }

    internal required HostPhase Phase { get; init; }

    internal required uint Epoch { get; init; }

    internal required DispatchPicture Decision { get; init; }

    /// <summary>By pod and mode.</summary>
    internal required int[,] Boards { get; init; }

    /// <summary>By pod and flag.</summary>
    internal required int[,] Flagged { get; init; }

    /// <summary>By pod, GH/s; only what is fresh counts.</summary>
    internal required long[] HashGhs { get; init; }

    /// <summary>By pod, mJ/TH; -1 without an order.</summary>
    internal required int[] LimitMjPerTh { get; init; }

    internal required NodeRow[] Nodes { get; init; }

    internal required SourceRow[] Sources { get; init; }

    /// <summary>Age of the site meter's reading, ms; null without a meter or a reading.</summary>
    internal required long? MeterAgeMs { get; init; }

    /// <summary>Events by state, those that are not over.</summary>
    internal required int[] OpenEvents { get; init; }

    internal required (string Code, int Count)[] Alarms { get; init; }

    internal required long BadMessages { get; init; }

    internal required long UnknownBoards { get; init; }

    internal required long UnknownSignals { get; init; }

    internal required long OrdersSent { get; init; }

    internal required bool JournalUp { get; init; }
}
