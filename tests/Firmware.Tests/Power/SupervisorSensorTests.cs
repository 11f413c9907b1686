using Ballast.Firmware.Power;

namespace Ballast.Firmware.Tests.Power;

/// <content>S04: a sensor that does not follow the power, and everything that only looks like one.</content>
public partial class SupervisorTests
{
    /// <summary>Without power, then running at a power of so many watts (1 V). The sensor may have moved in between.</summary>
    private void ToRunAt(int watt, int coolingMilliC = 0, int unpoweredS = 30)
    {
        _in.WantPower = false;
        _in.Regulator.OutputMilliAmps = 0;
        for (int i = 0; i < unpoweredS; i++)
        {
            _in.ChipMilliC -= coolingMilliC / unpoweredS;
            Run(1);
        }

        _in.WantPower = true;
        ToRun();
        _in.Regulator.OutputMilliAmps = watt * 1000;
    }

    /// <summary>Runs, and the sensor has followed once.</summary>
    private void RunWarm(int watt)
    {
        ToRunAt(watt, coolingMilliC: 3000);
        _in.ChipMilliC += 5000;
    }

    private void FrozenAfterAMinute()
    {
        Run(59);
        Assert.Equal(SafetyState.Run, _it.State);
        Run(2);
        Assert.Equal(SafetyRule.S04, _it.Cause);
    }

    [Fact]
    public void S04_a_sensor_that_does_not_follow_the_power_is_frozen()
    {
        ToRunAt(15);
        FrozenAfterAMinute();
    }

    [Fact]
    public void S04_a_sensor_that_is_dead_from_the_first_reading_is_found_at_the_first_start()
    {
        ToRunAt(15, unpoweredS: 1);
        Run(61);
        Assert.Equal(SafetyRule.S04, _it.Cause);
    }

    [Fact]
    public void S04_a_frozen_sensor_is_found_although_the_power_keeps_changing()
    {
        ToRunAt(15);
        for (int i = 0; i < 65 && _it.State == SafetyState.Run; i++)
        {
            _in.Regulator.OutputMilliAmps = i / 20 % 2 == 0 ? 9_000 : 15_000;
            Run(1);
        }

        Assert.Equal(SafetyRule.S04, _it.Cause);
    }

    [Fact]
    public void S04_a_sensor_that_froze_in_operation_is_found_at_the_next_change_of_power()
    {
        RunWarm(9);
        Run(300);
        Assert.Equal(SafetyState.Run, _it.State);
        _in.Regulator.OutputMilliAmps = 15_000;
        FrozenAfterAMinute();
    }

    [Fact]
    public void S04_a_sensor_that_froze_in_operation_is_found_after_the_board_slept()
    {
        RunWarm(9);
        Run(300);
        ToRunAt(9);
        Run(61);
        Assert.Equal(SafetyRule.S04, _it.Cause);
    }

    [Fact]
    public void S04_a_chip_that_meets_its_balance_right_after_a_start_is_not_frozen()
    {
        ToRunAt(15, coolingMilliC: 3000);
        Run(3600);
        Assert.Equal(SafetyState.Run, _it.State);
    }

    [Fact]
    public void S04_power_that_goes_up_and_down_again_owes_no_change()
    {
        RunWarm(9);
        for (int i = 0; i < 20; i++)
        {
            _in.Regulator.OutputMilliAmps = 9_000;
            Run(30);
            _in.Regulator.OutputMilliAmps = 15_000;
            Run(30);
        }

        Assert.Equal(SafetyState.Run, _it.State);
    }

    [Theory]
    [InlineData(9, 15, 10, true)]
    [InlineData(15, 9, -10, true)]
    [InlineData(9, 15, -10, false)]
    [InlineData(15, 9, 10, false)]
    public void S04_fans_that_follow_the_power_may_hold_the_temperature_and_no_others(int fromWatt, int toWatt, int fans, bool runs)
    {
        ToRunAt(fromWatt, coolingMilliC: 3000);
        _in.FanPercent[0] = _in.FanPercent[1] = 50;
        _in.ChipMilliC += 5000;
        Run(300);
        _in.Regulator.OutputMilliAmps = toWatt * 1000;
        _in.FanPercent[0] = _in.FanPercent[1] = 50 + fans;
        Run(300);
        Assert.Equal(runs ? SafetyState.Run : SafetyState.Fault, _it.State);
    }

    [Fact]
    public void S04_a_sensor_that_moved_may_stand_still_afterwards()
    {
        ToRunAt(15);
        Run(5);
        _in.ChipMilliC = 55_000;
        Run(3600);
        Assert.Equal(SafetyState.Run, _it.State);
    }
}
