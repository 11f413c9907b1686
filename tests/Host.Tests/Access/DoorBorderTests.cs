using System.Net;
using Ballast.Host.Access;

namespace Ballast.Host.Tests.Access;

/// <summary>Limits of the door, at the last value that is within them and the first that is not.</summary>
public sealed class DoorBorderTests : IDisposable
{
    private static readonly IPAddress Caller = IPAddress.Parse("10.0.0.7");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-door-");
    private readonly MovedClock _clock = new();

    public void Dispose() => _folder.Delete(recursive: true);

    private SessionBook Book() => new(_folder.FullName, _clock);

    [Fact]
    public void A_session_ends_at_its_end_also_in_a_host_that_was_started_again()
    {
        DateTimeOffset ends = _clock.Now.AddHours(12);
        string value = Book().Open("k", ends);
        _clock.Now = ends.AddTicks(-1);
        Assert.Equal("k", Book().KeyOf(value));
        _clock.Now = ends;
        Assert.Null(Book().KeyOf(value));
    }

    [Fact]
    public void Two_hundred_sessions_go_on_and_one_more_ends_the_oldest_of_the_key_that_has_most()
    {
        SessionBook book = Book();
        string few = book.Open("few", _clock.Now.AddMinutes(1));
        List<string> many = [.. Enumerable.Range(1, 199).Select(i => book.Open("many", _clock.Now.AddHours(i)))];
        Assert.All(many.Append(few), value => Assert.NotNull(book.KeyOf(value)));
        string last = book.Open("few", _clock.Now.AddHours(1));
        Assert.Null(book.KeyOf(many[0]));
        Assert.All(many.Skip(1).Append(few).Append(last), value => Assert.NotNull(book.KeyOf(value)));
        Assert.All(many.Skip(1), value => Assert.Equal("many", Book().KeyOf(value)));
    }

    [Fact]
    public void Sessions_that_are_over_make_room_before_one_that_goes_on_is_ended()
    {
        SessionBook book = Book();
        book.Open("over", _clock.Now.AddMinutes(1));
        List<string> many = [.. Enumerable.Range(1, 199).Select(_ => book.Open("many", _clock.Now.AddHours(1)))];
        _clock.Now = _clock.Now.AddMinutes(1);
        string last = book.Open("many", _clock.Now.AddHours(1));
        Assert.All(many.Append(last), value => Assert.Equal("many", book.KeyOf(value)));
    }

    [Fact]
    public void Wrong_keys_are_forgotten_after_more_than_an_hour_of_peace_and_not_after_an_hour()
    {
        FailureGate gate = new(_clock);
        for (int i = 0; i < FailureGate.Free; i++)
        {
            gate.Fail(Caller, "");
        }

        _clock.Now = _clock.Now.AddHours(1);
        gate.Fail(Caller, "");
        Assert.Equal(2, gate.WaitS(Caller, ""));
        _clock.Now = _clock.Now.AddHours(1).AddTicks(1);
        gate.Fail(Caller, "");
        Assert.Equal(0, gate.WaitS(Caller, ""));
    }

    [Fact]
    public void A_wait_is_said_in_whole_seconds_and_is_over_with_its_last_moment()
    {
        FailureGate gate = new(_clock);
        for (int i = 0; i < FailureGate.Free + 2; i++)
        {
            gate.Fail(Caller, "");
        }

        DateTimeOffset open = _clock.Now.AddSeconds(4);
        _clock.Now = open.AddMilliseconds(-2001);
        Assert.Equal(3, gate.WaitS(Caller, ""));
        _clock.Now = open.AddTicks(-1);
        Assert.Equal(1, gate.WaitS(Caller, ""));
        _clock.Now = open;
        Assert.Equal(0, gate.WaitS(Caller, ""));
    }

    [Fact]
    public void Trust_is_for_the_one_key_at_the_one_address_and_of_a_thousand_the_one_used_longest_ago_goes()
    {
        FailureGate gate = new(_clock);
        IPAddress Address(int i) => new([10, 1, (byte)(i >> 8), (byte)i]);
        for (int i = 0; i < 1000; i++)
        {
            gate.Good(Address(i), "aaaaaaaa");
            _clock.Now = _clock.Now.AddSeconds(1);
        }

        // The first is used once more, so the second is the oldest.
        gate.Good(Address(0), "aaaaaaaa");
        gate.Good(Address(1000), "aaaaaaaa");
        for (int i = 0; i < 20; i++)
        {
            gate.Fail(IPAddress.Parse("10.2.0." + i), "aaaaaaaa");
            gate.Fail(Address(0), "bbbbbbbb");
        }

        Assert.Equal(0, gate.WaitS(Address(0), "aaaaaaaa"));
        Assert.Equal(0, gate.WaitS(Address(2), "aaaaaaaa"));
        Assert.Equal(0, gate.WaitS(Address(1000), "aaaaaaaa"));
        Assert.NotEqual(0, gate.WaitS(Address(1), "aaaaaaaa"));
        Assert.NotEqual(0, gate.WaitS(Address(0), "bbbbbbbb"));
    }

    [Fact]
    public void Wrong_secrets_are_told_first_then_each_longer_wait_then_each_hundredth()
    {
        FailureGate gate = new(_clock);
        int[] told = [.. Enumerable.Range(1, 320).Where(_ => gate.Fail(Caller, "") > 0)];
        Assert.Equal([1, .. Enumerable.Range(5, 15), 100, 200, 300], told);
    }

    [Fact]
    public void Connections_of_one_address_of_all_others_and_of_everybody_end_at_their_numbers()
    {
        ConnectionGate gate = new(["10.0.0.2"]);
        int Enter(string from, int wanted) => Enumerable.Range(0, wanted).Count(_ => gate.Enter(IPAddress.Parse(from)));
        Assert.Equal(250, Enter("10.0.0.3", 300));
        gate.Leave(IPAddress.Parse("10.0.0.3"));
        Assert.Equal(1, Enter("10.0.0.3", 5));
        Assert.Equal(550, Enter("10.0.0.2", 600));
        Assert.Equal(0, Enter("10.0.0.4", 5));
        Assert.Equal(200, Enter("127.0.0.1", 201));
        Assert.Equal(1000, gate.Count);
    }

    [Fact]
    public void A_key_is_good_before_its_end_and_not_at_it()
    {
        ApiKeyFile file = new(_folder.FullName);
        file.Add("k", AccessRole.Viewer, _clock.Now, _clock.Now.AddDays(1), out string text);
        ApiKeyBook book = new(file, _clock);
        _clock.Now = _clock.Now.AddDays(1).AddTicks(-1);
        Assert.NotNull(book.Check(text, out _, out bool expired));
        Assert.False(expired);
        _clock.Now = _clock.Now.AddTicks(1);
        Assert.Null(book.Check(text, out _, out expired));
        Assert.True(expired);
    }

    [Fact]
    public void A_minute_of_refusals_ends_after_a_minute_and_has_twenty_records_and_forty_groups()
    {
        RefusalBook book = new();
        DateTimeOffset utc = _clock.Now;
        AuditBody Body(int i) => new("refused", "", "", "10.0.0." + i, "", 401);
        List<AuditBody> first = [.. Enumerable.Range(0, 45).SelectMany(i => book.Note(Body(i), 1000, utc))];
        Assert.Equal(RefusalBook.MostSingle, first.Count);

        // The last millisecond of the minute is still of it.
        Assert.Empty(book.Note(Body(0), 60_999, utc));
        List<AuditBody> next = book.Note(Body(0), 61_000, utc);
        Assert.Equal(1 + (RefusalBook.MostGroups - RefusalBook.MostSingle) + 1 + 1, next.Count);
        Assert.Equal(46, first.Count + next.Sum(b => b.LeftOut));
        Assert.Equal(0, next[^1].LeftOut);
    }
}
