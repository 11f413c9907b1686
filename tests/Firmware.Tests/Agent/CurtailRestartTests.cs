using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>S13 over restarts: what the curtail input began, a restart does not end.</summary>
public class CurtailRestartTests
{
    private static Bench Shed(Action<BoardSettings>? change = null, bool enrolled = false)
    {
        // A board on its own: nothing but the contact keeps it from running.
        var b = new Bench(enrolled, change: change);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        b.Fake.Curtail.IsHigh = false;
        b.RunUntil(() => !b.Fake.Regulator.On, 0.1);
        return b;
    }

    [Fact]
    public void S13_a_restart_while_the_input_is_open_again_waits_out_a_whole_minute()
    {
        Bench b = Shed();
        b.Fake.Curtail.IsHigh = true;
        b.Run(20);
        b.Restart();
        b.Run(58, () => Assert.False(b.Fake.Regulator.On));
        Assert.Equal("curtail input", b.Snap.Reason);
        Assert.Equal("S13", (string?)b.Link.Last("/event")!["rule"]);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void S13_power_lost_at_any_tick_around_the_shed_never_brings_power_back_once_the_hold_was_stored()
    {
        for (int ticks = 1; ticks < 12; ticks++)
        {
            var b = new Bench(enrolled: false);
            b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
            b.Fake.Curtail.IsHigh = false;
            for (int i = 0; i < ticks; i++)
                b.Step();

            // The contact opens while the controller is dark: only the store can know. The second reading decides, and its tick stores.
            b.Restart();
            b.Run(58, () => Assert.True(!b.Fake.Regulator.On || ticks < Curtail.Readings, $"power after a restart {ticks} ticks after the contact closed"));
        }
    }

    [Fact]
    public void S13_restart_after_restart_ends_nothing_and_a_closed_contact_holds_for_ever()
    {
        Bench b = Shed();
        for (int i = 0; i < 5; i++)
        {
            b.Restart();
            b.Run(40, () => Assert.False(b.Fake.Regulator.On));
        }

        b.Restart();
        b.Fake.Curtail.IsHigh = false;
        b.Run(600, () => Assert.False(b.Fake.Regulator.On));
        b.Fake.Curtail.IsHigh = true;
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 120);
    }

    [Fact]
    public void S13_a_released_hold_does_not_come_back_after_the_next_write()
    {
        Bench b = Shed();
        b.Fake.Curtail.IsHigh = true;
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 120);
        b.Agent.SaveSettings();
        b.Step();
        b.Restart();
        b.Run(1);
        Assert.NotEqual("curtail input", b.Snap.Reason);
        b.RunUntil(() => b.Fake.Regulator.On, 50);
    }

    [Fact]
    public void S13_F21_a_write_torn_in_the_shed_leaves_the_record_before_it_and_is_tried_again()
    {
        var b = new Bench(enrolled: false);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        b.Store.Refuses = true;
        b.Fake.Curtail.IsHigh = false;
        b.RunUntil(() => !b.Fake.Regulator.On, 0.1);
        b.Store.Refuses = false;
        b.Run(RecordKeeper.RetryMs / 1000 + 1);
        b.Restart();
        b.Run(58, () => Assert.False(b.Fake.Regulator.On));
    }

    [Fact]
    public void S13_a_contact_that_chatters_all_day_writes_a_handful_of_times()
    {
        Bench b = Shed();
        int before = b.Store.Writes;

        // As often as the minute allows.
        for (int i = 0; i < 24 * 50; i++)
        {
            b.Fake.Curtail.IsHigh = true;
            b.Run(0.1);
            b.Clock.NowMs += Curtail.ReleaseMs;
            b.Run(0.1);
            Assert.False(b.Agent.Record.Curtailed);
            b.Fake.Curtail.IsHigh = false;
            b.Run(0.1);
            Assert.True(b.Agent.Record.Curtailed);
        }

        // Twenty hours; each hour at most the end of one hold, and the beginning of the next.
        Assert.InRange(b.Store.Writes - before, 1, 2 * 21);
    }

    [Fact]
    public void S13_an_input_that_settings_no_longer_name_holds_for_a_minute_and_not_for_ever()
    {
        Bench b = Shed();
        b.Restart();
        b.Fake.Board.Io.CurtailInput = null;
        b.Run(58, () => Assert.False(b.Fake.Regulator.On));
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
    }

    [Fact]
    public void S13_another_provisioning_and_a_factory_reset_release_nothing()
    {
        Bench b = Shed();
        b.Agent.FactoryReset();
        b.Agent.Step();
        b.Settings.FailsafeW = 9;
        b.Restart();
        b.Run(58, () => Assert.False(b.Fake.Regulator.On));
        Assert.True(b.Agent.Record.Curtailed);
    }

    [Fact]
    public void S13_a_record_of_the_firmware_before_is_read_and_holds_nothing()
    {
        var old = new BoardRecord { Enrolled = true, FailsafeW = 12, Curtailed = false };
        var bytes = new ByteRecord(BoardRecord.MaxBytes);
        old.Write(bytes);
        Assert.Equal(1, bytes.Data[0]);
        var read = new BoardRecord { Curtailed = true };
        bytes.Begin(bytes.Position);
        Assert.True(read.Read(bytes));
        Assert.False(read.Curtailed);
        Assert.True(read.Enrolled);
    }

    [Fact]
    public void S13_the_hold_does_not_reach_the_safety_of_a_fault()
    {
        // A fault latched in the minute is still there when the hold ends.
        Bench b = Shed();
        b.Fake.Sensor.MilliC = 80_000;
        b.Run(1);
        b.Fake.Sensor.MilliC = 30_000;
        b.Restart();
        b.Run(120, () => Assert.False(b.Fake.Regulator.On));
        Assert.Equal(SafetyRule.S03, b.Snap.LatchedFault);
    }
}
