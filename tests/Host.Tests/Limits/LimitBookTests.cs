using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Tests.Limits;

/// <summary>Which limit holds, asked of the book itself.</summary>
public sealed class LimitBookTests
{
    private readonly LimitNode _site = new(NodeKind.Site, "site", null, null);
    private readonly LimitBook _book = new();

    private ActiveLimit Limit(string id, double watts, OrderClass orderClass = OrderClass.Economic, long startMs = 0, long? endMs = null, EventState state = EventState.Active)
        => new(new JournaledLimit { EventId = id, Id = id, Source = "rest", Node = "site", Class = orderClass, LimitW = watts, StartUtcMs = startMs, EndUtcMs = endMs }, _site, state);

    [Fact]
    public void S12_of_equal_limits_the_faster_class_is_the_one_that_holds()
    {
        _book.Add(Limit("a", 100));
        _book.Add(Limit("b", 100, OrderClass.Emergency));
        _book.Add(Limit("c", 100, OrderClass.Reliability));
        Assert.Equal(("b", OrderClass.Emergency), (_book.CapOf(_site).Limit!.Entry.Id, _book.CapOf(_site).Class));
    }

    [Fact]
    public void S12_a_standing_cap_counts_only_below_the_limits()
    {
        _book.Add(Limit("a", 100));
        _book.SetStanding("air", new StandingCap("air", _site, 100, OrderClass.Reliability, "warm"));
        Assert.Equal("a", _book.CapOf(_site).Limit!.Entry.Id);
        _book.SetStanding("air", new StandingCap("air", _site, 200, OrderClass.Reliability, "warm"));
        Assert.Equal(100, _book.CapOf(_site).W);
        _book.SetStanding("air", new StandingCap("air", _site, 99, OrderClass.Reliability, "warm"));
        Assert.Equal((99, null, OrderClass.Reliability), (_book.CapOf(_site).W, _book.CapOf(_site).Limit, _book.CapOf(_site).Class));
        _book.SetStanding("air", null);
        Assert.Equal(100, _book.CapOf(_site).W);
    }

    [Fact]
    public void A_limit_starts_and_ends_at_its_millisecond()
    {
        ActiveLimit limit = Limit("a", 100, startMs: 1000, endMs: 5000, state: EventState.Scheduled);
        _book.Add(limit);
        Assert.Empty(_book.Advance(999));
        Assert.Equal([limit], _book.Advance(1000));
        Assert.Equal(100, _book.CapOf(_site).W);
        Assert.Empty(_book.Advance(4999));
        Assert.Equal([limit], _book.Advance(5000));
        Assert.Equal((EventState.Restoring, "its duration is over"), (limit.State, limit.Entry.EndedBy));
        Assert.False(_book.CapOf(_site).Holds);
    }

    [Fact]
    public void A_trial_leaves_the_book_as_it_was_whether_it_replaces_or_adds_and_when_it_fails()
    {
        ActiveLimit held = Limit("a", 100);
        _book.Add(held);
        Assert.Equal(50, _book.With(Limit("a", 50), () => _book.CapOf(_site).W));
        Assert.Equal(60, _book.With(Limit("b", 60), () => _book.CapOf(_site).W));
        Assert.Throws<TimeoutException>(() => _book.With<int>(Limit("a", 50), () => throw new TimeoutException()));
        Assert.Same(held, Assert.Single(_book.All));
    }

    [Fact]
    public void F7_a_full_book_takes_emergencies_and_replacements_up_to_twice_as_many()
    {
        for (int i = 0; i < LimitBook.MostOpen; i++)
        {
            _book.Add(Limit("l" + i, 100));
        }

        Assert.True(_book.IsFull("rest", "new", OrderClass.Reliability));
        Assert.False(_book.IsFull("rest", "l7", OrderClass.Reliability));
        Assert.False(_book.IsFull("rest", "new", OrderClass.Emergency));
        for (int i = 0; i < LimitBook.MostOpen; i++)
        {
            _book.Add(Limit("e" + i, 100, OrderClass.Emergency));
        }

        Assert.True(_book.IsFull("rest", "new", OrderClass.Emergency));
    }
}
