using Ballast.Firmware.Agent;
using Ballast.Firmware.Power;
using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Wire;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// Holds parts, rails, fans, chips and hash rate against the board's limits, and ends in PASS or a numbered list of what failed with its
    /// likely cause. It gives no power of its own: chips run only up to the effective point that orders allow, and what was skipped is said.
    /// </summary>
    public sealed class SelfTest
    {
        /// <summary>Longest wait for the chips to run, ms.</summary>
        public const int StartMs = 120000;

        /// <summary>Time over which the hash rate is judged, ms.</summary>
        public const int HashMs = 60000;

        /// <summary>Least part of the expected hash rate that passes, %.</summary>
        public const int HashPercent = 80;

        private const int MaxFindings = 12;

        private readonly BoardAgent _agent;
        private readonly Report _report;
        private readonly string[] _failed = new string[MaxFindings];
        private readonly string[] _causes = new string[MaxFindings];
        private int _failures;
        private int _stage;
        private bool _json;
        private long _sinceMs;
        private long _nonces;
        private string _skipped = "";
        private string _limited = "";

        /// <summary>Makes a test for a board.</summary>
        public SelfTest(BoardAgent agent, Report report)
        {
            _agent = agent;
            _report = report;
        }

        /// <summary>True while it runs.</summary>
        public bool Running => _stage > 0;

        /// <summary>True if the last one passed.</summary>
        public bool Passed { get; private set; }

        /// <summary>Starts it.</summary>
        public void Begin(long nowMs, bool json)
        {
            _failures = 0;
            _skipped = "";
            _limited = "";
            _json = json;
            _stage = 1;
            _sinceMs = nowMs;
            Passed = false;
        }

        /// <summary>Ends it without a result.</summary>
        public void Cancel() => _stage = 0;

        /// <summary>One turn. A line to show, or null.</summary>
        public string? Step(long nowMs)
        {
            switch (_stage)
            {
                case 1:
                    Parts();
                    return Next(nowMs, "parts and sensors read");
                case 2:
                    return WaitForChips(nowMs);
                case 3:
                    Rails();
                    return Next(nowMs, "rails, fans and chips read; judging the hash rate for 60 s");
                case 4:
                    return WaitForHashes(nowMs);
                default:
                    End();
                    _stage = 0;
                    return null;
            }
        }

        private string? Next(long nowMs, string text)
        {
            _stage++;
            _sinceMs = nowMs;
            IMiner? miner = _agent.Miner;
            _nonces = miner == null ? 0 : miner.ValidNonces;
            return _json ? null : "  " + text;
        }

        private string? Skip(string why)
        {
            _skipped = why;
            _stage = 5;
            return _json ? null : "  skipped: " + why;
        }

        private void Parts()
        {
            SafetyInputs m = _agent.Power.Measured;
            BoardLimits limits = _agent.Board.Description.Limits;
            if (!m.PartsReady)
            {
                Fail("parts refused their settings", "check supply and I2C wires");
            }

            if (!m.ChipValid)
            {
                Fail("no chip temperature", "check sensor and diode wires");
            }

            if (!m.RegulatorValid)
            {
                Fail("regulator does not answer", "check I2C wires and the supply");
            }
            else if (m.Regulator.InputMilliVolts < limits.InputMinMilliVolts || m.Regulator.InputMilliVolts > limits.InputMaxMilliVolts)
            {
                Fail("input " + Report.Thousandths(m.Regulator.InputMilliVolts) + " V, limits " + Report.Thousandths(limits.InputMinMilliVolts) + " to " + Report.Thousandths(limits.InputMaxMilliVolts) + " V", "check the supply, its cable and plug");
            }

            if (_agent.Power.LatchedFault != SafetyRule.None)
            {
                Fail("fault " + SafetyRuleName.Of(_agent.Power.LatchedFault) + " is latched", "see events for what happened, put it right, then clear-fault");
            }

            Fans();
        }

        private void Fans()
        {
            SafetyInputs m = _agent.Power.Measured;
            for (int i = 0; i < m.FanCount; i++)
            {
                if (m.FanPercent[i] > 0 && m.FanRpm[i] < _agent.Board.Description.Limits.FanMinRpm)
                {
                    Fail("fan " + (i + 1).ToString() + " at " + m.FanRpm[i].ToString() + " rpm, driven at " + m.FanPercent[i].ToString() + " %", "check its plug and blades");
                }
            }
        }

        private string? WaitForChips(long nowMs)
        {
            BoardSnapshot s = _agent.Snapshot;
            if (s.EffectivePoint == 0)
            {
                return Skip("chips stay without power, the effective point is sleep (" + s.Reason + ")");
            }

            if (s.Mode == BoardMode.Running)
            {
                if (s.EffectivePoint < _agent.Power.Ladder.Top)
                {
                    _limited = "points above " + s.EffectivePoint.ToString() + ": " + BoardName.Of(s.LimitedBy) + " allows no more";
                }

                return Next(nowMs, "chips run at point " + s.EffectivePoint.ToString() + " of " + _agent.Power.Ladder.Top.ToString());
            }

            if (s.Mode == BoardMode.Fault || nowMs - _sinceMs >= StartMs)
            {
                string? chain = _agent.Board.Chain.Fault;
                Fail("chips did not run: " + s.Reason, chain ?? "see events");
                _stage = 5;
            }

            return null;
        }

        private void Rails()
        {
            SafetyInputs m = _agent.Power.Measured;
            int set = _agent.Power.MilliVolts;
            int off = m.Regulator.OutputMilliVolts - set;
            if (m.RegulatorValid && (off * 20 > set || -off * 20 > set))
            {
                Fail("core at " + Report.Thousandths(m.Regulator.OutputMilliVolts) + " V, set " + Report.Thousandths(set) + " V", "check regulator and load");
            }

            IHashChain chain = _agent.Board.Chain;
            if (chain.ChipsFound != chain.ChipCount)
            {
                Fail(chain.ChipsFound.ToString() + " of " + chain.ChipCount.ToString() + " chips answered", "check the chip after the last that did, its clock and reset");
            }

            Fans();
        }

        private string? WaitForHashes(long nowMs)
        {
            IMiner? miner = _agent.Miner;
            if (miner == null || !miner.HasWork)
            {
                return Skip("no hash rate without work: check the pool");
            }

            if (_agent.Snapshot.Mode != BoardMode.Running)
            {
                return Skip("no hash rate: an order moved the board");
            }

            if (nowMs - _sinceMs < HashMs)
            {
                return null;
            }

            long nonces = miner.ValidNonces - _nonces;
            long ghs = nonces * miner.TicketDifficulty * 4295L / (nowMs - _sinceMs);
            long expected = _agent.Power.Ladder.HashGhsFor(_agent.Board.Chain.FreqKhz);

            // With few nonces chance alone reaches this far: three standard deviations.
            long margin = nonces < 225 ? 60 : HashPercent;
            if (ghs * 100 < expected * margin)
            {
                Fail(ghs.ToString() + " GH/s where " + expected.ToString() + " are expected", "check cooling, core voltage, and hw errors in chips");
            }

            return Next(nowMs, ghs.ToString() + " GH/s, expected " + expected.ToString());
        }

        private void Fail(string what, string cause)
        {
            for (int i = 0; i < _failures; i++)
            {
                if (_failed[i] == what)
                {
                    return;
                }
            }

            if (_failures < MaxFindings)
            {
                _causes[_failures] = cause;
                _failed[_failures++] = what;
            }
        }

        private void Skipped(string key, string what)
        {
            if (what.Length > 0)
            {
                _report.Text("not tested", key, what);
            }
        }

        private void End()
        {
            Passed = _failures == 0;
            _report.Begin(_json);
            _report.Text("result", "result", Passed ? "PASS" : "FAIL");
            Skipped("skipped", _skipped);
            Skipped("notTested", _limited);
            _report.Table("failed", Passed ? "nothing failed" : "what failed: what to look at");
            for (int i = 0; i < _failures; i++)
            {
                _report.Row();
                _report.Cell(i + 1, 2);
                if (_json)
                {
                    _report.Cell(_failed[i], 0);
                    _report.Cell(_causes[i], 0);
                }
                else
                {
                    _report.Cell(_failed[i] + ": " + _causes[i], 0);
                }

                _report.EndRow();
            }

            _report.EndTable();
            _report.End();
        }
    }
}
