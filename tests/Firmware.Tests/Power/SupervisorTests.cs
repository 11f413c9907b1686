using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Tests.Power;

/// <summary>The supervisor as a pure state machine: its table walked at random, and each rule at its branch.</summary>
public partial class SupervisorTests
{
    private static readonly BoardLimits Limits = new()
    {
        ChipMaxMilliC = 75_000,
        ChipTargetMilliC = 60_000,
        ChipCoolMilliC = 45_000,
        PlausibleMaxMilliC = 125_000,
        RegulatorMaxMilliC = 105_000,
        InputMinMilliVolts = 4500,
        InputMaxMilliVolts = 5500,
        OutputMaxMilliAmps = 30_000,
        FanFloorPercent = 30,
        FanMinRpm = 300,
    };

    /// <summary>The table of the doc comment.</summary>
    private static readonly HashSet<(SafetyState, SafetyState)> Table =
    [
        (SafetyState.Off, SafetyState.SpinUp), (SafetyState.Off, SafetyState.Fault),
        (SafetyState.SpinUp, SafetyState.Rail), (SafetyState.SpinUp, SafetyState.Cool), (SafetyState.SpinUp, SafetyState.Hold), (SafetyState.SpinUp, SafetyState.Fault),
        (SafetyState.Rail, SafetyState.Run), (SafetyState.Rail, SafetyState.Cool), (SafetyState.Rail, SafetyState.Hold), (SafetyState.Rail, SafetyState.Fault),
        (SafetyState.Run, SafetyState.Cool), (SafetyState.Run, SafetyState.Rail), (SafetyState.Run, SafetyState.Hold), (SafetyState.Run, SafetyState.Fault),
        (SafetyState.Cool, SafetyState.Off), (SafetyState.Cool, SafetyState.SpinUp), (SafetyState.Cool, SafetyState.Fault),
        (SafetyState.Hold, SafetyState.Cool), (SafetyState.Hold, SafetyState.Fault),
        (SafetyState.Fault, SafetyState.Cool),
    ];

    private readonly SafetyEvents _events = new();
    private readonly SafetyInputs _in = new();
    private readonly SafetyOutputs _out = new();
    private readonly SafetySupervisor _it;

    public SupervisorTests()
    {
        _it = new SafetySupervisor(Limits, _events);
        Good();
    }

    private void Good()
    {
        _in.FreshSample = true;
        _in.ChipValid = true;
        _in.ChipMilliC = 40_000;
        _in.RegulatorValid = true;
        _in.Regulator.InputMilliVolts = 5000;
        _in.Regulator.OutputMilliVolts = 1000;
        _in.Regulator.OutputMilliAmps = 1000;
        _in.Regulator.TemperatureMilliC = 50_000;
        _in.TargetMilliVolts = 1000;
        _in.Faults = RegulatorFaults.None;
        _in.PartsReady = true;
        _in.WriteFailed = false;
        _in.FanCount = 2;
        _in.FanRpm[0] = _in.FanRpm[1] = 2000;
        _in.FanPercent[0] = _in.FanPercent[1] = 100;
        _in.ChainFailed = false;
        _in.HashLost = false;
        _in.Cut = false;
        _in.Release = false;
        _in.WantPower = true;
    }

    private void Step(int ms = 100)
    {
        _in.NowMs += ms;
        _it.Step(_in, _out);
    }

    private void Run(double seconds)
    {
        for (int i = 0; i < seconds * 10; i++)
            Step();
    }

    private void ToRun()
    {
        Run(2);
        Assert.Equal(SafetyState.Run, _it.State);
    }

    private string LastEvent => _events.Recent(0)?.Text ?? "";

    [Fact]
    public void Random_walks_take_every_transition_of_the_table_and_no_other()
    {
        var seen = new HashSet<(SafetyState, SafetyState)>();
        const int seed = 4711;
        int steps = 0;
        for (int walk = 0; walk < 200; walk++)
        {
            var random = new Random(seed + walk);
            var events = new SafetyEvents();
            var it = new SafetySupervisor(Limits, events);
            for (int i = 0; i < 4000; i++, steps++)
            {
                Good();
                _in.NowMs += 100;
                _in.WantPower = random.Next(20) != 0;
                _in.Cut = random.Next(200) == 0;
                _in.Release = random.Next(20) == 0;
                if (walk % 4 != 0)
                    Disturb(random, walk % 4 * i / 4000);
                SafetyState from = it.State;
                bool cool = _in.ChipValid && _in.ChipMilliC <= Limits.ChipCoolMilliC;
                int before = events.Total;
                it.Step(_in, _out);
                if (it.State != from)
                {
                    seen.Add((from, it.State));
                    if (from == SafetyState.Fault)
                        Assert.True(_in.Release && cool, "S03: a fault ends only by release and cool parts");
                    if (it.State is SafetyState.Fault or SafetyState.Hold)
                        Assert.True(events.Total > before, "each trip raises an event");
                    if (it.State == SafetyState.SpinUp)
                        Assert.True(_in.WantPower && !_in.Cut && _in.ChipValid);
                }

                Assert.Equal(it.State is SafetyState.Rail or SafetyState.Run, _out.RegulatorOn);
                Assert.Equal(it.State == SafetyState.Run, _out.ChipsReleased);
                Assert.True(!_in.Cut || !_out.RegulatorOn, "a cut holds in the step that sees it");
                Assert.True(!_out.RegulatorOn || _out.FanFloorPercent >= Limits.FanFloorPercent, "S02");
                Assert.True(cool || it.State is SafetyState.Off or SafetyState.Run || _out.FanFloorPercent == 100, "S02: fans slow only when power is off and parts are cool");
                Assert.Equal(it.State == SafetyState.Fault, _out.Latched);
            }
        }

        Assert.True(Table.SetEquals(seen), $"seed {seed}, {steps} steps; not seen: {string.Join(" ", Table.Except(seen))}; not in the table: {string.Join(" ", seen.Except(Table))}");
    }

    private void Disturb(Random random, int dose)
    {
        switch (random.Next(120 - (dose * 20)))
        {
            case 0:
                _in.ChipMilliC = 50_000 + random.Next(40_000);
                break;
            case 1:
                _in.ChipValid = false;
                break;
            case 2:
                _in.Faults = RegulatorFaults.OutputOverCurrent;
                break;
            case 3:
                _in.RegulatorValid = false;
                break;
            case 4:
                _in.HashLost = true;
                break;
            case 5:
                _in.WriteFailed = true;
                break;
            case 6:
                _in.NowMs += 6000;
                _in.FanRpm[1] = 0;
                break;
            case 7:
                _in.NowMs += 3_600_000;
                break;
            case 8:
                _in.ChipMilliC = 90_000;
                break;
            case 9:
                _in.ChainFailed = true;
                break;
            case 10:
                _in.Regulator.OutputMilliVolts = 200;
                break;
            case 11:
                _in.PartsReady = false;
                break;
            default:
                // What lasts: hot or blind for a while.
                if (dose > 1 && _in.NowMs / 1000 % 37 < 2)
                    _in.ChipMilliC = 80_000;
                else if (dose > 1 && _in.NowMs / 1000 % 53 < 2)
                    _in.ChipValid = false;
                break;
        }
    }

    [Fact]
    public void S03_one_hot_sample_is_noise_and_two_trip()
    {
        ToRun();
        _in.ChipMilliC = 75_000;
        Step();
        Assert.Equal(SafetyState.Run, _it.State);
        _in.ChipMilliC = 60_000;
        Step();
        _in.ChipMilliC = 75_000;
        Step();
        Step();
        Assert.Equal(SafetyState.Fault, _it.State);
        Assert.Equal(SafetyRule.S03, _it.Cause);
        Assert.False(_out.RegulatorOn);
        Assert.Equal(100, _out.FanFloorPercent);
    }

    [Fact]
    public void S03_a_hot_regulator_trips_too()
    {
        ToRun();
        _in.Regulator.TemperatureMilliC = 105_000;
        Run(0.2);
        Assert.Equal(SafetyRule.S03, _it.Cause);
    }

    [Fact]
    public void S03_is_not_released_by_time_nor_while_hot()
    {
        ToRun();
        _in.ChipMilliC = 80_000;
        Run(0.2);
        _in.ChipMilliC = 30_000;
        Run(10_000);
        Assert.Equal(SafetyState.Fault, _it.State);
        _in.ChipMilliC = 50_000;
        _in.Release = true;
        Step();
        Assert.Equal(SafetyState.Fault, _it.State);
        Assert.Contains("must cool", LastEvent, StringComparison.Ordinal);
        _in.ChipMilliC = 44_000;
        Step();
        Assert.Equal(SafetyState.Cool, _it.State);
    }

    [Fact]
    public void S04_three_missing_readings_count_as_too_hot()
    {
        ToRun();
        _in.ChipValid = false;
        Run(0.2);
        Assert.Equal(SafetyState.Run, _it.State);
        Step();
        Assert.Equal(SafetyState.Fault, _it.State);
        Assert.Equal(SafetyRule.S04, _it.Cause);
    }

    [Fact]
    public void S04_no_temperature_no_start()
    {
        _in.ChipValid = false;
        Run(60);
        Assert.Equal(SafetyState.Cool, _it.State);
        Assert.Equal(100, _out.FanFloorPercent);
        Assert.Equal(1, _events.Total);
    }

    [Fact]
    public void S02_a_board_that_restarts_hot_keeps_its_fans_at_full_until_it_is_cool()
    {
        _in.WantPower = false;
        _in.ChipMilliC = 60_000;
        Run(30);
        Assert.Equal(100, _out.FanFloorPercent);
        _in.ChipMilliC = 44_000;
        Step();
        Assert.Equal(SafetyState.Off, _it.State);
        Assert.Equal(0, _out.FanFloorPercent);
    }

    [Fact]
    public void S06_a_rail_that_leaves_its_voltage_while_chips_run_trips_after_three_samples()
    {
        ToRun();
        _in.Regulator.OutputMilliVolts = 930;
        Run(0.2);
        Assert.Equal(SafetyState.Run, _it.State);
        Step();
        Assert.Equal(SafetyRule.S06, _out.Cause);
        Assert.False(_out.RegulatorOn);
    }

    [Fact]
    public void S05_one_of_two_fans_standing_for_five_seconds_powers_down()
    {
        ToRun();
        _in.FanRpm[1] = 0;
        Run(4.9);
        Assert.Equal(SafetyState.Run, _it.State);
        Run(0.3);
        Assert.Equal(SafetyState.Hold, _it.State);
        Assert.Equal(SafetyRule.S05, _out.Cause);
    }

    [Fact]
    public void S05_S02_no_power_without_a_proven_fan()
    {
        _in.FanRpm[0] = 0;
        Run(4.8);
        Assert.Equal(SafetyState.SpinUp, _it.State);
        Assert.False(_out.RegulatorOn);
        Run(1);
        Assert.Equal(SafetyState.Hold, _it.State);
    }

    [Theory]
    [InlineData(4400, 1000)]
    [InlineData(5600, 1000)]
    [InlineData(5000, 31000)]
    public void S06_F37_supply_and_current_trip_after_three_samples(int inputMv, int outputMa)
    {
        ToRun();
        _in.Regulator.InputMilliVolts = inputMv;
        _in.Regulator.OutputMilliAmps = outputMa;
        Run(0.2);
        Assert.Equal(SafetyState.Run, _it.State);
        Step();
        Assert.Equal(SafetyRule.S06, _out.Cause);
    }

    [Fact]
    public void S06_a_regulator_fault_trips_at_once()
    {
        ToRun();
        _in.Faults = RegulatorFaults.OutputOverVoltage;
        Step();
        Assert.False(_out.RegulatorOn);
        Assert.Equal(SafetyRule.S06, _out.Cause);
    }

    [Fact]
    public void S06_a_rail_that_does_not_settle_trips_after_two_seconds()
    {
        _in.Regulator.OutputMilliVolts = 900;
        Run(1);
        Assert.Equal(SafetyState.Rail, _it.State);
        Run(2);
        Assert.Equal(SafetyState.Hold, _it.State);
    }

    [Fact]
    public void S06_at_most_three_new_tries_in_any_hour()
    {
        int starts = 0;
        SafetyState last = _it.State;
        _in.Random = 5;
        for (int i = 0; i < 36_000; i++)
        {
            _in.Faults = _it.State == SafetyState.Run ? RegulatorFaults.OutputOverCurrent : RegulatorFaults.None;
            Step();
            starts += last == SafetyState.Rail && _it.State == SafetyState.Run ? 1 : 0;
            last = _it.State;
        }

        Assert.Equal(1 + SafetySupervisor.TriesPerHour, starts);
    }

    [Fact]
    public void S07_one_restart_then_a_fault()
    {
        ToRun();
        _in.HashLost = true;
        Step();
        Assert.Equal(SafetyState.Rail, _it.State);
        Assert.False(_out.ChipsReleased);
        _in.HashLost = false;
        Run(1);
        Assert.Equal(SafetyState.Run, _it.State);
        _in.HashLost = true;
        Step();
        Assert.Equal(SafetyState.Fault, _it.State);
        Assert.Equal(SafetyRule.S07, _it.Cause);
    }
}
