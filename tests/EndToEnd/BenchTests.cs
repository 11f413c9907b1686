using Ballast.Virtual.Bench;

namespace Ballast.EndToEnd;

/// <summary>Every part of the bench at a tiny size: it starts what it needs, gives its rows, and ends what it started. No figure is judged here.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("a", 18)]
    [InlineData("bd", 10)]
    [InlineData("c", 10)]
    [InlineData("e", 3)]
    [InlineData("f", 3)]
    public async Task A_part_of_the_bench_gives_all_its_rows(string parts, int rows)
    {
        var output = new Kept();
        await BenchRun.RunAsync(new BenchOptions { Parts = parts, Orders = 3, WarmUp = 1, Divisor = 1_000 }, output, TestContext.Current.CancellationToken);
        Assert.Equal(rows, output.Rows.Count);
        Assert.All(output.Rows, row =>
        {
            Assert.Contains(row.Part, parts, StringComparison.Ordinal);
            Assert.True(double.IsFinite(row.Median), row.What);
            Assert.True(row.P99 is null || row.P99 >= row.Median, row.What);
        });
        Assert.NotEmpty(output.Said);
    }

    [Fact]
    public void A_budget_is_reached_only_if_median_and_tail_are_within_it()
    {
        var row = new BenchRow("c", "", "", 200, 900, "ms") { Budget = 300, BudgetP99 = 1_000 };
        Assert.True(row.Reached);
        Assert.False((row with { Median = 301 }).Reached);
        Assert.False((row with { P99 = 1_001 }).Reached);
        Assert.Null((row with { Budget = null, BudgetP99 = null }).Reached);
    }

    private sealed class Kept : IBenchOutput
    {
        public List<BenchRow> Rows { get; } = [];

        public List<string> Said { get; } = [];

        public void Row(BenchRow row) => Rows.Add(row);

        public void Say(string what) => Said.Add(what);
    }
}
