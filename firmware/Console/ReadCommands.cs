using Ballast.Firmware.Agent;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Power;
using Ballast.Hw.Asic;
using Ballast.Wire;

namespace Ballast.Firmware.Console
{
    /// <summary>The commands that only look.</summary>
    public sealed class ReadCommands
    {
        private static readonly string[] Names = { "status", "temps", "chips", "fans", "volts", "pools", "ladder", "order", "events", "log" };

        private readonly BoardAgent _agent;
        private readonly Report _report;

        /// <summary>Makes the commands of a board.</summary>
        public ReadCommands(BoardAgent agent, Report report)
        {
            _agent = agent;
            _report = report;
        }

        /// <summary>True if there is such a command.</summary>
        public bool Knows(string name) => IndexOf(name) >= 0;

        /// <summary>Runs one that <see cref="Knows"/> knows.</summary>
        public void Run(string name, bool json)
        {
            _report.Begin(json);
            switch (IndexOf(name))
            {
                case 0: Status(); break;
                case 1: Temps(); break;
                case 2: Chips(); break;
                case 3: Fans(); break;
                case 4: Volts(); break;
                case 5: Pools(); break;
                case 6: LadderTable(); break;
                case 7: Order(); break;
                case 8: Events(); break;
                default: Log(); break;
            }

            _report.End();
        }

        private static int IndexOf(string name)
        {
            for (int i = 0; i < Names.Length; i++)
            {
                if (Names[i] == name)
                {
                    return i;
                }
            }

            return -1;
        }

        private void Status()
        {
            BoardSnapshot s = _agent.Snapshot;
            BoardSettings settings = _agent.Settings;
            _report.Text("board", "board", settings.Site + "/" + settings.Pod + "/" + settings.Board + " " + _agent.Board.Description.Model);
            _report.Text("serial", "serial", settings.Serial);
            _report.Text("firmware", "firmware", settings.Firmware);
            _report.Text("mode", "mode", BoardName.Of(s.Mode));
            _report.Text("why", "reason", s.Reason);
            _report.Text("life", "life", _agent.Record.Enrolled ? "enrolled" : "standalone");
            _report.Number("effective point", "point", s.EffectivePoint, "");
            _report.Milli("allowed", "effectiveMw", s.EffectiveMw, "W");
            _report.Milli("drawn (estimate)", "powerMw", s.PowerMw, "W");
            _report.Milli("clock", "freqKhz", s.FreqKhz, "MHz");
            IMiner? miner = _agent.Miner;
            if (miner != null)
            {
                _report.Number("hash rate", "hashGhs", miner.HashGhs, "GH/s");
                _report.Number("shares accepted", "accepted", miner.Accepted, "");
                _report.Number("shares rejected", "rejected", miner.Rejected, "");
                _report.Number("hardware errors", "hwErrors", miner.HwErrors, "");
            }

            SafetyInputs m = _agent.Power.Measured;
            Temperature(m);
            _report.Flag("broker connected", "link", _agent.LinkUp);
            _report.Flag("admitted", "admitted", s.Admitted);
            _report.Text("latched fault", "fault", s.LatchedFault == SafetyRule.None ? "none" : SafetyRuleName.Of(s.LatchedFault));
            _report.Number("up", "uptimeS", (_agent.NowMs - _agent.StartedMs) / 1000, "s");
        }

        private void Temperature(SafetyInputs m)
        {
            if (m.ChipValid)
            {
                _report.Milli("chip", "chipMilliC", m.ChipMilliC, "C");
            }
            else
            {
                _report.Unknown("chip");
            }
        }

        private void Temps()
        {
            SafetyInputs m = _agent.Power.Measured;
            Ballast.Hw.Boards.BoardLimits limits = _agent.Board.Description.Limits;
            Temperature(m);
            _report.Milli("chip target", "chipTargetMilliC", limits.ChipTargetMilliC, "C");
            _report.Milli("chip limit", "chipMaxMilliC", limits.ChipMaxMilliC, "C");
            if (m.RegulatorValid)
            {
                _report.Milli("regulator", "vrMilliC", m.Regulator.TemperatureMilliC, "C");
            }
            else
            {
                _report.Unknown("regulator");
            }

            _report.Milli("regulator limit", "vrMaxMilliC", limits.RegulatorMaxMilliC, "C");
            _report.Number("derated to point", "derateCap", _agent.Power.Derate.Cap, "");
        }

        private void Fans()
        {
            SafetyInputs m = _agent.Power.Measured;
            _report.Table("fans", " fan   duty %      rpm");
            for (int i = 0; i < m.FanCount; i++)
            {
                _report.Row();
                _report.Cell(i + 1, 4);
                _report.Cell(m.FanPercent[i], 9);
                _report.Cell(m.FanRpm[i], 9);
                _report.EndRow();
            }

            _report.EndTable();
            _report.Number("slowest allowed", "minRpm", _agent.Board.Description.Limits.FanMinRpm, "rpm");
        }

        private void Volts()
        {
            SafetyInputs m = _agent.Power.Measured;
            _report.Flag("regulator on", "powered", _agent.Power.Powered);
            _report.Milli("core set", "setMv", _agent.Power.MilliVolts, "V");
            if (!m.RegulatorValid)
            {
                _report.Unknown("regulator");
                return;
            }

            _report.Milli("core", "coreMv", m.Regulator.OutputMilliVolts, "V");
            _report.Milli("core current", "coreMa", m.Regulator.OutputMilliAmps, "A");
            _report.Milli("input", "inputMv", m.Regulator.InputMilliVolts, "V");
            _report.Number("fault bits", "faults", (long)m.Faults, "");
        }

        private void Chips()
        {
            IHashChain chain = _agent.Board.Chain;
            Miner? miner = (_agent.Miner as PoolMiner)?.Miner;
            _report.Text("type", "chip", chain.Profile.Name);
            _report.Number("on the board", "expected", chain.ChipCount, "");
            _report.Number("answered", "found", chain.ChipsFound, "");
            _report.Text("chain", "chain", ChainText(chain.State));
            if (chain.Fault != null)
            {
                _report.Text("fault", "fault", chain.Fault);
            }

            _report.Number("good frames", "goodFrames", chain.Counters.GoodFrames, "");
            _report.Number("skipped bytes", "skippedBytes", chain.Counters.SkippedBytes, "");
            _report.Table("chips", "chip    cores    nonces  hw errors   GH/s");
            int shown = chain.ChipCount < MinerStats.MaxChips ? chain.ChipCount : MinerStats.MaxChips;
            for (int i = 0; i < shown; i++)
            {
                _report.Row();
                _report.Cell(i, 4);
                _report.Cell(chain.WorkingCores(i), 9);
                _report.Cell(miner == null ? 0 : miner.Stats.NoncesByChip[i], 10);
                _report.Cell(miner == null ? 0 : miner.Stats.HwErrorsByChip[i], 11);
                _report.Cell(chain.ChipHashGhs(i), 7);
                _report.EndRow();
            }

            _report.EndTable();
        }

        private static string ChainText(ChainState state)
        {
            switch (state)
            {
                case ChainState.BringUp: return "coming up";
                case ChainState.Running: return "running";
                case ChainState.Failed: return "failed";
                default: return "in reset";
            }
        }

        private void Pools()
        {
            Miner? miner = (_agent.Miner as PoolMiner)?.Miner;
            PoolClient? pool = miner?.Pool;
            if (miner == null || pool == null)
            {
                _report.Text("pools", "pools", "this board has no pool client");
                return;
            }

            _report.Number("in use", "poolIndex", pool.PoolIndex, "");
            _report.Flag("has work", "hasWork", pool.HasJob);
            _report.Table("pools", "pool  address                            user");
            for (int i = 0; i < PoolSettings.MaxPools; i++)
            {
                PoolEndpoint? e = pool.Settings.Pool(i);
                if (e == null)
                {
                    continue;
                }

                _report.Row();
                _report.Cell(i, 4);
                _report.Cell((e.Tls ? "tls " : "") + e.Host + ":" + e.Port.ToString(), 33);
                _report.Cell(e.User, 0);
                _report.EndRow();
            }

            _report.EndTable();
            _report.Number("sessions", "sessions", pool.Counters.Sessions, "");
            _report.Number("failures", "failures", pool.Counters.Failures, "");
            _report.Number("accepted", "accepted", pool.Counters.Accepted, "");
            _report.Number("rejected", "rejected", pool.Counters.RejectedTotal(), "");
            _report.Number("stale", "stale", miner.Stats.Stale, "");
            _report.Number("lost without session", "sharesLost", miner.Stats.SharesLost, "");
            _report.Number("blocks found", "blocksFound", miner.Stats.BlocksFound, "");
            _report.Number("blocks sent late", "blocksSentLate", miner.Stats.BlocksSentLate, "");
            _report.Number("never answered", "unanswered", pool.Counters.Unanswered, "");
            _report.Number("nonce to submit", "submitDelayMs", miner.Stats.SubmitDelayMs, "ms");
            _report.Number("nonce to submit, most", "submitDelayMaxMs", miner.Stats.SubmitDelayMaxMs, "ms");
            _report.Number("last reply", "lastReplyMs", pool.Counters.LastReplyMs, "ms");
        }

        private void LadderTable()
        {
            BoardLadder ladder = _agent.Power.Ladder;
            _report.Text("id", "ladderId", ladder.Ladder.Id.ToString());
            _report.Table("ladder", "point      MHz       mV       mW     GH/s");
            for (int i = 0; i <= ladder.Top; i++)
            {
                _report.Row();
                _report.Cell(i, 5);
                _report.Cell(ladder.FreqKhz(i) / 1000, 9);
                _report.Cell(ladder.MilliVolts(i), 9);
                _report.Cell(ladder.Ladder.PowerMw(i), 9);
                _report.Cell(ladder.Ladder.HashGhs(i), 9);
                _report.EndRow();
            }

            _report.EndTable();
            BoardLadder? offered = _agent.Offered;
            _report.Text("offered id", "offeredId", offered == null ? "none" : offered.Ladder.Id.ToString());
        }

        private void Order()
        {
            BoardSnapshot s = _agent.Snapshot;
            Grid.BoardRecord r = _agent.Record;
            _report.Text("limited by", "limitedBy", BoardName.Of(s.LimitedBy));
            _report.Milli("allowed", "effectiveMw", s.EffectiveMw, "W");
            _report.Flag("admitted", "admitted", s.Admitted);
            _report.Number("epoch", "epoch", s.DispatchEpoch, "");
            _report.Number("seq", "seq", s.DispatchSeq, "");
            _report.Number("order", "orderId", s.OrderId, "");
            _report.Text("class", "class", OrderClassName.Of(r.Order.Class));
            bool all = r.Order.LimitMjPerTh == int.MaxValue;
            _report.Milli("limit", "limitMjPerTh", r.Order.LimitMjPerTh, all ? "everything on" : "J/TH", all ? "-" : null);
            _report.Number("share of equals", "share", r.Order.Share, "");
            long left = s.LeaseEndMs - _agent.NowMs;
            _report.Number("lease left", "leaseLeftS", left > 0 ? left / 1000 : 0, "s");
            Cap(r);
            _report.Number("failsafe", "failsafeW", r.FailsafeW, "W");
            _report.Flag("emergency latch, pod", "latchDispatch", s.LatchDispatch);
            _report.Flag("emergency latch, board", "latchSet", s.LatchSet);
            _report.Flag("locked out", "lockedOut", r.LockedOut);
            for (int i = 1; i < s.Rejects.Length; i++)
            {
                if (s.Rejects[i] > 0)
                {
                    _report.Number("refused: " + RejectName.Of((Reject)i), "refused-" + RejectName.Of((Reject)i), s.Rejects[i], "");
                }
            }
        }

        private void Cap(Grid.BoardRecord r)
        {
            if (r.HasPowerW)
            {
                _report.Number("cap of this board", "powerW", r.PowerW, "W");
            }
            else
            {
                _report.Unknown("cap of this board", "none");
            }
        }

        private void Events()
        {
            _report.Table("events", _agent.Power.Events.Total == 0 ? "none since the start" : "  ago s  rule  what (value / limit)");
            for (int i = 0; i < SafetyEvents.Capacity; i++)
            {
                SafetyEvent? e = _agent.Power.Events.Recent(i);
                if (e == null)
                {
                    break;
                }

                _report.Row();
                _report.Cell((_agent.NowMs - e.AtMs) / 1000, 7);
                _report.Cell(SafetyRuleName.Of(e.Rule), 4);
                _report.Cell(e.Value.ToString() + "/" + e.Limit.ToString() + " " + e.Text, 0);
                _report.EndRow();
            }

            _report.EndTable();
        }

        private void Log()
        {
            LogRing log = _agent.Log;
            _report.Number("level kept", "logLevel", _agent.Record.LogLevel, "1 error ... 5 trace");
            _report.Table("log", "  ago s  level   what");
            for (int i = 0; i < log.Count; i++)
            {
                _report.Row();
                _report.Cell((_agent.NowMs - log.AtMs(i)) / 1000, 7);
                _report.Cell(LogRing.LevelName(log.Level(i)), 6);
                _report.Cell(log.Text(i), 0);
                _report.EndRow();
            }

            _report.EndTable();
        }
    }
}
