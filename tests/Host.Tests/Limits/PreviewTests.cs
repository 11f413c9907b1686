using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Limits;

/// <summary>A preview is the decision without its effect.</summary>
public sealed class PreviewTests
{
    private static readonly Caller All = new(WhoMayWhat.RestSource, Rights.All);

    private static DecisionPreview Preview(ToySite site, string body) => site.Desk.Preview(Encoding.UTF8.GetBytes(body), All).Preview!;

    private static string Everything(ToySite site)
        => string.Join(';', site.Context.Fleet.Pods.Select(p => $"{p.Limit},{p.Share},{p.OrderId},{p.LastSeq}"))
            + string.Join(';', site.Context.Limits.All.Select(l => l.Entry + "" + l.State + l.Unreachable))
            + string.Join(';', site.Context.Fleet.Boards.Select(b => b.InCurve + "" + b.Phase)) + site.Dispatcher.Picture + site.Context.Gain.Gain + site.Log.Count + site.Journal.Log.Count;

    [Fact]
    public void It_shows_for_any_lower_limit_the_orders_that_the_real_one_then_gives_and_changes_nothing()
    {
        const int seed = 28;
        Random random = new(seed);
        for (int i = 0; i < 12; i++)
        {
            ToySite site = new ToySite(40, 4, seed: random.Next(), change: o => o with { Feeders = [new FeederSection { Id = "f1", Pods = ["p1", "p2"] }] }).UpAndRunning();
            if (random.Next(2) == 0)
            {
                site.Limit(random.Next(100, 400), node: "p3", id: "other");
                site.Run(60);
            }

            string node = new[] { "site", "f1", "p1", "p4" }[random.Next(4)];
            string orderClass = new[] { "economic", "reliability", "emergency" }[random.Next(3)];
            string body = string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"a\",\"class\":\"{orderClass}\",\"node\":\"{node}\",\"limitW\":{random.Next(0, node == "site" ? 500 : 80)}}}");
            string told = "seed " + seed + ", round " + i + ": " + body;
            string before = Everything(site);
            DecisionPreview preview = Preview(site, body);
            Assert.True(before == Everything(site), told);
            site.Desk.Take(Encoding.UTF8.GetBytes(body), All, null, site.Context.Clock.NowMs);
            foreach (PodRecord pod in site.Context.Fleet.Pods)
            {
                Assert.True(preview.Decision.Pods[pod.Index].ToLimitMjPerTh == pod.Limit, told + ": " + pod.Id + " previewed " + preview.Decision.Pods[pod.Index].ToLimitMjPerTh + ", ordered " + pod.Limit);
            }

            Events.EventTestsAccess.Same(preview.Decision, site, told);
        }
    }

    [Fact]
    public void It_names_boards_watts_hash_rate_and_who_is_skipped()
    {
        ToySite site = new ToySite().UpAndRunning();
        site.GoOffline(site.Boards[0]);
        site.Run(2);
        DecisionPreview preview = Preview(site, "{\"class\":\"economic\",\"limitW\":200}");
        Assert.True(preview.Binds && !preview.Unreachable);
        Assert.Equal(preview.Decision.BoardsShed, preview.Changes.Count);
        Assert.Equal(preview.Decision.ShedW, preview.Changes.Sum(c => c.FromW - c.ToW), 3);
        Assert.Equal(preview.Decision.HashLostGhs, preview.Changes.Sum(c => c.HashLostGhs));
        Assert.True(preview.Changes[0].FromW - preview.Changes[0].ToW >= preview.Changes[^1].FromW - preview.Changes[^1].ToW);
        Assert.Equal(1, preview.Decision.Skipped["offline"]);
        Assert.True(Preview(site, "{\"class\":\"economic\",\"limitW\":5}").Unreachable);
        site.Limit(100, id: "tight");
        Assert.False(Preview(site, "{\"class\":\"economic\",\"limitW\":300}").Binds);
    }

    [Fact]
    public void It_refuses_what_the_real_one_refuses()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult Try(string body, Rights rights) => site.Desk.Preview(Encoding.UTF8.GetBytes(body), new Caller("rest", rights)).Result;
        Assert.Equal("limitW", Try("{\"class\":\"economic\",\"limitW\":-1}", Rights.All).Fault!.Field);
        Assert.Equal("node", Try("{\"class\":\"economic\",\"limitW\":1,\"node\":\"p9\"}", Rights.All).Fault!.Field);
        Assert.Equal("op", Try("{\"op\":\"release\",\"id\":\"x\"}", Rights.All).Fault!.Field);
        Assert.Equal(LimitOutcome.Forbidden, Try("{\"class\":\"economic\",\"limitW\":1,\"durationS\":5}", Rights.Lower).Outcome);
        Assert.Equal(LimitOutcome.Forbidden, Try("{\"class\":\"economic\",\"limitW\":1}", Rights.None).Outcome);
        Assert.Empty(site.Context.Limits.All);
    }
}
