using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Firmware.Tests.Week;

/// <summary>The watcher must see what it is there for: a part between board and model lies, so that the board does wrong, and the rule is named.</summary>
public class PlantedTests
{
    private static WeekBoard Running()
    {
        // A dose of next to nothing: no fault but the planted one.
        var board = new WeekBoard(BitaxeGamma.Model, 8, 1e-6);
        for (int i = 0; i < 20_000 && !(board.Rules.Powered && board.TrueKhz > 500_000); i++)
            board.Step();
        Assert.True(board.Rules.Powered);
        return board;
    }

    private static void Finds(WeekBoard board, string rule, int seconds)
    {
        RuleBrokenException e = Assert.Throws<RuleBrokenException>(() => board.Run(seconds * 1000L));
        Assert.Equal(rule, e.Rule);
    }

    [Fact]
    public void S03_a_sensor_that_says_cool_of_hot_chips_is_found()
    {
        WeekBoard board = Running();
        board.Agent.Board.ChipTemperature = new Calm();
        board.Sim.AmbientMilliC = 75_000;
        Finds(board, "S03", 600);
    }

    [Fact]
    public void S05_a_tach_that_lies_is_found()
    {
        WeekBoard board = Running();
        board.Agent.Board.Fans = new Turning(board.Agent.Board.Fans);
        board.Sim.Fans[0].Stuck = true;
        Finds(board, "S05", 20);
    }

    [Fact]
    public void S02_a_start_without_a_turning_fan_is_found()
    {
        WeekBoard board = Running();
        board.Agent.Board.Fans = new Turning(board.Agent.Board.Fans);
        board.Agent.Orders.SetLockout(true);
        board.Run(120_000);
        board.Sim.Fans[0].Stuck = true;
        board.Agent.Orders.SetLockout(false);
        Finds(board, "S02", 600);
    }

    [Fact]
    public void S06_a_regulator_that_hides_a_bad_supply_is_found()
    {
        WeekBoard board = Running();
        board.Agent.Board.Regulator = new Content(board.Agent.Board.Regulator);
        board.Sim.DroopMilliVolts = 700;
        Finds(board, "S06", 20);
    }

    [Fact]
    public void S13_a_board_that_does_not_see_its_curtail_input_is_found()
    {
        WeekBoard board = Running();
        board.Sim.Io.CurtailInput = new SimInputPin(true);
        board.Sim.CurtailInput.IsHigh = false;
        Finds(board, "S13", 20);
    }

    [Fact]
    public void S14_an_order_taken_that_nobody_may_have_sent_is_found()
    {
        WeekBoard board = Running();
        WeekMessage last = board.Taken.Last(t => t.Message.Dispatch != null).Message;
        last.Dispatch!.Seq += 1000;
        board.Link.Deliver(new WeekMessage { Topic = last.Topic, Bytes = board.Host.Sign(last.Dispatch) });
        Finds(board, "S14", 20);
    }

    [Fact]
    public void S12_an_order_that_the_board_never_heard_is_found()
    {
        WeekBoard board = Running();
        board.Points.Allow(0, board.Clock.NowMs, 500);
        Finds(board, "S12", 20);
    }

    [Fact]
    public void S12_a_board_that_was_locked_out_already_keeps_its_nonce_and_is_no_finding()
    {
        // A refused write makes the watcher unsure what a restart knows; the board knows its lock-out, and the host may admit it afterwards.
        WeekBoard board = Running();
        board.Host.Lock(true, board.Clock.NowMs);
        board.Run(30_000);
        board.Store.Refuses = true;
        board.Host.Lock(true, board.Clock.NowMs);
        board.Run(5000);
        board.Restart(true);
        board.Store.Refuses = false;
        board.Run(60_000);
        board.Host.Lock(true, board.Clock.NowMs);
        board.Run(30_000);
        Assert.False(board.Rules.Powered);
        board.Host.Lock(false, board.Clock.NowMs);
        board.Run(180_000);
        Assert.True(board.Rules.Powered);
        Assert.True(board.Reference.Admitted);
    }

    [Fact]
    public void S04_a_board_that_believes_a_dead_sensor_is_found()
    {
        WeekBoard board = Running();
        board.Host.Lock(true, board.Clock.NowMs);
        board.Run(60_000);
        board.Faults.Freeze();
        board.Agent.Board.ChipTemperature = new Calm();
        board.Run(60_000);
        board.Host.Lock(false, board.Clock.NowMs);
        Finds(board, "S04", 600);
    }

    [Fact]
    public void S01_a_board_that_touches_the_network_with_power_on_is_found()
    {
        WeekBoard board = Running();
        Assert.Equal("S01", Assert.Throws<RuleBrokenException>(() => board.Rules.CheckSafe("the network")).Rule);
    }

    private sealed class Calm : ITemperatureSensor
    {
        private int _reads;

        public int ChannelCount => 2;

        public PartStatus Configure() => PartStatus.Ok;

        public PartStatus ReadMilliC(int channel, out int milliC)
        {
            milliC = 40_000 + (++_reads % 7 * 200);
            return PartStatus.Ok;
        }
    }

    private sealed class Turning(IFanController fans) : IFanController
    {
        public int FanCount => fans.FanCount;

        public PartStatus Configure() => fans.Configure();

        public PartStatus SetDutyPercent(int fan, int percent) => fans.SetDutyPercent(fan, percent);

        public PartStatus ReadRpm(int fan, out int rpm)
        {
            rpm = 5000;
            return PartStatus.Ok;
        }
    }

    private sealed class Content(IRegulator regulator) : IRegulator
    {
        public PartStatus Configure() => regulator.Configure();

        public PartStatus SetMillivolts(int milliVolts) => regulator.SetMillivolts(milliVolts);

        public PartStatus Enable(bool on) => regulator.Enable(on);

        public PartStatus ClearFaults() => regulator.ClearFaults();

        public PartStatus Read(RegulatorReading into)
        {
            PartStatus status = regulator.Read(into);
            into.InputMilliVolts = 5000;
            into.OutputMilliVolts = 1150;
            return status;
        }

        public PartStatus ReadFaults(out RegulatorFaults faults)
        {
            faults = RegulatorFaults.None;
            return PartStatus.Ok;
        }
    }
}
