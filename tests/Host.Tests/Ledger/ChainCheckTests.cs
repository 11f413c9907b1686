using Ballast.Host.Ledger;

namespace Ballast.Host.Tests.Ledger;

/// <summary>
/// Somebody with the file and the program's own hash function: every hash is right, and what the records say still does not fit together.
/// </summary>
public sealed class ChainCheckTests
{
    private const long Day = 86_400_000;
    private readonly ChainCheck _check = new(1, 1, LedgerHead.ZeroHash);
    private readonly LedgerState _state = new();
    private long _number;
    private string _head = LedgerHead.ZeroHash;

    // A record with the right number and hash.
    private LedgerFault? Add(string kind, string body, long segment = 1)
    {
        string line = LedgerRecord.Line(++_number, segment, segment * Day, kind, body);
        _head = LedgerHash.Next(_head, line);
        return _check.Take(_number, line, _head);
    }

    private LedgerFault? Begin(long segment = 1) => Add(RecordKind.State, LedgerJson.Text(_state.Body("key")), segment);

    private LedgerFault? Value(string value, long segment = 1)
    {
        ValueBody body = new("hold", value);
        _state.Values[body.Name] = value;
        return Add(RecordKind.Value, LedgerJson.Text(body), segment);
    }

    [Fact]
    public void Two_days_that_follow_from_each_other_are_proven()
    {
        Assert.Null(Begin());
        Assert.Null(Value("1"));
        Assert.Null(Begin(2));
        Assert.Null(Value("2", 2));
        Assert.Equal((2, 3, 4, "2"), (_check.Segment, _check.First, _check.Records, _check.State.Values["hold"]));
    }

    [Fact]
    public void A_segment_that_does_not_begin_with_what_holds_is_found()
        => Assert.Contains("must begin with a record of kind state", Value("1")!.What, StringComparison.Ordinal);

    [Fact]
    public void A_new_beginning_inside_a_segment_is_found()
    {
        Begin();
        Assert.Contains("stands inside a segment", Begin()!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_beginning_that_says_other_than_the_records_before_it_is_found()
    {
        Begin();
        Value("1");
        _state.Values["hold"] = "0";
        LedgerFault? fault = Begin(2);
        Assert.Equal((1, 3), (fault!.Segment, fault.Number));
        Assert.Contains("does not follow from the records before it", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_beginning_leaves_out_holds_no_more()
    {
        LedgerState state = new();
        state.Values["old"] = "1";
        string line = LedgerRecord.Line(1, 1, Day, RecordKind.State, LedgerJson.Text(new LedgerState().Body("key")));
        Assert.True(state.Apply(LedgerRecord.Parse(line)!));
        Assert.Empty(state.Values);
    }

    [Fact]
    public void An_anchor_that_differs_in_any_member_is_found()
    {
        Begin();
        Value("1");
        SegmentAnchor right = new("demo", 1, ChainCheck.DayOf(Day), 1, 2, LedgerHead.ZeroHash, _head, new Dictionary<string, long> { [RecordKind.State] = 1, [RecordKind.Value] = 1 }, "key");
        Assert.Null(_check.Compare(right));
        SegmentAnchor[] wrong =
        [
            right with { Segment = 2 }, right with { First = 2 }, right with { Last = 3 }, right with { Previous = _head }, right with { Head = LedgerHead.ZeroHash },
            right with { Day = ChainCheck.DayOf(2 * Day) }, right with { Kinds = new Dictionary<string, long> { [RecordKind.State] = 1, [RecordKind.Value] = 2 } },
        ];
        Assert.All(wrong, a => Assert.NotNull(_check.Compare(a)));
    }
}
