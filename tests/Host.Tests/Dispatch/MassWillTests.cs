using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>
/// A broker that stalled lets go of everybody (F30): the host comes back to all boards' wills, and the boards some seconds later. What is
/// not heard of yet orders no fall for those seconds, as long as the meter proves the sum (S16).
/// </summary>
public sealed class MassWillTests
{
    private const double Cap = 400;
    private const int StallS = 30;

    private readonly ToySite _site = new(40, 2, change: o => o with { SpreadS = 2, CapW = Cap, RampUpWPerS = 50 });
    private double _least = double.MaxValue;
    private double _most;

    public MassWillTests()
    {
        _site.Run(400);
        Assert.InRange(_site.PowerW, 0.9 * Cap, Cap);
        _site.EachSecond = s => (_least, _most) = (Math.Min(_least, s.PowerW), Math.Max(_most, s.PowerW));
    }

    [Fact]
    public void F30_wills_of_boards_that_come_back_within_seconds_cost_no_watt_and_no_order()
    {
        double before = _site.PowerW;
        Stall();
        int from = _site.Log.Count;
        Back(boards: true);
        _site.Run(30);
        Assert.InRange(_least, 0.97 * before, Cap);
        Assert.InRange(_most, 0, 1.02 * Cap);
        Assert.Single(Contents(from));
    }

    [Fact]
    public void S17_boards_that_stay_away_are_counted_at_nameplate_after_five_seconds()
    {
        Stall();
        int from = _site.Log.Count;
        Back(boards: false);
        _site.Run(ReconnectGrace.BoardsMs / 1000.0 - 0.5);
        Assert.Single(Contents(from));
        _site.Run(2);
        Assert.True(Contents(from).Count > 1, "no fall for boards that nobody hears");
    }

    [Fact]
    public void S16_a_reading_over_the_cap_falls_at_once()
    {
        Stall();
        _site.BaseW = 60;
        int from = _site.Log.Count;
        long back = _site.NowMs;
        Back(boards: true);
        _site.Run(2.5);
        Assert.True(Contents(from).Count > 1, "no fall within 2.5 s of the reconnect although the meter is over the cap");
        Assert.True(_site.NowMs - back < ReconnectGrace.BoardsMs);
    }

    [Fact]
    public void S17_without_a_reading_nothing_proves_the_sum_and_orders_fall_after_two_seconds()
    {
        Stall();
        _site.MeterWorks = false;
        int from = _site.Log.Count;
        Back(boards: false);
        _site.Run(ReconnectGrace.MeterMs / 1000.0 - 0.5);
        Assert.Single(Contents(from));
        _site.Run(2);
        Assert.True(Contents(from).Count > 1, "no fall without a meter");
    }

    [Fact]
    public void S16_a_lower_cap_falls_at_once()
    {
        Stall();
        int from = _site.Log.Count;
        Back(boards: true);
        _site.Run(0.5);
        Assert.Single(Contents(from));
        _site.Limit(200);
        _site.Run(0.1);
        Assert.True(Contents(from).Count > 1, "the lower cap waited");
        _site.Run(25);
        Assert.InRange(_site.PowerW, 0, 1.02 * 200);
    }

    // The connection of each is gone for so long that the broker gives them up.
    private void Stall()
    {
        _site.BrokerDown();
        _site.Run(StallS);
    }

    private void Back(bool boards)
    {
        List<ToyBoard> all = _site.Boards;
        all.ForEach(b => b.Online = false);
        _site.Connect();
        all.ForEach(b => _site.Deliver(b, "state", "{\"online\":false,\"boardSerial\":\"s\"}", true));
        for (int i = 0; boards && i < all.Count; i++)
        {
            ToyBoard board = all[i];
            _site.At(1000 + (i * 3000 / all.Count), () =>
            {
                board.Online = true;
                board.Reconnect();
                _site.Deliver(board, "birth", board.Birth());
                _site.Deliver(board, "state", board.State());
                _site.Deliver(board, "telemetry", board.Telemetry(_site.NowMs));
            });
        }
    }

    // Contents of the first pod's orders; repeats are one.
    private List<(int, uint)> Contents(int from)
        => [.. _site.Log.Skip(from).Where(l => l.Topic.Contains("/p1/", StringComparison.Ordinal)).Select(l => l.Order).Where(o => o is not null).Select(o => (o!.LimitMjPerTh, o.Share)).Distinct()];
}
