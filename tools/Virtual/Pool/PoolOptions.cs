namespace Ballast.Virtual.Pool;

/// <summary>How the virtual pool behaves.</summary>
public sealed record PoolOptions
{
    /// <summary>Port on the loopback interface; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>k: difficulty is counted in units of diff1·2^-k. 0 for real chips.</summary>
    public int WorkShift { get; init; } = 29;

    /// <summary>
    /// Difficulty sent to every session, in units of diff1·2^-<see cref="WorkShift"/>. A chip of 1.07 TH/s finds 256 about once a second at shift 29.
    /// </summary>
    public long Difficulty { get; init; } = 256;

    /// <summary>Time between jobs, ms.</summary>
    public int JobEveryMs { get; init; } = 10_000;

    /// <summary>Every so many jobs comes a new block with the clean flag; 0 never.</summary>
    public int CleanEvery { get; init; } = 6;

    /// <summary>Shares on jobs of the block before are still taken for this long after a clean job, ms: they were on the wire.</summary>
    public int LateGraceMs { get; init; } = 5_000;

    /// <summary>How far a miner may roll the time of a job forward, s.</summary>
    public uint NTimeRollS { get; init; } = 600;
}
