namespace Ballast.Virtual.Oracle;

/// <summary>What the oracle must know of a board before it watches it.</summary>
/// <param name="Pod">Pod id.</param>
/// <param name="Board">Board id.</param>
/// <param name="PowerMw">Ladder powers, mW, sleep first.</param>
/// <param name="HashGhs">Ladder hash rates, GH/s.</param>
/// <param name="FailsafeMw">Power of its failsafe point, mW.</param>
public sealed record BoardFacts(string Pod, string Board, int[] PowerMw, int[] HashGhs, long FailsafeMw);

/// <summary>One look into a board: true power from the physical model, the rest from the agent's snapshot.</summary>
public readonly record struct BoardProbe
{
    /// <summary>Pod id.</summary>
    public required string Pod { get; init; }

    /// <summary>Board id.</summary>
    public required string Board { get; init; }

    /// <summary>True power at the board's input, mW.</summary>
    public required long PowerMw { get; init; }

    /// <summary>Power of the effective point, mW.</summary>
    public required long EffectiveMw { get; init; }

    /// <summary>The board says it is admitted.</summary>
    public required bool Admitted { get; init; }

    /// <summary>The nonce that an admission must name.</summary>
    public required uint BootNonce { get; init; }

    /// <summary>High-water of the dispatch stream: epoch in the upper half, seq in the lower.</summary>
    public required ulong DispatchPair { get; init; }

    /// <summary>High-water of the set stream.</summary>
    public required ulong SetPair { get; init; }

    /// <summary>Content that the board runs under.</summary>
    public required long OrderId { get; init; }

    /// <summary>End of the board's lease on its own clock, ms.</summary>
    public required long LeaseEndMs { get; init; }

    /// <summary>Sum of its reject counters.</summary>
    public required long Rejects { get; init; }

    /// <summary>When its broker connection was completed, ms; long.MaxValue while it has none.</summary>
    public required long ConnectedSinceMs { get; init; }
}

/// <summary>What the oracle allows.</summary>
public sealed record OracleOptions
{
    /// <summary>Metered load that is not boards, mW.</summary>
    public long BaseMw { get; init; }

    /// <summary>Class error of the virtual meter, per mille of the reading.</summary>
    public int MeterClassPerMille { get; init; } = 10;

    /// <summary>Power beside a point's own that a healthy board may draw (fan at full while it cools), mW.</summary>
    public long CoolingMw { get; init; } = 2_500;

    /// <summary>Model against ladder, per mille of the point's power.</summary>
    public int ModelPerMille { get; init; } = 50;

    /// <summary>The host must answer a lower cap with an order within this time, ms.</summary>
    public long OrderWithinMs { get; init; } = 1_000;

    /// <summary>All boards must be under command this long after the broker's return, ms.</summary>
    public long UnderCommandMs { get; init; } = 10_000;
}

/// <summary>One thing that must not have happened.</summary>
/// <param name="AtMs">When, ms.</param>
/// <param name="Rule">Rule id, or the name of the promise.</param>
/// <param name="Where">Board, pod or site.</param>
/// <param name="Text">What, as a sentence.</param>
public sealed record Finding(long AtMs, string Rule, string Where, string Text);
