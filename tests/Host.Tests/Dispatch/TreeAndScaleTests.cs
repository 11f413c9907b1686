using System.Globalization;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

public sealed class TreeAndScaleTests
{
    [Fact]
    public void Board_pod_feeder_and_site_caps_bind_at_once_and_each_holds()
    {
        ToySite site = new ToySite(40, 4, change: o => o with { Feeders = [new FeederSection { Id = "f1", Pods = ["p1", "p2"] }, new FeederSection { Id = "f2", Pods = ["p3", "p4"] }] }).UpAndRunning();
        site.Limit(40, node: "p1", id: "pod");
        site.Limit(110, node: "f1", id: "feeder");
        site.Limit(260, id: "site");
        ToyBoard single = site.Boards.First(b => b.Pod == "p3");
        site.Limit(7, node: single.Name, id: "board");
        site.Run(240);
        double Of(params string[] pods) => site.Boards.Where(b => pods.Contains(b.Pod)).Sum(b => b.PowerMw) / 1000;
        Assert.True(Of("p1") <= 40.8, "p1 " + Of("p1"));
        Assert.True(Of("p1", "p2") <= 112.2, "f1 " + Of("p1", "p2"));
        Assert.True(site.PowerW <= 265.2, "site " + site.PowerW);
        Assert.True(single.PowerMw <= 7140, "board " + single.PowerMw);
        Assert.True(Of("p1") > 30 && Of("p1", "p2") > 90 && site.PowerW > 225, string.Create(CultureInfo.InvariantCulture, $"unused: p1 {Of("p1"):0.0}, f1 {Of("p1", "p2"):0.0}, site {site.PowerW:0.0}"));
    }

    [Fact]
    public void Lasting_caps_of_the_configuration_hold_from_the_start()
    {
        ToySite site = new(24, 2, change: o => o with { Pods = [.. o.Pods.Select((p, i) => i == 0 ? p with { CapW = 90 } : p)] });
        site.Run(300);
        Assert.InRange(site.Boards.Where(b => b.Pod == "p1").Sum(b => b.PowerMw) / 1000, 70, 91.8);
        Assert.True(site.Boards.Where(b => b.Pod == "p2").Sum(b => b.PowerMw) / 1000 > 190);
    }
}
