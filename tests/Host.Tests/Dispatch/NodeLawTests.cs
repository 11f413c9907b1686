using System.Globalization;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Laws of the tree: whatever caps and minimum loads a site has, no node is ordered above its cap.</summary>
public sealed class NodeLawTests
{
    [Fact]
    public void Step_7_no_node_is_over_its_cap_for_random_trees_caps_and_minimum_loads_S12()
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260303, 5);
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), NoNodeOver).Check(config);
    }

    private static bool NoNodeOver(int seed)
    {
        Random random = new(seed);
        int pods = random.Next(1, 7);
        SiteOptions options = Tree(random, ToySite.MakeOptions(pods * random.Next(2, 12), pods));
        DispatchContext context = new(options, new FakeTime(), new CurveTests.Nowhere(), new MemoryJournal(), 1);
        FillFleet(context, random);
        Membership membership = new(context);
        NodeBudgets budgets = new(context, membership, new RampBudget(context));
        OrderSolver solver = new(context, budgets);
        context.Salt = (uint)random.NextInt64(0, 1L << 32);
        context.Curve.Refresh(context.Salt);
        membership.Sum(0);
        double gain = 0.9 + (random.NextDouble() * 0.6);
        budgets.Set(gain, true);
        long budget = random.NextInt64(-1, context.Curve.FullMw + 1000);
        NodeCap none = context.Limits.CapOf(context.Tree.Site);
        solver.Solve(budget, none);
        long Asked(LimitNode node) => node.Pods.Sum(p => context.Curve.AskedMw(p, solver.Targets[p.Index].Limit, solver.Targets[p.Index].Share));
        string story = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {pods} pods, budget {budget}");
        Assert.True(Asked(context.Tree.Site) <= Math.Max(0, budget), story + ": site asks " + Asked(context.Tree.Site));
        Assert.Equal(solver.AskedMw, Asked(context.Tree.Site));
        foreach ((LimitNode node, NodeBudget own) in budgets.All)
        {
            Assert.True(Asked(node) <= Math.Max(0, own.MostMw), story + ": " + node.Id + " asks " + Asked(node) + " of " + own.MostMw);
        }

        // A minimum load takes from neighbours and adds nothing: without minimums the site would ask no less.
        long with = solver.AskedMw;
        long largest = context.Curve.LargestBoardMw;
        foreach (NodeBudget own in budgets.All.Values)
        {
            own.LeastMw = 0;
        }

        solver.Solve(budget, none);
        return with <= Math.Max(0, budget) && with <= solver.AskedMw + (largest * pods * 2);
    }

    [Fact]
    public void A_pod_with_a_minimum_load_gets_it_from_its_neighbour_under_a_binding_cap()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 2, Pods = [.. o.Pods.Select((p, i) => i == 0 ? p with { MinW = 150 } : p)] }).UpAndRunning();
        site.Limit(230);
        site.Run(200);
        double p1 = Watts(site, "p1");
        Assert.InRange(p1, 140, 185);
        Assert.True(site.PowerW <= 234.6, "site " + site.PowerW);
        Assert.True(Watts(site, "p2") < 90, "p2 " + Watts(site, "p2"));

        // Caps win: its own, and one above it that leaves less.
        site.Limit(60, node: "p1", id: "own");
        site.Run(60);
        Assert.True(Watts(site, "p1") <= 61.2, "p1 " + Watts(site, "p1"));
        site.Desk.Release("own", "rest", true);
        site.Limit(100, id: "a");
        site.Run(120);
        Assert.True(site.PowerW <= 102, "site " + site.PowerW);
    }

    [Fact]
    public void A_boards_minimum_load_lifts_its_pod_to_the_number_that_reaches_it()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 2, Pods = [.. o.Pods.Select((p, i) => i == 0 ? p with { Boards = [.. p.Boards.Select((b, n) => n == 3 ? b with { MinW = 8 } : b)] } : p)] }).UpAndRunning();
        ToyBoard board = site.Boards.Where(b => b.Pod == "p1").ElementAt(3);
        site.Limit(240);
        site.Run(200);
        Assert.True(board.PowerMw >= 8000, board.PowerMw + " mW");
        Assert.True(site.PowerW <= 244.8);
    }

    [Fact]
    public void The_rate_that_a_limit_names_holds_when_it_ends_and_the_sites_rate_otherwise()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 40, SpreadS = 1, RampS = 1 }).UpAndRunning();
        site.Limit(100, extra: ",\"rampUpWPerS\":2");
        site.Run(60);
        double low = site.PowerW;
        site.Desk.Release("a", "rest", true);
        site.Run(40);
        Assert.True(site.PowerW <= low + (42 * 2) + 20, low + " to " + site.PowerW);
        Assert.True(site.PowerW >= low + 30, low + " to " + site.PowerW);
        site.Run(240);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void The_rate_of_a_pods_limit_holds_for_that_pod_and_the_others_go_faster()
    {
        ToySite site = new ToySite(change: o => o with { RampUpWPerS = 40, SpreadS = 1, RampS = 1 }).UpAndRunning();
        site.Limit(40, node: "p1", id: "pod", extra: ",\"rampUpWPerS\":1");
        site.Limit(80, id: "site");
        site.Run(60);
        site.Desk.Release("site", "rest", true);
        site.Desk.Release("pod", "rest", true);
        double low = Watts(site, "p1");
        site.Run(40);
        Assert.True(Watts(site, "p1") <= low + 42 + 20, low + " to " + Watts(site, "p1"));
        Assert.True(Watts(site, "p2") > 180, "p2 " + Watts(site, "p2"));
    }

    private static double Watts(ToySite site, string pod) => site.Boards.Where(b => b.Pod == pod).Sum(b => b.PowerMw) / 1000;

    private static SiteOptions Tree(Random random, SiteOptions options)
    {
        List<FeederSection> feeders = [];
        List<string> free = [.. options.Pods.Select(p => p.Id)];
        while (free.Count > 0 && random.Next(3) > 0)
        {
            List<string> behind = [.. free.Take(random.Next(1, free.Count + 1))];
            free.RemoveAll(behind.Contains);
            feeders.Add(new FeederSection { Id = "f" + feeders.Count, Pods = behind, CapW = Cap(random, behind.Count * 120), MinW = Min(random, behind.Count * 100) });
        }

        return options with { Feeders = feeders, Pods = [.. options.Pods.Select(p => p with { CapW = Cap(random, 120), MinW = Min(random, 100) })] };
    }

    private static double? Cap(Random random, double most) => random.Next(2) == 0 ? null : random.NextDouble() * most;

    private static double Min(Random random, double most) => random.Next(2) == 0 ? 0 : random.NextDouble() * most;

    private static void FillFleet(DispatchContext context, Random random)
    {
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            CurveTests.Tell(context, board, ToySite.MakeLadder(random));
            board.InCurve = random.Next(8) > 0;
        }
    }
}
