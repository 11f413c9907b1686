using System.Text;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Faults;

/// <summary>F29 and F30: more arrives than the host can take in. Requests go first, the oldest telemetry goes, words stay.</summary>
public sealed class FloodTests
{
    private static string Telemetry(int powerMw) => "{\"powerMw\":" + powerMw + ",\"mode\":\"running\",\"admitted\":true,\"bootNonce\":1}";

    [Fact]
    public void F29_a_limit_is_taken_and_its_orders_leave_in_the_first_round_of_a_telemetry_storm()
    {
        CoreSite site = new CoreSite().UpAndRunning();
        for (int i = 0; i < 200_000; i++)
        {
            site.Say("p1/b00/telemetry", Telemetry(9000 + (i % 1000)));
        }

        long published = site.Published;
        Task<LimitResult> asked = site.Core.Ask(c => c.Desk.Take(CoreSite.Body(20, "flood", "reliability"), "rest", true, null));
        site.Core.Round();
        Assert.True(asked.IsCompletedSuccessfully);
        Assert.True(site.Published > published, "no order left");
        site.Run(5);
        Assert.True(site.PowerW <= 20.4, site.PowerW + " W");
    }

    [Fact]
    public void F29_a_signed_limit_does_not_wait_behind_a_telemetry_storm()
    {
        CoreSite site = new CoreSite(change: MonthTests.WithSource).UpAndRunning();
        for (int i = 0; i < 20_000; i++)
        {
            site.Say("p1/b00/telemetry", Telemetry(9000));
            site.Say("p1/b00/event", "{}");
        }

        site.Say("grid/signal", MonthTests.Signal(site, 1, "set", ",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":20"));
        site.Core.Round();
        Assert.Single(site.Core.Context.Limits.Open);
    }

    [Fact]
    public void F30_the_oldest_telemetry_goes_words_of_boards_stay_and_an_alarm_says_so_until_it_is_over()
    {
        CoreSite site = new CoreSite().UpAndRunning();
        int most = site.Core.Inbox.Most(Lane.Telemetry);
        site.Say("p1/b02/state", "{\"online\":false,\"boardSerial\":\"s\"}");
        for (int i = 0; i < most + 5000; i++)
        {
            site.Say("p1/b00/telemetry", Telemetry(i));
            Assert.InRange(site.Core.Inbox.Waiting(Lane.Telemetry), 0, most);
        }

        Assert.InRange(site.Core.Inbox.Dropped(Lane.Telemetry), 5000, 5010);
        Assert.Equal(0, site.Core.Inbox.Dropped(Lane.Words));
        site.Core.Round();
        Assert.Equal(most + 4999, site.Core.Context.Fleet.Find("p1/b00")!.PowerMw);
        Assert.False(site.Core.Context.Fleet.Find("p1/b02")!.Online);
        site.Run(2);
        Assert.True(site.Core.Context.Alarms.IsUp("inbox"));
        Assert.Contains("oldest telemetry", site.Core.Context.Alarms.All.Single(a => a.Code == "inbox").Text, StringComparison.Ordinal);
        site.Run(70);
        Assert.False(site.Core.Context.Alarms.IsUp("inbox"));
    }

    [Fact]
    public void F30_no_lane_grows_without_end_and_what_is_only_said_once_keeps_the_oldest()
    {
        CoreSite site = new CoreSite().UpAndRunning();
        byte[] payload = Encoding.ASCII.GetBytes("{}");
        for (int i = 0; i < 30_000; i++)
        {
            site.Say("p1/b00/ack", payload);
            site.Say("grid/signal", payload);
            site.Say("meter", payload);
        }

        Assert.All([Lane.Words, Lane.Signals, Lane.Readings], lane =>
        {
            Assert.InRange(site.Core.Inbox.Waiting(lane), 1, site.Core.Inbox.Most(lane));
            Assert.True(site.Core.Inbox.Dropped(lane) > 0);
        });
        site.Run(3);
        Assert.All(Enum.GetValues<Lane>(), lane => Assert.InRange(site.Core.Inbox.Waiting(lane), 0, 5));
        Assert.Contains("said only once were lost", site.Core.Context.Alarms.All.Single(a => a.Code == "inbox").Text, StringComparison.Ordinal);

        // The meter and the limits work on.
        Assert.Equal(LimitOutcome.Created, site.Limit(20).Outcome);
        site.Run(5);
        Assert.True(site.PowerW <= 20.4);
    }
}
