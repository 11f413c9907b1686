using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Boards;

/// <summary>What the drivers of a whole board say to each fault that its model can have.</summary>
public class BoardFaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_dead_chip_fails_the_enumeration_and_is_named(int dead)
    {
        var bench = new BoardBench("nerdqaxe-plus-plus");
        bench.Sim.Bm13xx!.Chip(dead).Dead = true;
        bench.PowerUp();
        Assert.Equal(ChainState.Failed, bench.Board.Chain.State);
        Assert.Equal(3, bench.Board.Chain.ChipsFound);
        Assert.Contains("3 of 4", bench.Board.Chain.Fault);
    }

    [Fact]
    public void A_chain_broken_in_the_middle_shows_the_chips_before_the_break()
    {
        var bench = new BoardBench("bitaxe-hex");
        bench.Sim.Bm13xx!.Chip(1).BreaksChain = true;
        bench.PowerUp();
        Assert.Equal(ChainState.Failed, bench.Board.Chain.State);
        Assert.Equal(2, bench.Board.Chain.ChipsFound);
        Assert.NotNull(bench.Board.Chain.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_silent_uart_fails_the_bring_up_whichever_way_it_is_cut(bool toChips)
    {
        var bench = new BoardBench("bitaxe-gamma");
        bench.Sim.AsicUart!.CutToChips = toChips;
        bench.Sim.AsicUart.Silent = !toChips;
        bench.PowerUp();
        Assert.Equal(ChainState.Failed, bench.Board.Chain.State);
        Assert.Equal(0, bench.Board.Chain.ChipsFound);
        Assert.NotNull(bench.Board.Chain.Fault);
    }

    [Fact]
    public void Flipped_bits_cost_frames_but_give_no_false_nonce()
    {
        var bench = new BoardBench("bitaxe-gamma", 30);
        bench.PowerUp();
        bench.GoTo(bench.Board.Description.Points[^1]);
        bench.Board.Chain.SetTicketDifficulty(16);
        bench.Run(1000);
        bench.SendsJobs = false;
        bench.Sim.AsicUart!.FlipOneIn = 20;
        var nonce = new ChipNonce();
        int good = 0;
        int bad = 0;
        for (int i = 0; i < 2000; i++)
        {
            bench.Run(20);
            while (bench.Board.Chain.TryTakeNonce(nonce))
            {
                if (GammaTests.Zeros(bench.Job, nonce) >= 32 - 30 + 4)
                {
                    good++;
                }
                else
                {
                    bad++;
                }
            }
        }

        // 40 s at ticket 16 are some 620 nonces; with 11 bytes each, 43 % of the frames have a flipped bit. A flip in two bytes may pass a CRC5 once in 32.
        Assert.InRange(good, 250, 460);
        Assert.True(bad <= 12, $"{bad} false nonces");
        Assert.True(bench.Board.Chain.Counters.SkippedBytes > 1000);
        Assert.Equal(ChainState.Running, bench.Board.Chain.State);
    }

    [Theory]
    [InlineData("bitaxe-gamma", 600)]
    [InlineData("bitaxe-hex", 1200)]
    [InlineData("bitaxe-ultra", 600)]
    public void S06_a_drooping_supply_is_an_input_under_voltage(string model, int droop)
    {
        var bench = new BoardBench(model);
        bench.PowerUp();
        bench.Sim.DroopMilliVolts = droop;
        bench.Run(100);
        Assert.Equal(PartStatus.Ok, bench.Board.Regulator.ReadFaults(out RegulatorFaults faults));
        bench.Run(100);
        Assert.Equal(RegulatorFaults.InputUnderVoltage | RegulatorFaults.Off, faults);
        Assert.Equal(0, bench.Sim.RailMilliVolts);
        Assert.True(bench.Board.Regulator.Enable(false) == PartStatus.Ok);
        bench.Sim.DroopMilliVolts = 0;
        bench.Run(1000);
        Assert.Equal(0, bench.Sim.RailMilliVolts);
    }

    [Fact]
    public void S06_a_tripped_regulator_stays_off_and_says_why()
    {
        var bench = new BoardBench("bitaxe-supra");
        bench.PowerUp();
        bench.Sim.Tps546!.TripOverVoltage(bench.Clock.NowMs);
        bench.Run(2000);
        Assert.Equal(0, bench.Sim.RailMilliVolts);
        bench.Board.Regulator.ReadFaults(out RegulatorFaults faults);
        Assert.Equal(RegulatorFaults.OutputOverVoltage | RegulatorFaults.Off, faults);
    }

    [Theory]
    [InlineData("bitaxe-gamma")]
    [InlineData("bitaxe-hex")]
    [InlineData("nerdqaxe-plus-plus")]
    [InlineData("bitaxe-max")]
    public void A_stuck_i2c_line_is_a_timeout_everywhere_and_the_chips_still_stop(string model)
    {
        var bench = new BoardBench(model);
        bench.PowerUp();
        bench.GoTo(bench.Board.Description.Points[^1]);
        bench.Sim.I2c.LineStuck = true;
        Assert.Equal(PartStatus.Timeout, bench.Board.Regulator.Read(new RegulatorReading()));
        Assert.Equal(PartStatus.Timeout, bench.Board.Regulator.ReadFaults(out _));
        Assert.Equal(PartStatus.Timeout, bench.Board.Fans.ReadRpm(0, out _));
        Assert.Equal(PartStatus.Timeout, bench.Board.Fans.SetDutyPercent(0, 100));
        Assert.Equal(PartStatus.Timeout, bench.Board.ChipTemperature.ReadMilliC(bench.Board.ChipTemperatureChannel, out _));
        Assert.True(bench.Sim.HashChain.PowerMw > 500);
        bench.Board.Regulator.Enable(false);
        bench.Board.Io.AsicReset!.Write(false);
        bench.Run(50);

        // Where no GPIO reaches the converter, a dead bus leaves the rail on: only the reset line is left.
        Assert.Equal(BoardPinTable.Find(model)!.Enable == BoardPins.None, bench.Sim.RailMilliVolts > 0);
        Assert.InRange(bench.Sim.HashChain.PowerMw, 0, 500);
    }

    [Theory]
    [InlineData("bitaxe-hex")]
    [InlineData("nerdqaxe-plus-plus")]
    public void S04_a_missing_sensor_is_no_temperature(string model)
    {
        var bench = new BoardBench(model);
        bench.PowerUp();
        bench.Sim.ChipSensors[1].Nacks = true;
        Assert.Equal(PartStatus.Nack, bench.Board.ChipTemperature.ReadMilliC(0, out int milliC));
        Assert.Equal(0, milliC);
    }

    [Theory]
    [InlineData("bitaxe-gamma")]
    [InlineData("nerdqaxe-plus-plus")]
    public void S05_a_stuck_fan_reads_0_and_the_model_overheats(string model)
    {
        var bench = new BoardBench(model);
        bench.PowerUp();
        bench.GoTo(bench.Board.Description.Points[^1]);
        foreach (var fan in bench.Sim.Fans)
        {
            fan.Stuck = true;
        }

        bench.Run(120_000);
        Assert.Equal(PartStatus.Ok, bench.Board.Fans.ReadRpm(0, out int rpm));
        Assert.Equal(0, rpm);
        Assert.True(bench.Sim.ChipMilliC > bench.Board.Description.Limits.ChipMaxMilliC);
        Assert.Equal(PartStatus.Ok, bench.Board.ChipTemperature.ReadMilliC(bench.Board.ChipTemperatureChannel, out int milliC));
        Assert.True(milliC > bench.Board.Description.Limits.ChipMaxMilliC);
    }

    [Fact]
    public void Chips_that_lose_their_rail_stop_answering_and_the_driver_is_not_misled()
    {
        var bench = new BoardBench("bitaxe-gamma");
        bench.PowerUp();
        bench.Board.Regulator.Enable(false);
        bench.Run(200);
        Assert.False(bench.Sim.HashChain.IsHashing);
        bench.Board.Chain.Stop();
        Assert.Equal(ChainState.Off, bench.Board.Chain.State);
        Assert.Equal(0, bench.Board.Chain.FreqKhz);
        bench.Board.Regulator.Enable(true);
        bench.Run(500);
        bench.Board.Chain.Start();
        bench.Until(() => bench.Board.Chain.State == ChainState.Running, 30_000);
        Assert.Equal(BusStatus.Ok, bench.Sim.Io.AsicUart!.Write([0], 0, 1));
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x00)]
    public void An_spi_line_that_is_stuck_fails_the_bring_up(int level)
    {
        var bench = new BoardBench("a1-eight");
        bench.Sim.A1!.StuckAt = level;
        bench.PowerUp();
        Assert.Equal(ChainState.Failed, bench.Board.Chain.State);
        Assert.Equal(0, bench.Board.Chain.ChipsFound);
        Assert.NotNull(bench.Board.Chain.Fault);
    }

    [Fact]
    public void An_spi_line_that_sticks_later_stops_the_chain_with_a_reason()
    {
        var bench = new BoardBench("a1-eight", 24);
        bench.PowerUp();
        Assert.Equal(ChainState.Running, bench.Board.Chain.State);
        bench.Run(500);
        bench.SendsJobs = false;
        bench.Sim.A1!.StuckAt = 0xFF;
        bench.Until(() => bench.Board.Chain.State == ChainState.Failed, 120_000);
        Assert.NotNull(bench.Board.Chain.Fault);
    }

    [Fact]
    public void A_weak_a1_chip_hashes_slower_and_tells_its_cores()
    {
        var bench = new BoardBench("a1-eight", 24);
        bench.Sim.A1!.Chip(3).BadCores = 4;
        bench.PowerUp();
        bench.GoTo(bench.Board.Description.Points[^1]);
        bench.Run(500);
        Assert.Equal(28, bench.Board.Chain.WorkingCores(3));
        Assert.Equal(32, bench.Board.Chain.WorkingCores(4));
        Assert.Equal(600_000, bench.Sim.A1.Chip(3).FreqKhz);
        Assert.Equal(800_000, bench.Sim.A1.Chip(4).FreqKhz);
    }
}
