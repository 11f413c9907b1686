using System.Diagnostics;

namespace Ballast.Virtual.Bench;

/// <summary>(a) The host's choice for a new cap: how long it takes, and what it gives away against the best that watts can buy.</summary>
internal static class ChoicePart
{
    private const double BudgetMs = 10;
    private const double BudgetGap = 1e-4;

    public static void Run(BenchOptions options, IBenchOutput output)
    {
        foreach (int boards in (int[])[options.Size(1_000), options.Size(30_000), options.Size(600_000)])
        {
            output.Say($"(a) choice for {boards} boards");
            var site = new ChoiceSite(boards);
            Time(options, output, site, boards);
            Gap(output, site, boards);
            Compare(output, site, boards);
        }
    }

    private static void Time(BenchOptions options, IBenchOutput output, ChoiceSite site, int boards)
    {
        var build = new Timings();
        var next = new Timings();
        int builds = boards > 100_000 ? 3 : 10;
        for (int i = 0; i < builds + 2; i++)
        {
            long start = Stopwatch.GetTimestamp();
            site.Build();
            if (i >= 2)
                build.AddSince(start);
        }

        for (int i = 0; i < options.WarmUp + options.Orders; i++)
        {
            long cap = site.CapMw(5 + (i * 37 % 90));
            long start = Stopwatch.GetTimestamp();
            site.Choose(cap);
            if (i >= options.WarmUp)
                next.AddSince(start);
        }

        output.Row(new BenchRow("a", "choice for a new cap, curve at hand", Boards(boards), next.Median, next.P99, "ms", $"{next.Count} caps after {options.WarmUp} warm-up")
        {
            Budget = boards <= 30_000 ? BudgetMs : null,
        });
        output.Row(new BenchRow("a", "curve built, sorted and first choice", Boards(boards), build.Median, null, "ms", $"median of {builds} after 2 warm-up; once per change of membership"));
    }

    // Where many boards share the watts, the one step that the cap cuts weighs little; with few boards it is the whole gap.
    private static void Gap(IBenchOutput output, ChoiceSite site, int boards)
    {
        double worst = 0;
        double sum = 0;
        int count = 0;
        for (int percent = 10; percent <= 90; percent += 10)
        {
            long cap = site.CapMw(percent);
            site.Choose(cap);
            double gap = 1 - (site.Ordered() / site.Bound(cap));
            worst = Math.Max(worst, gap);
            sum += gap;
            count++;
        }

        output.Row(new BenchRow("a", "hash rate given away, worst of 9 caps", Boards(boards), worst, null, "of bound", FormattableString.Invariant($"mean {sum / count:0.0e+0}; bound: linear program that may split a step"))
        {
            Budget = boards is >= 30_000 ? BudgetGap : null,
        });
    }

    private static void Compare(IBenchOutput output, ChoiceSite site, int boards)
    {
        foreach (int percent in (int[])[25, 50, 75])
        {
            long cap = site.CapMw(percent);
            site.Choose(cap);
            double bound = site.Bound(cap) / 100;
            output.Row(new BenchRow("a", $"hash rate kept at a cap of {percent} % of the range", Boards(boards), site.Ordered() / bound, null, "% of bound",
                FormattableString.Invariant($"proportional {site.Proportional(cap) / bound:0.00}, on/off by efficiency {site.OnOff(cap, true) / bound:0.00}, on/off random {site.OnOff(cap, false) / bound:0.00}")));
        }
    }

    private static string Boards(int boards) => FormattableString.Invariant($"{boards} boards");
}
