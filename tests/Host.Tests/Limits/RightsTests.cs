using System.Net;
using System.Text;
using Ballast.Host.Events;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Limits;

/// <summary>Who may what, response profiles, drills, opt-outs, and an end without restoring.</summary>
public sealed class RightsTests
{
    private static readonly Caller All = new(WhoMayWhat.RestSource, Rights.All);

    private static LimitResult Take(ToySite site, string body, Caller? caller = null)
        => site.Desk.Take(Encoding.UTF8.GetBytes(body), caller ?? All, null, site.Context.Clock.NowMs);

    private static EventRecord Record(ToySite site, LimitResult result) => site.Context.Events.RecordOf(result.Limit!.Entry.EventId)!;

    private static ToySite WithProfiles() => new(change: o => o with
    {
        Profiles =
        [
            new ProfileSection { Name = "evening", Class = "economic", MaxDurationS = 100, RampUpWPerS = 2 },
            new ProfileSection { Name = "pod-relief", Class = "reliability", Scope = ["p1"] },
        ],
    });

    [Theory]
    [InlineData("127.0.0.1", true, Rights.All)]
    [InlineData("::1", true, Rights.All)]
    [InlineData("::ffff:127.0.0.1", true, Rights.All)]
    [InlineData("127.0.0.1", false, Rights.Read | Rights.Lower | Rights.Operate | Rights.Admin)]
    [InlineData("10.0.0.7", true, Rights.Read)]
    [InlineData("::ffff:10.0.0.7", true, Rights.Read)]
    public void Until_there_are_keys_this_machine_may_all_that_is_configured_and_others_may_read(string address, bool mayRaise, Rights expected)
        => Assert.Equal(expected, WhoMayWhat.OfRest(IPAddress.Parse(address), mayRaise).Rights);

    [Fact]
    public void Lowering_raising_and_abandoning_are_separate_rights()
    {
        ToySite site = new ToySite().UpAndRunning();
        Caller reader = new("rest", Rights.None);
        Caller lower = new("rest", Rights.Lower);
        Caller raise = new("rest", Rights.Lower | Rights.Raise);
        Assert.Equal(LimitOutcome.Forbidden, Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":200}", reader).Outcome);
        Assert.Empty(site.Context.Limits.All);
        Assert.Equal(LimitOutcome.Created, Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":200}", lower).Outcome);
        Assert.Equal("limitW", Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":300}", lower).Fault!.Field);
        Assert.Equal(LimitOutcome.Created, Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":300}", raise).Outcome);
        Assert.Equal(LimitOutcome.Forbidden, site.Desk.Release("a", lower).Outcome);
        Assert.Equal(LimitOutcome.Forbidden, site.Desk.Abandon("a", raise, "why").Outcome);
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("a", raise).Outcome);
    }

    [Fact]
    public void An_abandoned_event_is_over_and_gives_no_watt_back_until_somebody_lifts_the_hold()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult taken = Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":200}");
        site.Run(60);
        double low = site.PowerW;
        Assert.Equal(LimitOutcome.Released, site.Desk.Abandon("a", All, "pump failed").Outcome);
        Assert.Equal("cancelled", Record(site, taken).State);
        Assert.Equal("abandoned by rest: pump failed", Record(site, taken).EndedBy);
        double high = low;
        site.EachSecond = s => high = Math.Max(high, s.PowerW);
        site.Run(120);
        site.HostAlive = false;
        site.NewHost();
        site.Run(120);
        Assert.True(high <= low + 0.5, low + " rose to " + high);
        site.EachSecond = null;
        site.Dispatcher.SetHold(false);
        site.Run(300);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void A_profile_gives_class_scope_ramp_and_longest_duration()
    {
        ToySite site = WithProfiles().UpAndRunning();
        LimitResult taken = Take(site, "{\"id\":\"a\",\"profile\":\"evening\",\"limitW\":200}");
        Assert.Equal(LimitOutcome.Created, taken.Outcome);
        Assert.Equal("evening", Record(site, taken).Profile);
        Assert.Equal(100_000, taken.Limit!.Entry.EndUtcMs - taken.Limit.Entry.StartUtcMs);
        site.Run(105);
        double before = site.PowerW;
        site.Run(60);
        Assert.True(site.PowerW - before <= (2 * 62) + 10, "rose " + (site.PowerW - before) + " W in 60 s at 2 W/s");
        site.Run(400);
        Assert.Equal("completed", Record(site, taken).State);
        LimitResult pod = Take(site, "{\"id\":\"b\",\"profile\":\"pod-relief\",\"limitW\":50}");
        Assert.Equal(("p1", Wire.OrderClass.Reliability), (pod.Limit!.Node.Id, pod.Limit.Class));
    }

    [Theory]
    [InlineData("{\"profile\":\"morning\",\"limitW\":5}", "profile", "use one of evening, pod-relief")]
    [InlineData("{\"profile\":\"evening\",\"class\":\"emergency\",\"limitW\":5}", "class", "is economic")]
    [InlineData("{\"profile\":\"evening\",\"durationS\":101,\"limitW\":5}", "durationS", "at most 100 s")]
    [InlineData("{\"profile\":\"evening\",\"rampUpWPerS\":3,\"limitW\":5}", "rampUpWPerS", "at most 2 W/s")]
    [InlineData("{\"profile\":\"pod-relief\",\"node\":\"p2\",\"limitW\":5}", "node", "'p2' is not")]
    [InlineData("{\"profile\":\"pod-relief\",\"node\":\"site\",\"limitW\":5}", "node", "'site' is not")]
    [InlineData("{\"profile\":7,\"limitW\":5}", "profile", "GET /api/profiles")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"test\":1}", "test", "drill")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"start\":\"2020-01-01T00:00:00Z\",\"durationS\":60}", "durationS", "is over")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"start\":\"9999-12-31T23:59:59Z\",\"durationS\":315360000}", "start", "2200")]
    [InlineData("{\"class\":\"economic\",\"limitW\":5,\"reason\":\"\\ud800\"}", "", "UTF-8")]
    public void F7_what_does_not_fit_is_refused_with_its_field_and_nothing_changes(string body, string field, string words)
    {
        ToySite site = WithProfiles();
        site.Run(30);
        LimitResult result = Take(site, body);
        Assert.Equal((LimitOutcome.Invalid, field), (result.Outcome, result.Fault!.Field));
        Assert.Contains(words, result.Fault.Sentence, StringComparison.Ordinal);
        Assert.Empty(site.Context.Limits.All);
    }

    [Fact]
    public void A_drill_takes_the_same_way_is_marked_everywhere_and_may_not_replace_a_real_limit()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult drill = Take(site, "{\"id\":\"d\",\"class\":\"reliability\",\"limitW\":200,\"test\":true,\"reason\":\"drill\"}");
        site.Run(40);
        Assert.True(site.PowerW <= 204);
        Assert.True(Record(site, drill).Test && site.Journal.FindEvent(drill.Limit!.Entry.EventId)!.Test);
        Assert.StartsWith("TEST: ", site.Dispatcher.Picture.Cap.Why, StringComparison.Ordinal);
        Take(site, "{\"id\":\"r\",\"class\":\"economic\",\"limitW\":100}");
        Assert.Equal("id", Take(site, "{\"id\":\"r\",\"class\":\"economic\",\"limitW\":300,\"test\":true}").Fault!.Field);
        site.Run(40);
        Assert.True(site.PowerW <= 102);
    }

    [Fact]
    public void A_pod_that_is_opted_out_keeps_its_watts_while_others_can_give_them_and_the_limit_holds()
    {
        ToySite site = new ToySite().UpAndRunning();
        double Of(string pod) => site.Boards.Where(b => b.Pod == pod).Sum(b => b.PowerMw) / 1000;
        double before = Of("p1");
        LimitResult taken = Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":300}");
        string id = taken.Limit!.Entry.EventId;
        site.Run(40);
        Assert.True(Of("p1") < 0.9 * before);
        Assert.Equal(LimitOutcome.Created, site.Desk.OptOut(id, "p1", "acceptance test", All).Outcome);
        double high = 0;
        site.EachSecond = s => high = Math.Max(high, s.PowerW);
        site.Run(200);
        Assert.True(Of("p1") > 0.98 * before, before + " became " + Of("p1"));
        Assert.True(high <= 306, "site " + high);
        EventRecord record = Record(site, taken);
        Assert.Equal(12, record.Boards["excluded"]);
        Assert.Contains(record.Exceptions, e => e.Reason == "opted out");
        Assert.Equal("acceptance test", Assert.Single(record.OptOuts).Reason);
        Take(site, "{\"id\":\"b\",\"class\":\"economic\",\"limitW\":100}");
        site.Run(60);
        Assert.True(site.PowerW <= 102, "the limit is harder than the opt-out: " + site.PowerW);
        site.EachSecond = null;
    }

    [Fact]
    public void Nobody_is_opted_out_of_an_emergency_or_of_a_limit_on_its_own_pod()
    {
        ToySite site = new ToySite().UpAndRunning();
        string emergency = Take(site, "{\"id\":\"e\",\"class\":\"emergency\",\"limitW\":100}").Limit!.Entry.EventId;
        Assert.Contains("everybody", site.Desk.OptOut(emergency, "p1", "no", All).Fault!.Sentence, StringComparison.Ordinal);
        string pod = Take(site, "{\"id\":\"p\",\"class\":\"economic\",\"node\":\"p1\",\"limitW\":50}").Limit!.Entry.EventId;
        Assert.Contains("itself", site.Desk.OptOut(pod, "p1", "no", All).Fault!.Sentence, StringComparison.Ordinal);
        Assert.Equal("target", site.Desk.OptOut(pod, "p7", "no", All).Fault!.Field);
        Assert.Equal("id", site.Desk.OptOut("none", "p1", "no", All).Fault!.Field);
        Assert.Equal(LimitOutcome.Forbidden, site.Desk.OptOut(pod, "p2", "no", new Caller("rest", Rights.Lower)).Outcome);
    }

    [Fact]
    public void F34_an_event_changed_or_deleted_in_the_middle_takes_effect_at_once_and_ramps_hold()
    {
        ToySite site = new ToySite().UpAndRunning();
        LimitResult first = Take(site, "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":300,\"durationS\":600}");
        site.Run(30);
        LimitResult changed = Take(site, "{\"id\":\"a\",\"class\":\"reliability\",\"limitW\":150,\"durationS\":600}");
        site.Run(0.2);
        Assert.NotNull(Record(site, changed).Response.PublishedAfterMs);
        Assert.Equal("superseded", Record(site, first).State);
        site.Run(20);
        Assert.True(site.PowerW <= 153);
        double last = site.PowerW;
        double steepest = 0;
        site.EachSecond = s => (steepest, last) = (Math.Max(steepest, s.PowerW - last), s.PowerW);
        site.Desk.Release("a", All);
        Assert.Equal("restoring", Record(site, changed).State);
        site.Run(300);
        Assert.Equal("completed", Record(site, changed).State);
        Assert.True(steepest <= 60, steepest + " W in one second");
    }

    [Fact]
    public void F35_of_conflicting_limits_the_smallest_holds_and_the_reason_is_shown()
    {
        ToySite site = new ToySite().UpAndRunning();
        Take(site, "{\"id\":\"grid\",\"class\":\"reliability\",\"limitW\":250,\"reason\":\"feeder work\"}");
        site.Desk.Take(Encoding.UTF8.GetBytes("{\"id\":\"grid\",\"class\":\"economic\",\"limitW\":200,\"reason\":\"price\"}"), "market", false, null);
        site.Run(40);
        Assert.Equal((200, "limit grid of market: price"), (site.Dispatcher.Picture.Cap.W, site.Dispatcher.Picture.Cap.Why));
        Assert.Equal(2, site.Context.Limits.Open.Count());
        site.Desk.Release("grid", new Caller("rest", Rights.All));
        site.Run(1);
        Assert.Equal(250, site.Dispatcher.Picture.Cap.W);
    }
}
