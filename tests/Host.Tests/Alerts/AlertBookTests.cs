using Ballast.Host.Alerts;
using Ballast.Host.Dispatch;
using Ballast.Host.Options;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Alerts;

/// <summary>When people are told, in simulated seconds.</summary>
public sealed class AlertBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<(int AtS, AlertMessage Message)> _sent = [];
    private AlertBook _book = Book();
    private int _atS;

    private static AlertBook Book(AlertsSection? options = null)
        => new("demo", "h1", options ?? new AlertsSection { RaiseAfterS = 10, ClearAfterS = 30, RepeatMinutes = 10, GroupS = 5 });

    private static Alarm Up(string code, string subject = "") => new(code, "Something is wrong.", Start, true) { Subject = subject };

    private IEnumerable<string> Told => _sent.SelectMany(s => s.Message.Alerts.Select(a => s.AtS + " " + a.State + " " + a.Code));

    private void Run(int seconds, params Alarm[] up)
    {
        for (int i = 0; i < seconds; i++)
        {
            if (_book.Step(up, _atS * 1000L, Start.AddSeconds(_atS)) is { } message)
            {
                _sent.Add((_atS, message));
            }

            _atS++;
        }
    }

    [Fact]
    public void It_is_told_after_a_while_again_after_the_repeat_time_and_its_end_after_another_while()
    {
        Run(700, Up("meter-stale"));
        Run(100);
        Assert.Equal(["15 raised meter-stale", "615 repeated meter-stale", "735 cleared meter-stale"], Told);
    }

    [Fact]
    public void A_short_one_is_not_told_and_a_short_gap_ends_nothing()
    {
        Run(9, Up("meter-stale"));
        Run(100);
        Assert.Empty(_sent);
        Run(100, Up("journal"));
        Run(29);
        Run(100, Up("journal"));
        Assert.Equal(["124 raised journal"], Told);
    }

    [Fact]
    public void What_happens_together_is_one_message_with_the_gravest_first()
    {
        Run(3, Up("meter-stale"));
        Run(60, Up("meter-stale"), Up("journal"), Up("standby-gone", "h2"));
        AlertMessage message = Assert.Single(_sent).Message;
        Assert.Equal(["journal", "meter-stale", "standby-gone"], message.Alerts.Select(a => a.Code));
        Assert.Equal("[Ballast demo] journal, meter-stale, standby-gone", message.Subject());
        Assert.Contains("RAISED warning: standby-gone (h2)\n  Something is wrong.\n", message.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Subjects_are_told_apart_and_a_crowd_is_counted()
    {
        Run(60, [.. Enumerable.Range(0, 80).Select(i => Up("not-admitted", "p1/b" + i))]);
        AlertMessage message = Assert.Single(_sent).Message;
        Assert.Equal((50, 30), (message.Alerts.Count, message.More));
    }

    [Fact]
    public void Info_is_not_told_unless_asked_for_and_a_rule_mutes_hastens_or_weighs_one_code()
    {
        Run(100, Up("suspect", "p1/b1"), Up("ladder"));
        Assert.Empty(_sent);
        _book = Book(new AlertsSection
        {
            RaiseAfterS = 10,
            GroupS = 0,
            Rules = [new() { Code = "suspect", Severity = "critical", RaiseAfterS = 1 }, new() { Code = "journal", Mute = true }],
        });
        _atS = 0;
        Run(100, Up("suspect", "p1/b1"), Up("journal"));
        Assert.Equal(["1 raised suspect"], Told);
        Assert.Equal("critical", _sent[0].Message.Alerts[0].Severity);
    }

    [Fact]
    public void One_that_comes_and_goes_is_told_three_times_and_then_how_often_it_came()
    {
        for (int i = 0; i < 12; i++)
        {
            Run(12, Up("signal-broker"));
            Run(38);
        }

        Assert.Equal(AlertBook.MostRaises, Told.Count(t => t.Contains("raised", StringComparison.Ordinal)));
        Run(600, Up("signal-broker"));
        AlertNotice last = _sent[^1].Message.Alerts[0];
        Assert.Equal(("raised", 9), (last.State, last.Untold));

        // Said once: the next message does not count them again.
        Run(100);
        Assert.Equal(("cleared", 0), (_sent[^1].Message.Alerts[0].State, _sent[^1].Message.Alerts[0].Untold));
    }

    [Fact]
    public void Nobody_hears_of_one_alarm_more_than_eight_times_in_a_repeat_time_and_none_that_stays_is_lost()
    {
        const int Seed = 20260704;
        TestContext.Current.TestOutputHelper?.WriteLine("seed " + Seed);
        Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), Law).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(Seed, 7));
    }

    private static bool Law(int seed)
    {
        Random random = new(seed);
        int raise = random.Next(0, 20), clear = random.Next(0, 20), repeat = random.Next(1, 6), group = random.Next(0, 10);
        AlertBook book = Book(new AlertsSection { RaiseAfterS = raise, ClearAfterS = clear, RepeatMinutes = repeat, GroupS = group });
        List<int> told = [];
        bool isTold = false;
        int upSince = -1;
        int phaseEnds = 0;
        bool up = false;
        for (int s = 0; s < 3600; s++)
        {
            if (s == phaseEnds)
            {
                up = !up;

                // Some flap by the second, some by the minute, some stay.
                phaseEnds = s + random.Next(1, random.Next(3) switch { 0 => 4, 1 => 60, _ => 900 });
            }

            upSince = up ? (upSince < 0 ? s : upSince) : -1;
            Alarm[] active = up ? [Up("meter-stale")] : [];
            foreach (AlertNotice notice in book.Step(active, s * 1000L, Start.AddSeconds(s))?.Alerts ?? [])
            {
                told.Add(s);
                isTold = notice.State != "cleared";
            }

            // The longest wait: until the oldest of three raises no longer counts.
            if (upSince >= 0 && s - upSince > raise + (repeat * 60) + group + 1 && !isTold)
            {
                return false;
            }
        }

        return told.All(t => told.Count(o => o >= t && o < t + (repeat * 60)) <= 8);
    }
}
