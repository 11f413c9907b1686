using Ballast.Benchmarks;

namespace Ballast.Wire.Tests;

/// <summary>The design's budgets in executed IL. The counts come from the code alone, so that they are the same on every machine.</summary>
public sealed class BudgetTests
{
    private static readonly Lazy<IReadOnlyList<IlCount>> Counts = new(IlMeter.Measure);

    public static TheoryData<string> Names => [.. Counts.Value.Where(c => c.Budget > 0).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stays_within_its_budget(string name)
    {
        IlCount count = Counts.Value.Single(c => c.Name == name);
        Assert.InRange(count.Instructions, 1, count.Budget);
    }

    [Fact]
    public void The_counter_counts_what_the_code_says()
    {
        // Rank: 5 to set up, some 13 a byte, 25 to mix. A counter that saw no loop, or saw it twice, would be far off.
        IlCount rank = Counts.Value.Single(c => c.Name.StartsWith("rank", StringComparison.Ordinal));
        Assert.InRange(rank.Instructions, 16 * 13, 16 * 13 + 100);

        // Sixteen words, 64 rounds, no call.
        IlCount compression = Counts.Value.Single(c => c.Name == "SHA-256 compression");
        Assert.InRange(compression.Instructions, 64 * 66, 64 * 120);
        Assert.Equal((0, 0), (compression.OwnCalls, compression.PlatformCalls));
    }

    [Fact]
    public void Two_measurements_agree() => Assert.Equal(Counts.Value, IlMeter.Measure());
}
