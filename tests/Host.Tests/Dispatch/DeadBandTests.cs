using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// Step 8 of control.md on a site whose single boards are much smaller than its bands: a rise below 0.5 % of full waits, and a fall below
/// 0.3 %, unless the meter is over the cap or the cap changed. And rises are orders a few seconds apart, not one in each round.
/// </summary>
public sealed class DeadBandTests
{
    private const double RiseBand = 0.005;
    private const double FallBand = 0.003;

    /// <summary>One board's step is at most a tenth of a percent of this site.</summary>
    private static ToySite Large(int pods = 4) => new ToySite(240, pods, change: o => o with { SpreadS = 1, RampS = 2, RampUpWPerS = 400 }).UpAndRunning();

    // What the boards draw against what they were ordered moves slowly, so that what is wanted passes through each band.
    private static void Drift(ToySite site, double to, int seconds, Action eachSecond)
    {
        double step = (to - site.MeterFactor) / seconds;
        for (int i = 0; i < seconds; i++)
        {
            site.MeterFactor += step;
            site.Run(1);
            eachSecond();
        }
    }

    [Fact]
    public void Step_8_small_corrections_wait_in_both_directions_and_larger_ones_leave()
    {
        ToySite site = Large();
        site.Limit(0.6 * site.FullW);
        site.Run(90);
        double full = site.Dispatcher.Picture.FullW;
        double ordered = site.Dispatcher.Picture.OrderedW;
        List<double> rises = [];
        List<double> falls = [];
        void Note()
        {
            DispatchPicture now = site.Dispatcher.Picture;
            Assert.True(now.MeterW <= now.Cap.W, "the drift is too quick for this test");
            double moved = now.OrderedW - ordered;
            ordered = now.OrderedW;
            if (moved != 0)
            {
                (moved > 0 ? rises : falls).Add(Math.Abs(moved));
            }
        }

        Drift(site, 1.03, 150, Note);
        Drift(site, 1.03, 20, Note);
        Assert.True(ordered - site.Dispatcher.Picture.WantW < FallBand * full, "a fall beyond its band waits");
        Drift(site, 0.97, 300, Note);
        Drift(site, 0.97, 20, Note);
        Assert.True(site.Dispatcher.Picture.WantW - ordered < (RiseBand + 0.0015) * full, "a rise beyond its band waits");
        Assert.True(falls.Count >= 3 && rises.Count >= 3, falls.Count + " falls, " + rises.Count + " rises");
        Assert.True(rises.Min() >= RiseBand * full, "a rise of " + rises.Min() + " W of " + full);
        Assert.True(falls.Min() >= FallBand * full, "a fall of " + falls.Min() + " W of " + full);
    }

    [Fact]
    public void Step_8_a_meter_over_the_cap_is_corrected_however_little_there_is_to_correct()
    {
        ToySite site = Large();
        site.Limit(0.6 * site.FullW);
        site.Run(90);
        int small = 0;
        double ordered = site.Dispatcher.Picture.OrderedW;

        // Each second a little more beyond the cap than the free percent: the first corrections are smaller than the band.
        site.MeterFactor = 1.0125;
        for (int i = 0; i < 12; i++)
        {
            site.Run(1);
            DispatchPicture now = site.Dispatcher.Picture;
            if (now.MeterW > now.Cap.W && now.WantW < ordered)
            {
                small += ordered - now.WantW < FallBand * now.FullW ? 1 : 0;
                Assert.True(now.OrderedW <= now.WantW, now.OrderedW + " W ordered, " + now.WantW + " W wanted");
            }

            ordered = now.OrderedW;
        }

        Assert.True(small > 0, "no correction was within the band");
    }

    [Fact]
    public void Step_8_a_lower_cap_is_obeyed_however_little_lower_and_a_slightly_higher_one_waits()
    {
        ToySite site = Large();
        double cap = Math.Round(0.6 * site.FullW);
        site.Limit(cap);
        site.Run(120);
        double full = site.Dispatcher.Picture.FullW;
        double lower = Math.Round(cap - (0.002 * full));
        double before = site.Dispatcher.Picture.OrderedW;
        site.Limit(lower);
        Assert.True(site.Dispatcher.Picture.WantW < before, "nothing to correct");
        Assert.True(before - site.Dispatcher.Picture.WantW < FallBand * full, "more than the band");
        Assert.True(site.Dispatcher.Picture.OrderedW <= site.Dispatcher.Picture.WantW);

        site.Run(60);
        before = site.Dispatcher.Picture.OrderedW;
        Assert.True(site.Dispatcher.Picture.WantW - before < 0.0015 * full, "not at the cap");
        site.Limit(lower + Math.Round(0.002 * full));
        site.Run(40);
        Assert.True(site.Dispatcher.Picture.WantW > before);
        Assert.Equal(before, site.Dispatcher.Picture.OrderedW);
        site.Limit(lower + Math.Round(0.02 * full));
        site.Run(40);
        Assert.True(site.Dispatcher.Picture.OrderedW >= before + (RiseBand * full));
    }

    [Fact]
    public void Step_8_holds_for_a_capped_pod_too()
    {
        ToySite site = Large(1);
        PodRecord pod = site.Context.Fleet.Pods[0];
        double full = pod.BoardList.Sum(b => b.AgreedLadder!.PowerMw(b.AgreedLadder.Count - 1) - b.AgreedLadder.PowerMw(0));
        double cap = Math.Round(0.6 * site.Boards.Where(b => b.Pod == "p1").Sum(b => b.PowerMw) / 1000);
        site.Limit(cap, node: "p1");
        site.Run(90);
        List<double> falls = [];
        long ordered = pod.OrderedMw;
        Drift(site, 1.04, 200, () =>
        {
            if (pod.OrderedMw < ordered)
            {
                falls.Add(ordered - pod.OrderedMw);
            }

            ordered = pod.OrderedMw;
        });
        Assert.True(falls.Count >= 2, falls.Count + " falls");
        Assert.True(falls.Min() >= FallBand * full, "a fall of " + falls.Min() + " mW of " + full);

        // A changed cap is not too small to be obeyed.
        site.Run(30);
        ordered = pod.OrderedMw;
        double lower = Math.Round(cap - 2);
        site.Limit(lower, node: "p1");
        Assert.InRange(ordered - pod.OrderedMw, 1, 0.01 * full);
    }

    [Fact]
    public void Step_6_rises_are_orders_five_seconds_apart()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 1, RampS = 1, RampUpWPerS = 8 }).UpAndRunning();
        site.Limit(120);
        site.Run(60);
        site.Desk.Release("a", "rest", true);
        List<long> rises = [];
        double ordered = site.Dispatcher.Picture.OrderedW;
        for (int i = 0; i < 600 && site.Dispatcher.Picture.OrderedW < site.Dispatcher.Picture.FullW; i++)
        {
            site.Run(0.1);
            if (site.Dispatcher.Picture.OrderedW > ordered)
            {
                rises.Add(site.NowMs);
            }

            ordered = site.Dispatcher.Picture.OrderedW;
        }

        Assert.True(rises.Count >= 5, rises.Count + " rises");
        Assert.All(rises.Zip(rises.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 5000, 7000));
    }
}
