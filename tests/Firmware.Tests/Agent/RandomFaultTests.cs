using Ballast.Firmware.Power;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>Hours of random orders and faults in simulated time; the rules are held against the board at every step.</summary>
public class RandomFaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void An_hour_of_random_faults_breaks_no_rule(int seed)
    {
        var random = new Random(seed);
        var b = new Bench(failsafeW: random.Next(2) * 12, seed: (uint)seed * 31);
        var oracle = new Oracle(b);
        long hostSilentUntil = 0;
        long nextRepeat = 0;
        int limit = int.MaxValue;
        var orderClass = OrderClass.Economic;
        int steps = 0;
        for (long end = b.Clock.NowMs + 3_600_000; b.Clock.NowMs < end; steps++)
        {
            if (b.Clock.NowMs >= nextRepeat && b.Clock.NowMs >= hostSilentUntil)
            {
                nextRepeat = b.Clock.NowMs + 10_000;
                b.Send(b.Order(limit, orderClass, (uint)random.Next(), 60, random.Next(10), random.Next(5), random.Next(5)));
                if (!b.Snap.Admitted && orderClass != OrderClass.Emergency && steps > 0)
                {
                    SetMessage m = b.Message(SetKind.Admit);
                    m.BootNonce = b.Snap.BootNonce;
                    b.Send(m);
                }
            }

            if (steps % 1500 == 0)
                Heal(b);
            switch (random.Next(20_000))
            {
                case < 5 or (>= 100 and < 110):
                    limit = random.Next(3) switch { 0 => 0, 1 => random.Next(20_000), _ => int.MaxValue };
                    orderClass = (OrderClass)random.Next(3);
                    b.OrderId++;
                    nextRepeat = 0;
                    break;
                case 6:
                    hostSilentUntil = b.Clock.NowMs + random.Next(120_000);
                    break;
                case 7:
                    b.Fake.Fans.Stuck = !b.Fake.Fans.Stuck;
                    break;
                case 8:
                    b.Fake.Sensor.Status = b.Fake.Sensor.Status == PartStatus.Ok && random.Next(3) == 0 ? PartStatus.Implausible : PartStatus.Ok;
                    break;
                case 9:
                    b.Fake.Regulator.InputMilliVolts = random.Next(3) == 0 ? 4200 : 5000;
                    break;
                case 10:
                    b.Fake.Regulator.Faults = RegulatorFaults.OutputOverCurrent;
                    break;
                case 11:
                    b.Fake.Regulator.Status = b.Fake.Regulator.Status == PartStatus.Ok && random.Next(3) == 0 ? PartStatus.Nack : PartStatus.Ok;
                    break;
                case 12:
                    b.Fake.Curtail.IsHigh = random.Next(3) != 0;
                    break;
                case 13:
                    b.Store.Refuses = random.Next(2) == 0;
                    oracle.StoreGoodAtMs = b.Store.Refuses ? long.MaxValue : b.Clock.NowMs + 10_100;
                    break;
                case 14 when random.Next(2) == 0:
                    oracle.BeforeRestart();
                    b.Restart();
                    oracle.AfterRestart();
                    break;
                case 15 or (>= 200 and < 230):
                    b.Send(b.Message(SetKind.ClearFault));
                    break;
                case 16:
                    SetMessage cap = b.Message(random.Next(3) == 0 ? SetKind.Release : SetKind.PowerW);
                    cap.PowerW = random.Next(25);
                    cap.Class = cap.Kind == SetKind.Release ? OrderClass.Economic : (OrderClass)random.Next(3);
                    b.Send(cap);
                    break;
                case 17:
                    oracle.AmbientMilliC = 20_000 + random.Next(25_000);
                    break;
                case 18:
                    b.Fake.Chain.FailStart = random.Next(4) == 0;
                    break;
                default:
                    break;
            }

            b.Step();
            oracle.Check();
        }

        output.WriteLine($"seed {seed}: {steps} steps, {oracle.PoweredSteps} with power, {oracle.Restarts} restarts, {b.Agent.Power.Events.Total} events since the last");
        Assert.True(oracle.PoweredSteps > steps / 20, "the hour must not be spent asleep");
    }

    /// <summary>Faults last half a minute at most, or the hour would be spent in them.</summary>
    private static void Heal(Bench b)
    {
        b.Fake.Fans.Stuck = false;
        b.Fake.Sensor.Status = PartStatus.Ok;
        b.Fake.Regulator.InputMilliVolts = 5000;
        b.Fake.Regulator.Status = PartStatus.Ok;
        b.Fake.Curtail.IsHigh = true;
        b.Fake.Chain.FailStart = false;
    }

    /// <summary>What must hold whatever happens.</summary>
    private sealed class Oracle(Bench b)
    {
        private double _chipMilliC = 25_000;
        private long _hotSince = -1;
        private long _stuckSince = -1;
        private long _curtailSince = -1;
        private int _effectiveBefore;
        private int _khzBefore;
        private bool _on;

        public int AmbientMilliC { get; set; } = 25_000;
        public int PoweredSteps { get; private set; }
        public int Restarts { get; private set; }

        /// <summary>From when on everything is stored again; until then a restart may only be held to the failsafe.</summary>
        public long StoreGoodAtMs { get; set; }

        public void BeforeRestart() => _effectiveBefore = b.Clock.NowMs >= StoreGoodAtMs ? b.Snap.EffectivePoint : int.MaxValue;

        public void AfterRestart()
        {
            Restarts++;
            b.Step();
            Assert.True(b.Snap.EffectivePoint <= Math.Min(_effectiveBefore, b.Agent.Orders.FailsafePoint), "S11");
            _hotSince = _stuckSince = _curtailSince = -1;
            _khzBefore = 0;
            _on = b.Fake.Regulator.On;
        }

        public void Check()
        {
            FakeBoard f = b.Fake;
            var s = b.Snap;
            long now = b.Clock.NowMs;
            bool on = f.Regulator.On;
            PoweredSteps += on ? 1 : 0;
            Heat(f, on);

            _hotSince = _chipMilliC >= 75_000 && on ? (_hotSince < 0 ? now : _hotSince) : -1;
            Assert.True(_hotSince < 0 || now - _hotSince <= 500, "S03: hot for over 500 ms with power");
            _stuckSince = f.Fans.Stuck && on ? (_stuckSince < 0 ? now : _stuckSince) : -1;
            Assert.True(_stuckSince < 0 || now - _stuckSince <= 5300, "S05: fan stands and power is on");
            _curtailSince = !f.Curtail.IsHigh ? (_curtailSince < 0 ? now : _curtailSince) : -1;
            Assert.True(_curtailSince < 0 || now - _curtailSince <= 100 || !on, "S13");
            Assert.True(!on || f.Fans.Duty >= 30, "S02: power without fans");
            Assert.True(on || f.Chain.State is Hw.Asic.ChainState.Off, "S02: chips out of reset without power");
            Assert.True(s.LatchedFault == SafetyRule.None || !on, "S03: latched and powered");
            Assert.True((!s.LatchDispatch && !s.LatchSet) || !on, "emergency latch and powered");
            Assert.True(s.Admitted || s.EffectivePoint <= b.Agent.Orders.FailsafePoint, "S09, S10: above failsafe without admission");
            Assert.True(s.LeaseEndMs == 0 || now <= s.LeaseEndMs + 5040, "S09: lease over and not fallen");
            int khz = f.Chain.FreqKhz;
            if (khz > _khzBefore && _khzBefore > 0)
                Assert.True(khz - _khzBefore <= 6250, "S15: too steep");
            Assert.True(khz <= _khzBefore || khz <= Math.Max(b.Agent.Power.Ladder.FreqKhz(s.EffectivePoint), f.Chain.Profile.StartKhz), "S12: rises above the effective point");
            Assert.True(!on || _on || s.EffectivePoint > 0, "S15: power comes on at sleep");
            _khzBefore = khz;
            _on = on;
        }

        private void Heat(FakeBoard f, bool on)
        {
            double watts = on ? f.TrueMw / 1000.0 : 0;
            double conductance = 0.1 + (f.Fans.Stuck ? 0 : f.Fans.Duty * 0.006);
            _chipMilliC += (watts - (conductance * (_chipMilliC - AmbientMilliC) / 1000)) * 20 / 110;
            f.Sensor.MilliC = (int)_chipMilliC;
        }
    }
}
