using Ballast.Host.Web;

namespace Ballast.Host.Tests.Page;

/// <summary>What the host keeps of its watts, so that a page that is opened shows a past.</summary>
public sealed class LiveHistoryTests
{
    private const long Start = 1_700_000_010;

    private readonly LiveHistory _history = new();

    [Fact]
    public void A_quarter_of_an_hour_is_there_second_by_second()
    {
        Fill(2000);
        HistoryView view = _history.View(900);
        Assert.Equal(1, view.EveryS);
        Assert.Equal(900, view.At.Count);
        Assert.Equal(Start + 1999, view.At[^1]);
        Assert.Equal([.. Enumerable.Range(0, 900).Select(i => Start + 1100 + i)], view.At);
        Assert.All([view.CapW.Count, view.OrderedW.Count, view.MeteredW.Count, view.Metered.Count], c => Assert.Equal(900, c));
        Assert.Equal(1999, view.MeteredW[^1]);
        Assert.Null(view.CapW[^1]);
    }

    [Fact]
    public void It_never_grows_beyond_an_hour_of_seconds_and_a_day_of_steps()
    {
        Fill(100_000);
        Assert.Equal(3600, _history.View(3600).At.Count);
        HistoryView day = _history.View(86_400);
        Assert.Equal(15, day.EveryS);
        Assert.Equal(5760, day.At.Count);
    }

    [Fact]
    public void A_step_is_the_worst_of_its_seconds()
    {
        long step = Start - (Start % 15) + 15;
        _history.Add(new LiveSample(step, 500, 400, 300, true));
        _history.Add(new LiveSample(step + 1, 200, 450, 310, false));
        _history.Add(new LiveSample(step + 2, float.NaN, 100, 900, true));
        HistoryView view = _history.View(86_400);
        Assert.Equal([step], view.At);
        Assert.Equal((200.0, 450.0, 900.0, false), (view.CapW[0], view.OrderedW[0], view.MeteredW[0], view.Metered[0]));
    }

    [Fact]
    public void A_second_counts_once_and_a_clock_that_was_set_back_begins_it_anew()
    {
        Fill(100);
        _history.Add(new LiveSample(Start + 99, float.NaN, 1, 7777, true));
        Assert.Equal(99, _history.View(900).MeteredW[^1]);
        _history.Add(new LiveSample(Start - 5000, float.NaN, 1, 1, true));
        Assert.Equal([Start - 5000], _history.View(900).At);
        Assert.Single(_history.View(86_400).At);
    }

    private void Fill(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _history.Add(new LiveSample(Start + i, float.NaN, 5, i, true));
        }
    }
}
