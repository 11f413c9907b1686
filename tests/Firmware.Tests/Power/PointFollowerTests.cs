using Ballast.Firmware.Power;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Power;

/// <summary>How a lower point is reached, what a later order may change of it, and what S07 makes of chips whose clock and ticket move.</summary>
public class PointFollowerTests
{
    [Fact]
    public void S12_a_reliability_fall_is_not_put_off_by_a_later_economic_order()
    {
        var b = new Bench();
        b.AdmitAndRun();
        int third = b.Agent.Power.Ladder.Ladder.CostMjPerTh(3);
        b.OrderNow(third, OrderClass.Reliability, rampS: 1);
        int goal = b.Agent.Power.Ladder.FreqKhz(b.Snap.EffectivePoint);
        Assert.InRange(goal, 400_000, 550_000);
        b.Run(0.3);
        b.OrderNow(b.Agent.Power.Ladder.Ladder.CostMjPerTh(2), OrderClass.Economic, rampS: 600);
        b.Run(1);
        Assert.True(b.Fake.Chain.FreqKhz <= goal, $"{b.Fake.Chain.FreqKhz} kHz, {goal} were due after a second");
    }

    [Fact]
    public void S03_a_start_while_derating_climbs_by_the_last_ordered_ramp()
    {
        var b = new Bench();
        b.AdmitAndRun(leaseS: 3600);
        b.Fake.Sensor.MilliC = 71_000;
        b.RunUntil(() => b.Snap.EffectivePoint == 4, 20);
        b.Fake.Sensor.MilliC = 64_000;
        b.Fake.Regulator.Faults = Hw.Parts.RegulatorFaults.OutputOverCurrent;
        b.RunUntil(() => !b.Fake.Regulator.On, 1);
        b.Fake.Sensor.MilliC = 62_000;
        b.Run(60);
        Assert.Equal(LimitedBy.Derate, b.Snap.LimitedBy);
        Assert.Equal(BoardMode.Running, b.Snap.Mode);
        Assert.Equal(b.Agent.Power.Ladder.FreqKhz(4), b.Fake.Chain.FreqKhz);
    }

    [Fact]
    public void S07_a_ticket_that_falls_with_the_clock_is_not_taken_for_lost_nonces()
    {
        var health = new HashHealth();
        long nonces = 0;
        long now = 0;
        Feed(4900, 1024, 75);
        Feed(2400, 512, 5);
        Assert.False(health.Lost);

        // A little over one nonce a second, at either clock.
        void Feed(int ghs, int ticket, int seconds)
        {
            for (int i = 0; i < seconds * 50; i++)
            {
                now += 20;
                nonces += i % 48 == 0 ? 1 : 0;
                health.Step(now, true, nonces, ghs, ticket);
            }
        }
    }

    [Fact]
    public void S07_no_nonce_for_ten_intervals_and_at_least_twenty_seconds_is_lost()
    {
        var health = new HashHealth();
        for (long now = 0; now <= HashHealth.MinSilentMs + 40; now += 20)
        {
            Assert.False(health.Lost && now < HashHealth.MinSilentMs);
            health.Step(now, true, 0, 1071, 128);
        }

        Assert.True(health.Lost);
    }
}
