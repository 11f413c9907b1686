using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Host.Signals;
using Ballast.Host.Tests.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Faults;

/// <summary>F26 at the host: what was captured on `grid/signal` and sent again. F16: boards whose clocks are unknown.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void F26_a_signal_captured_before_a_restart_is_refused_after_it()
    {
        ToySite site = new ToySite(change: MonthTests.WithSource).UpAndRunning();
        SignalDesk desk = SourceSite.Book(site).Signals;
        List<byte[]> captured = [];
        byte[] Send(uint seq, string op, string rest)
        {
            byte[] message = MonthTests.Signal(site.Time, seq, op, rest);
            captured.Add(message);
            Assert.True(desk.Take(message, false).Taken);
            return message;
        }

        const string Limit = ",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":";
        Send(1, "set", ",\"id\":\"a\"" + Limit + "300");
        Send(2, "release", ",\"id\":\"a\"");
        Send(3, "set", ",\"id\":\"a\"" + Limit + "200");
        site.Run(5);
        site.KillHost();
        site.NewHost();
        desk = SourceSite.Book(site).Signals;
        foreach (byte[] message in captured)
        {
            SignalVerdict verdict = desk.Take(message, false);
            Assert.False(verdict.Taken);
            Assert.Contains("seq", verdict.Sentence, StringComparison.Ordinal);
        }

        ActiveLimit kept = Assert.Single(site.Context.Limits.Open);
        Assert.Equal((200, EventState.Active), (kept.LimitW, kept.State));
        Assert.True(desk.Take(MonthTests.Signal(site.Time, 4, "heartbeat"), false).Taken);
    }

    [Fact]
    public void F16_what_a_board_says_counts_from_its_arrival_whatever_time_the_board_believes_it_is()
    {
        CoreSite site = new CoreSite().UpAndRunning();
        ToyBoard mute = site.Boards[0];
        mute.Mute = true;
        site.Run(60);
        BoardRecord board = site.Core.Context.Fleet.Find(mute.Name)!;
        Assert.False(board.IsFresh(site.NowMs));
        foreach (string time in (string[])["\"sent\":1", "\"sent\":99999999999999", "\"utc\":\"1970-01-01T00:00:00Z\"", "\"utc\":null"])
        {
            site.Say(mute.Name + "/telemetry", "{\"mode\":\"running\",\"powerMw\":9000," + time + "}");
            site.Core.Round();
            Assert.True(board.IsFresh(site.Core.Context.Clock.NowMs), time);
            site.Run(26);
            Assert.False(board.IsFresh(site.Core.Context.Clock.NowMs), time);
        }
    }
}
