using Ballast.Firmware.Agent;
using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;
using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>
    /// The real agent on the register-level model of a Bitaxe Gamma, in simulated time: it comes up when it is admitted, obeys an order,
    /// refuses a replay, and cuts power on an emergency.
    /// </summary>
    internal sealed class BoardChecks
    {
        private const int TickMs = 20;
        private const int WorkShift = 29;
        private const string Pod = "ballast/v1/check/p1/dispatch";
        private const string Own = "ballast/v1/check/p1/b01/set";
        private const uint Epoch = 1763800000;
        private const long HostStartMs = 1763800000000L;

        private readonly SimClock _clock = new SimClock();
        private readonly SimGamma _sim;
        private readonly Hashboard _board;
        private readonly CheckLink _link = new CheckLink();
        private readonly BoardAgent _agent;
        private readonly HmacSha256 _podMac;
        private readonly HmacSha256 _ownMac;
        private readonly byte[] _message = new byte[Envelope.MaxMessage];
        private uint _seq;

        private BoardChecks()
        {
            byte[] podKey = Key(1);
            byte[] ownKey = Key(101);
            _podMac = new HmacSha256(podKey);
            _ownMac = new HmacSha256(ownKey);
            _sim = new SimGamma(_clock, new OwnDigest(), 1, WorkShift);
            _board = BitaxeGamma.Create(_sim.Io, WorkShift);
            BoardSettings settings = new BoardSettings
            {
                Site = "check",
                Pod = "p1",
                Board = "b01",
                Serial = "self-check",
                Enrolled = true,
                PodKeys = new KeySetting[] { new KeySetting { Kid = 1, Key = podKey } },
                BoardKeys = new KeySetting[] { new KeySetting { Kid = 1, Key = ownKey } },
            };
            _agent = new BoardAgent(settings, _board, _link, null, new MemoryStore(), _clock, new SimRandom(2));
        }

        internal static void Run(Report report) => new BoardChecks().RunAll(report);

        private void RunAll(Report report)
        {
            BoardSnapshot now = _agent.Snapshot;
            Step(1000);
            report.Check("S01 the simulated board starts safe and asleep", now.Mode == BoardMode.Asleep && !now.Powered && _sim.RailMilliVolts == 0);

            // Without admission an order may not raise power (S15).
            int orderLength = Send(Ladder.Everything, OrderClass.Economic, 1);
            byte[] replay = new byte[orderLength];
            for (int i = 0; i < orderLength; i++)
                replay[i] = _message[i];
            Step(5000);
            report.Check("S15 it does not rise before it is admitted", !now.Powered && !now.Admitted);

            Admit(now.BootNonce);
            Step(TickMs);
            report.Check("it is admitted", now.Admitted);
            for (int i = 0; i < 120 && now.Mode != BoardMode.Running; i++)
                Step(1000);
            report.Check(
                "its chip comes up, ramps and hashes",
                now.Mode == BoardMode.Running && _board.Chain.State == ChainState.Running && _board.Chain.ChipsFound == 1
                && _board.Chain.FreqKhz == 525000 && _sim.RailMilliVolts > 1100);

            // Half way down the ladder.
            long before = _sim.InputPowerMw;
            Ladder ladder = _agent.Power.Ladder.Ladder;
            int middle = ladder.HullCount / 2;
            Send(ladder.CostMjPerTh(middle), OrderClass.Economic, 2);
            int expected = ladder.Choose(ladder.CostMjPerTh(middle), 0, 0);
            Step(10000);
            report.Check(
                "an order is obeyed",
                now.EffectivePoint == expected && now.OrderId == 2 && _sim.InputPowerMw < before && now.Mode == BoardMode.Running);

            int stale = now.Rejects[(int)Reject.Stale];
            int khz = _board.Chain.FreqKhz;
            _link.Deliver(Pod, replay, replay.Length);
            Step(10000);
            report.Check(
                "S14 a replay is refused and changes nothing but a counter",
                now.Rejects[(int)Reject.Stale] == stale + 1 && now.EffectivePoint == expected && now.OrderId == 2
                && _board.Chain.FreqKhz == khz);

            Send(0, OrderClass.Emergency, 3);
            Step(100);
            report.Check("an emergency cuts power within 100 ms", !now.Powered && _sim.RailMilliVolts == 0 && now.LatchDispatch);
            report.Check("the loop never failed", _agent.Failure == null && !_agent.RebootRequested);
        }

        private static byte[] Key(int first)
        {
            byte[] key = new byte[32];
            for (int i = 0; i < key.Length; i++)
                key[i] = (byte)(first + i);
            return key;
        }

        private void Step(int milliseconds)
        {
            for (int done = 0; done < milliseconds; done += TickMs)
            {
                _clock.NowMs += TickMs;
                _sim.Step(_clock.NowMs);
                _agent.Step();
            }

            // What the last step switched shows in the model after its next one.
            _sim.Step(_clock.NowMs + 1);
        }

        private int Send(int limit, OrderClass orderClass, uint orderId)
        {
            DispatchOrder order = new DispatchOrder
            {
                Kid = 1,
                Epoch = Epoch,
                Seq = ++_seq,
                OrderId = orderId,
                Class = orderClass,
                LeaseS = 600,
                SentMs = HostStartMs + _clock.NowMs,
                LimitMjPerTh = limit,
                RampS = 2,
                SpreadS = 1,
            };
            byte[] topic = Ascii.Bytes(Pod);
            int length = Envelope.WriteDispatch(order, topic, topic.Length, _podMac, _message, 0);
            _link.Deliver(Pod, _message, length);
            return length;
        }

        private void Admit(uint bootNonce)
        {
            SetMessage admit = new SetMessage
            {
                Kid = 1,
                Epoch = Epoch,
                Seq = 1,
                OrderId = 1,
                SentMs = HostStartMs + _clock.NowMs,
                Kind = SetKind.Admit,
                BootNonce = bootNonce,
                AfterSeq = 1,
            };
            byte[] topic = Ascii.Bytes(Own);
            _link.Deliver(Own, _message, Envelope.WriteSet(admit, topic, topic.Length, _ownMac, _message, 0));
        }
    }
}
