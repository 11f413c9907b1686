using Ballast.Host.Options;
using Ballast.Hw.Boards;
using Ballast.Virtual.Processes;

namespace Ballast.Virtual.InProcess;

/// <summary>How large a simulated site is and how it behaves.</summary>
public sealed record InProcessOptions
{
    /// <summary>Boards.</summary>
    public int Boards { get; init; } = 24;

    /// <summary>Pods; boards are spread evenly.</summary>
    public int Pods { get; init; } = 2;

    /// <summary>What every board is.</summary>
    public BoardDescription Description { get; init; } = BitaxeGamma.Describe(0);

    /// <summary>Seed of everything that is random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Metered load that is not boards, W.</summary>
    public int BaseW { get; init; } = 40;

    /// <summary>Power that a board may draw without a host, W.</summary>
    public int FailsafeW { get; init; }

    /// <summary>Most that a board's chips draw more or less than its ladder says, ‰; drawn evenly.</summary>
    public int LadderErrorPermille { get; init; } = 30;

    /// <summary>Times of the host.</summary>
    public SiteTimes Times { get; init; } = new();

    /// <summary>Delay and loss of messages.</summary>
    public TransportOptions Transport { get; init; } = new();

    /// <summary>How often the oracle looks into every board, ms, a multiple of 20.</summary>
    public int ProbeEveryMs { get; init; } = 200;

    /// <summary>Changes the host's configuration; null leaves it.</summary>
    public Func<SiteOptions, SiteOptions>? Change { get; init; }
}
