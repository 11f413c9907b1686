using System.Globalization;
using System.Text;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Limits;

/// <summary>What counts as a raise: it needs the right and the journal first (S19). And the fields of a request at their bounds.</summary>
public sealed class RaiseTests
{
    private readonly ToySite _site = new ToySite(4, 2).UpAndRunning();

    private string In(int seconds) => ",\"start\":\"" + _site.Time.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) + "\"";

    private LimitResult Take(double watts, string node = "site", string extra = "", bool mayRaise = false) => _site.Limit(watts, "reliability", node, extra: extra, mayRaise: mayRaise);

    [Fact]
    public void S19_a_higher_limit_in_place_of_a_lower_one_waits_for_the_journal_and_changes_nothing_without_it()
    {
        Assert.Equal(LimitOutcome.Created, Take(30).Outcome);
        _site.Journal.Fails = true;
        Assert.Equal(LimitOutcome.JournalDown, Take(40, mayRaise: true).Outcome);
        Assert.Equal(30, _site.Context.Limits.CapOf(_site.Context.Tree.Site).W);
        Assert.Equal(LimitOutcome.NotDurable, Take(20).Outcome);
        Assert.Equal(20, _site.Context.Limits.CapOf(_site.Context.Tree.Site).W);
    }

    [Fact]
    public void Without_the_right_a_limit_is_neither_raised_nor_moved_nor_put_off_nor_let_end()
    {
        Assert.Equal(LimitOutcome.Created, Take(30).Outcome);
        Assert.Equal((LimitOutcome.Forbidden, "limitW"), Of(Take(31)));
        Assert.Equal((LimitOutcome.Forbidden, "limitW"), Of(Take(30, node: "p1")));
        Assert.Equal((LimitOutcome.Forbidden, "limitW"), Of(Take(30, extra: In(60))));
        Assert.Equal((LimitOutcome.Forbidden, "durationS"), Of(Take(30, extra: ",\"durationS\":60")));
        Assert.Equal((30, "site"), (_site.Context.Limits.Find("a")!.LimitW, _site.Context.Limits.Find("a")!.Node.Id));
        Assert.Equal(LimitOutcome.Created, Take(30).Outcome);
    }

    [Fact]
    public void A_source_ends_its_own_limits_only_and_the_operators_interface_any()
    {
        Assert.Equal(LimitOutcome.Created, _site.Desk.Take("{\"id\":\"g\",\"class\":\"economic\",\"limitW\":30}"u8.ToArray(), "tso", true, null).Outcome);
        Assert.Equal(LimitOutcome.NotFound, _site.Desk.Release("g", "other", true).Outcome);
        Assert.Equal(LimitOutcome.Released, _site.Desk.Release("g", "rest", true).Outcome);
    }

    [Fact]
    public void The_same_Idempotency_Key_of_two_sources_is_chance()
    {
        byte[] body = Encoding.ASCII.GetBytes("{\"class\":\"economic\",\"limitW\":30}");
        LimitResult grid = _site.Desk.Take(body, WhoMayWhat.GridSource, true, "k1");
        LimitResult operators = _site.Desk.Take(body, WhoMayWhat.RestSource, true, "k1");
        Assert.Equal((LimitOutcome.Created, LimitOutcome.Created), (grid.Outcome, operators.Outcome));
        Assert.NotEqual(grid.Limit!.Entry.EventId, operators.Limit!.Entry.EventId);
        Assert.Equal(grid.Limit, _site.Desk.Take(body, WhoMayWhat.GridSource, true, "k1").Limit);
    }

    [Fact]
    public void A_pod_cannot_be_taken_out_of_a_limit_on_one_of_its_boards()
    {
        LimitResult taken = _site.Limit(5, "economic", "p1/" + _site.Options.Pods[0].Boards[0].Id);
        Assert.Equal(LimitOutcome.Created, taken.Outcome);
        LimitResult refused = _site.Desk.OptOut(taken.Limit!.Entry.EventId, "p1", "no", new Caller("rest", Rights.All));
        Assert.Equal((LimitOutcome.Invalid, "target"), Of(refused));
    }

    [Theory]
    [InlineData(",\"start\":\"2026-01-31\"", "start")]
    [InlineData(",\"start\":\"2026-01-31T13:00:00Z\",\"durationS\":1", "durationS")]
    public void F7_a_time_without_hours_or_one_that_is_over_is_refused(string extra, string field)
        => Assert.Equal((LimitOutcome.Invalid, field), Of(Take(30, extra: extra, mayRaise: true)));

    [Theory]
    [InlineData(-30, 30, LimitOutcome.Invalid)]
    [InlineData(-30, 31, LimitOutcome.Created)]
    public void F7_what_would_end_this_second_is_over(int startsIn, int durationS, LimitOutcome outcome)
        => Assert.Equal(outcome, Take(30, extra: In(startsIn) + ",\"durationS\":" + durationS, mayRaise: true).Outcome);

    [Theory]
    [InlineData(200, LimitOutcome.Created)]
    [InlineData(201, LimitOutcome.Invalid)]
    public void F7_a_reason_has_at_most_200_characters(int length, LimitOutcome outcome)
        => Assert.Equal(outcome, Take(30, extra: ",\"reason\":\"" + new string('x', length) + "\"").Outcome);

    private static (LimitOutcome Outcome, string Field) Of(LimitResult result) => (result.Outcome, result.Fault!.Field);
}
