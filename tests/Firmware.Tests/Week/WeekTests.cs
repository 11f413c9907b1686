using Ballast.Hw.Boards;

namespace Ballast.Firmware.Tests.Week;

/// <summary>
/// Random faults, orders and attacks in simulated time, from a seed. At every step S01 to S15 and S20 are held against the model's true
/// state and against a second reading of the contract. A failure names seed, step and rule; the seed repeats the run.
/// </summary>
public class WeekTests(ITestOutputHelper output)
{
    private static readonly string[] Models = [BitaxeGamma.Model, NerdQAxePlusPlus.Model, BitaxeHex.Model, BitaxeUltra.Model];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_hour_of_random_faults_breaks_no_rule_S01_to_S15(int seed) => Live(seed, 3_600_000, 12);

    /// <summary>A week for each of 200 seeds takes hours: BALLAST_WEEK_SEEDS takes fewer, from BALLAST_WEEK_FROM on.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(Setting("BALLAST_WEEK_FROM", 1), Setting("BALLAST_WEEK_SEEDS", 200))];

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Seeds))]
    public void A_week_of_random_faults_breaks_no_rule_S01_to_S15(int seed) => Live(seed, 7 * 24 * 3_600_000L, 1);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private void Live(int seed, long ms, double dose)
    {
        string model = Models[seed % Models.Length];
        var board = new WeekBoard(model, seed, dose);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            board.Run(ms);
        }
        catch (RuleBrokenException e)
        {
            Assert.Fail($"seed {seed} ({model}), step {board.Steps}, {board.Clock.NowMs / 1000.0:F2} s: {e.Message}; faults now: {board.Faults.Now}; {board.Describe()}");
        }

        output.WriteLine($"seed {seed} ({model}): {board.Steps} steps, {board.PoweredMs * 100 / ms} % of the time with power, {board.Lives} starts, {watch.Elapsed.TotalSeconds:F1} s");
        output.WriteLine($"  {board.Host.Sent} messages, {board.Host.Attacks} attacks, {board.Reference.Admissions} admissions, {board.Reference.LeaseEnds} lease ends, {board.Points.FallsMet} falls met, {board.Throws} failures of the loop, {board.Stalls} stalls");
        output.WriteLine($"  faults: {string.Join(", ", board.Faults.Counts.Select(c => $"{c.Name} {c.Count}"))}");
        output.WriteLine($"  rules that had to act: {string.Join(", ", board.Rules.Acted.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}"))}; events: {string.Join(", ", board.Events.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}"))}");
        Assert.True(board.PoweredMs > ms / 10, $"seed {seed}: the time must not be spent asleep");
    }
}
