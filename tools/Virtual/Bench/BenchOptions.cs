namespace Ballast.Virtual.Bench;

/// <summary>What is measured, and how large.</summary>
public sealed record BenchOptions
{
    /// <summary>Letters of the parts to run, in order.</summary>
    public string Parts { get; init; } = "abcdef";

    /// <summary>Orders that are timed in each row that times orders.</summary>
    public int Orders { get; init; } = 100;

    /// <summary>Orders, choices or seconds before the measurement, which count for nothing.</summary>
    public int WarmUp { get; init; } = 10;

    /// <summary>Sizes are divided by this: 1 for the real thing, more to try the bench itself.</summary>
    public int Divisor { get; init; } = 1;

    /// <summary>A size, divided; at least <paramref name="least"/>.</summary>
    public int Size(int full, int least = 10) => Math.Max(least, full / Divisor);
}

/// <summary>One line of the result.</summary>
/// <param name="Part">Letter.</param>
/// <param name="What">What was measured.</param>
/// <param name="Size">How large: boards, pods, subscribers.</param>
/// <param name="Median">Median, or the only figure.</param>
/// <param name="P99">99th percentile; null where there is only one figure.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Note">Against what, and what else must be known.</param>
public sealed record BenchRow(string Part, string What, string Size, double Median, double? P99, string Unit, string Note = "")
{
    /// <summary>Largest median that the design allows; null where it says nothing.</summary>
    public double? Budget { get; init; }

    /// <summary>Largest 99th percentile that the design allows; null where it says nothing.</summary>
    public double? BudgetP99 { get; init; }

    /// <summary>True if within every budget; null if there is none.</summary>
    public bool? Reached => Budget is null && BudgetP99 is null ? null : (Budget is null || Median <= Budget) && (BudgetP99 is null || P99 <= BudgetP99);
}

/// <summary>Where a part puts its lines, and what it is doing now.</summary>
public interface IBenchOutput
{
    /// <summary>A line is ready.</summary>
    void Row(BenchRow row);

    /// <summary>Something that takes a while begins.</summary>
    void Say(string what);
}
