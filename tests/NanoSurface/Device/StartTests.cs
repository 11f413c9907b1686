using System.Linq;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Power;
using Ballast.Firmware.Start;
using Ballast.Hw.Boards;
using Ballast.Wire;

namespace Ballast.Device.Tests;

/// <summary>S20: which connect may be made when.</summary>
public sealed class StallRuleTests
{
    [Theory]
    [InlineData(true, 0, true, true, false, StallAnswer.Now)]
    [InlineData(true, 0, false, true, false, StallAnswer.Now)]
    [InlineData(false, 400, true, false, false, StallAnswer.Now)]
    [InlineData(false, 401, true, true, true, StallAnswer.WhenQuiet)]
    [InlineData(false, 0, false, true, true, StallAnswer.Now)]
    [InlineData(false, 0, false, true, false, StallAnswer.Now)]
    [InlineData(false, 0, false, false, true, StallAnswer.WhenQuiet)]
    [InlineData(false, 0, true, true, true, StallAnswer.WhenQuiet)]
    [InlineData(false, 0, false, false, false, StallAnswer.Refused)]
    [InlineData(false, 0, true, true, false, StallAnswer.Refused)]
    public void S20_table_of_the_broker(bool watchdog, int boundMs, bool tls, bool literal, bool enrolled, StallAnswer expected)
    {
        var board = new BoardDescription { ExternalWatchdog = watchdog, StallBoundMs = boundMs };
        Assert.Equal(expected, StallRule.ForBroker(board, new BrokerSettings { Tls = tls }, literal, enrolled, out string? why));
        Assert.Equal(expected != StallAnswer.Now, why?.StartsWith("S20: ", System.StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 1, true)]
    [InlineData(false, 400, true)]
    [InlineData(false, 401, false)]
    [InlineData(true, 0, true)]
    public void S20_a_board_without_watchdog_needs_a_measured_bound(bool watchdog, int boundMs, bool expected) =>
        Assert.Equal(expected, StallRule.MayStallWhilePowered(new BoardDescription { ExternalWatchdog = watchdog, StallBoundMs = boundMs }));

    [Theory]
    [InlineData(false, 18000, 18000, 0, true)]
    [InlineData(true, 5000, 5000, 5, true)]
    [InlineData(true, 5000, 5500, 5, true)]
    [InlineData(true, 5000, 5501, 5, false)]
    [InlineData(true, 5001, 5000, 5, false)]
    [InlineData(true, 0, 900, 0, false)]
    public void S20_quiet_is_off_or_arrived_at_failsafe_and_not_on_the_way(bool powered, int effectiveMw, int powerMw, int failsafeW, bool expected) =>
        Assert.Equal(expected, StallRule.IsQuiet(new BoardSnapshot { Powered = powered, EffectiveMw = effectiveMw, PowerMw = powerMw }, failsafeW));

    [Fact]
    public void S20_no_board_with_a_file_claims_what_nobody_measured() =>
        Assert.All(BoardPinTests.Descriptions(), d => Assert.False(StallRule.MayStallWhilePowered(d), d.Model));
}

/// <summary>S08: the external watchdog gets an edge for a stamped tick and for nothing else.</summary>
public sealed class WatchdogKickTests
{
    [Fact]
    public void S08_one_edge_for_each_new_tick()
    {
        var kick = new WatchdogKick();
        Assert.False(kick.Step(0, false));
        Assert.True(kick.Step(1, false));
        Assert.False(kick.Step(1, false));
        Assert.True(kick.Step(2, false));
        Assert.True(kick.Step(int.MinValue, false));
    }

    [Fact]
    public void S08_a_failed_loop_gets_no_edge_even_with_a_new_tick()
    {
        var kick = new WatchdogKick();
        Assert.True(kick.Step(1, false));
        Assert.False(kick.Step(2, true));
    }
}

/// <summary>A stuck bus costs one call in four seconds, and is tried again.</summary>
public sealed class StuckBusTests
{
    [Fact]
    public void S20_a_call_that_was_far_too_slow_rests_the_bus()
    {
        var bus = new StuckBus();
        Assert.True(bus.MayCall(0));
        bus.Called(0, StuckBus.StuckMs - 1);
        Assert.True(bus.MayCall(StuckBus.StuckMs - 1));
        bus.Called(200, 1200);
        Assert.Equal(1, bus.Stalls);
        Assert.False(bus.MayCall(1200));
        Assert.False(bus.MayCall(1200 + StuckBus.RestMs - 1));
        Assert.True(bus.MayCall(1200 + StuckBus.RestMs));
    }

    [Fact]
    public void S20_a_bus_that_stays_stuck_costs_a_fifth_of_the_time()
    {
        var bus = new StuckBus();
        long now = 0;
        long stalled = 0;
        while (now < 60_000)
        {
            if (bus.MayCall(now))
            {
                stalled += 1000;
                bus.Called(now, now + 1000);
                now += 1000;
            }
            else
            {
                now += 20;
            }
        }

        Assert.InRange(stalled, 11_000, 13_000);
    }
}

/// <summary>What a controller that restarts itself tells the next start.</summary>
public sealed class RestartNoteTests
{
    [Fact]
    public void Rule_reason_and_log_come_back()
    {
        var log = new LogRing();
        log.Add(2, 3, "pool went away", 1234);
        log.Add(3, 3, "pool is back", 5678901234);
        byte[] bytes = new byte[RestartNote.MaxBytes];
        int count = RestartNote.Write(SafetyRule.S08, "no tick", log, bytes);
        var again = new LogRing();
        var note = new RestartNote();
        Assert.Equal((RestartNote.NoNote, SafetyRule.None, false), (note.Reason, note.Rule, note.Found));
        Assert.True(note.TryRead(bytes, count, again));
        Assert.Equal(("no tick", SafetyRule.S08, true), (note.Reason, note.Rule, note.Found));
        Assert.Equal(["before: pool went away", "before: pool is back"], Enumerable.Range(0, again.Count).Select(again.Text));
        Assert.Equal((2, 3, 1234L, 5678901234L), (again.Level(0), again.Level(1), again.AtMs(0), again.AtMs(1)));
    }

    [Fact]
    public void A_full_log_keeps_its_newest_lines_and_a_long_reason_is_cut()
    {
        var log = new LogRing();
        for (int i = 0; i < LogRing.Capacity; i++)
        {
            log.Add(3, 3, i.ToString(System.Globalization.CultureInfo.InvariantCulture) + new string('x', 200), i);
        }

        byte[] bytes = new byte[RestartNote.MaxBytes];
        int count = RestartNote.Write(SafetyRule.S01, new string('r', 500), log, bytes);
        Assert.InRange(count, RestartNote.MaxBytes - 220, RestartNote.MaxBytes);
        var again = new LogRing();
        var note = new RestartNote();
        Assert.True(note.TryRead(bytes, count, again));
        Assert.Equal(RestartNote.MaxReason, note.Reason.Length);
        Assert.StartsWith("before: 31x", again.Text(again.Count - 1), System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_of_restarts_writes_flash_once()
    {
        byte[] bytes = new byte[RestartNote.MaxBytes];
        var first = new RestartNote();
        Assert.True(first.MustWrite(SafetyRule.S01, "loop", 10));
        int count = RestartNote.Write(SafetyRule.S01, "loop", new LogRing(), bytes);
        var next = new RestartNote();
        next.TryRead(bytes, count, new LogRing());
        Assert.False(next.MustWrite(SafetyRule.S01, "loop", RestartNote.KeepMs - 1));
        Assert.True(next.MustWrite(SafetyRule.S01, "loop", RestartNote.KeepMs));
        Assert.True(next.MustWrite(SafetyRule.S08, "loop", 10));
        Assert.True(next.MustWrite(SafetyRule.S01, "other", 10));
    }

    [Fact]
    public void Bytes_that_are_no_note_are_none_at_every_cut()
    {
        byte[] bytes = new byte[RestartNote.MaxBytes];
        var log = new LogRing();
        log.Add(3, 3, "line", 7);
        int count = RestartNote.Write(SafetyRule.S01, "why", log, bytes);
        for (int cut = 0; cut <= count; cut++)
        {
            var note = new RestartNote();
            Assert.Equal(note.TryRead(bytes, cut, new LogRing()), note.Found);
        }

        Assert.False(new RestartNote().TryRead([0xFF, 0xFE, 10, 10], 4, new LogRing()));
    }
}

/// <summary>The LED tells identify, fault, a lost host and each mode apart.</summary>
public sealed class LedPatternTests
{
    [Theory]
    [InlineData(true, true, true, BoardMode.Running, "1100110011001100")]
    [InlineData(false, true, true, BoardMode.Running, "1010100000000000")]
    [InlineData(false, false, true, BoardMode.Running, "1010000000000000")]
    [InlineData(false, false, false, BoardMode.Running, "1111111111111111")]
    [InlineData(false, false, false, BoardMode.Asleep, "1000000000000000")]
    [InlineData(false, false, false, BoardMode.Starting, "1111111100000000")]
    [InlineData(false, false, false, BoardMode.Ramping, "1111111100000000")]
    [InlineData(false, false, false, BoardMode.Cooling, "1100000000000000")]
    [InlineData(false, false, false, BoardMode.Fault, "1010100000000000")]
    public void Each_state_has_its_pattern(bool identify, bool fault, bool noHost, BoardMode mode, string pattern)
    {
        Assert.Equal(pattern, string.Concat(Enumerable.Range(0, 16).Select(i => LedPattern.IsOn(4000 + (i * LedPattern.StepMs), identify, fault, noHost, mode) ? '1' : '0')));
        Assert.Equal(LedPattern.IsOn(0, identify, fault, noHost, mode), LedPattern.IsOn(2000, identify, fault, noHost, mode));
    }
}
