using System.Text;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// What the local page tells, under the names that AxeOS uses: W, mV at the input, mA, °C, MHz, GH/s, s; flags as 0 and 1. What this board
    /// does not know (heap, screen, signal strength) is left out. Whatever is Ballast's own stands below <c>ballast</c>.
    /// </summary>
    internal sealed class LocalInfo
    {
        private readonly BoardAgent _agent;
        private readonly JsonWriter _json = new JsonWriter();

        internal LocalInfo(BoardAgent agent)
        {
            _agent = agent;
        }

        internal string MacAddress { get; set; } = "";

        /// <summary>A refusal. Its length.</summary>
        internal static int WriteError(byte[] into, string why)
        {
            JsonWriter w = new JsonWriter();
            w.Begin(into, 0, into.Length);
            w.OpenObject();
            w.Text("error", why);
            w.CloseObject();
            return w.Length;
        }

        /// <summary>A page for people, and for scanners that look for the name of the interface in it. Its length.</summary>
        internal int WritePage(byte[] into)
        {
            BoardSnapshot s = _agent.Snapshot;
            string text = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Ballast board " + Host + "</title></head><body><h1>Ballast board " + Host
                + "</h1><p>" + _agent.Board.Description.Model + ", " + BoardName.Of(s.Mode) + ": " + s.Reason
                + "</p><p>Read-only, in the shape of AxeOS: <a href=\"/api/system/info\">/api/system/info</a>, <a href=\"/api/system/asic\">/api/system/asic</a></p></body></html>\n";
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length > into.Length)
            {
                return 0;
            }

            System.Array.Copy(bytes, 0, into, 0, bytes.Length);
            return bytes.Length;
        }

        /// <summary>The chips and the points that this board can run at. Its length.</summary>
        internal int WriteAsic(byte[] into)
        {
            BoardDescription d = _agent.Board.Description;
            JsonWriter w = _json;
            w.Begin(into, 0, into.Length);
            w.OpenObject();
            w.Text("ASICModel", d.Chip.Name);
            w.Text("deviceModel", d.Model);
            w.Text("swarmColor", "gray");
            w.Number("asicCount", d.ChipCount);
            w.Number("defaultFrequency", d.Points[d.NominalPoint].FreqKhz / 1000);
            w.OpenArray("frequencyOptions");
            for (int i = 1; i < d.Points.Length; i++)
            {
                w.Number(d.Points[i].FreqKhz / 1000);
            }

            w.CloseArray();
            w.Number("defaultVoltage", d.Points[d.NominalPoint].MilliVolts);
            w.OpenArray("voltageOptions");
            for (int i = 1; i < d.Points.Length; i++)
            {
                w.Number(d.Points[i].MilliVolts);
            }

            w.CloseArray();
            w.CloseObject();
            return w.Length;
        }

        /// <summary>Everything. Its length.</summary>
        internal int WriteInfo(byte[] into)
        {
            JsonWriter w = _json;
            BoardDescription d = _agent.Board.Description;
            w.Begin(into, 0, into.Length);
            w.OpenObject();
            WritePower(w);
            WriteHeat(w);
            WriteWork(w);
            w.Text("ASICModel", d.Chip.Name);
            w.Number("asicCount", d.ChipCount);
            w.Number("smallCoreCount", d.Chip.SmallCores);
            w.Text("deviceModel", d.Model);
            w.Text("boardVersion", d.Model);
            w.Text("hostname", Host);
            if (MacAddress.Length > 0)
            {
                w.Text("macAddr", MacAddress);
            }

            w.Text("version", "ballast-" + _agent.Settings.Firmware);
            w.Text("axeOSVersion", "ballast-" + _agent.Settings.Firmware);
            w.Number("uptimeSeconds", (_agent.NowMs - _agent.StartedMs) / 1000);
            WriteOwn(w);
            w.CloseObject();
            return w.Length;
        }

        private string Host => _agent.Settings.Board.Length == 0 ? "ballast" : _agent.Settings.Board;

        private void WritePower(JsonWriter w)
        {
            BoardSnapshot s = _agent.Snapshot;
            SafetyInputs m = _agent.Power.Measured;
            RegulatorReading r = m.Regulator;
            BoardLadder ladder = _agent.Power.Ladder;
            w.Milli("power", s.PowerMw);
            w.Number("voltage", m.RegulatorValid ? r.InputMilliVolts : 0);
            w.Number("current", m.RegulatorValid && r.InputMilliVolts > 0 ? (long)s.PowerMw * 1000 / r.InputMilliVolts : 0);
            w.Number("maxPower", (ladder.Ladder.PowerMw(ladder.Top) + 999) / 1000);
            w.Number("nominalVoltage", 5);
            w.Number("coreVoltage", _agent.Power.MilliVolts);
            w.Number("coreVoltageActual", m.RegulatorValid ? r.OutputMilliVolts : 0);
            w.Milli("frequency", s.FreqKhz);
            w.Number("expectedHashrate", s.FreqKhz > 0 ? ladder.HashGhsFor(s.FreqKhz) : 0);
            w.Bool("miningPaused", !s.Powered);
            w.Number("overclockEnabled", 0);
            if (s.LatchedFault != SafetyRule.None)
            {
                w.Text("power_fault", SafetyRuleName.Of(s.LatchedFault));
            }
        }

        private void WriteHeat(JsonWriter w)
        {
            SafetyInputs m = _agent.Power.Measured;
            BoardLimits limits = _agent.Board.Description.Limits;
            SafetyRule fault = _agent.Snapshot.LatchedFault;
            w.Milli("temp", m.ChipValid ? m.ChipMilliC : 0);
            w.Milli("vrTemp", m.RegulatorValid ? m.Regulator.TemperatureMilliC : 0);
            w.Number("temptarget", limits.ChipTargetMilliC / 1000);
            w.Number("overheat_mode", fault == SafetyRule.S03 || fault == SafetyRule.S04 ? 1 : 0);
            w.Number("fanspeed", _agent.Power.FanPercent < 0 ? 0 : _agent.Power.FanPercent);
            w.Number("fanrpm", m.FanCount > 0 && m.FanRpm[0] > 0 ? m.FanRpm[0] : 0);
            w.Number("minimumFanSpeed", limits.FanFloorPercent);
            w.Number("autofanspeed", 1);
        }

        private void WriteWork(JsonWriter w)
        {
            // A board that is told apart by its chips must have these members from the first moment on.
            IMiner? miner = _agent.Miner;
            PoolMiner? pool = miner as PoolMiner;
            MinerStats? stats = pool?.Miner.Stats;
            w.Number("hashRate", miner == null ? 0 : miner.HashGhs);
            w.Number("sharesAccepted", miner == null ? 0 : miner.Accepted);
            w.Number("sharesRejected", miner == null ? 0 : miner.Rejected);
            WriteRejected(w, pool?.Miner.Pool.Counters);
            w.Number("bestDiff", stats == null ? 0 : stats.BestDifficulty);
            w.Number("bestSessionDiff", stats == null ? 0 : stats.BestDifficulty);
            w.Number("foundBlocks", stats == null ? 0 : stats.BlocksFound);
            w.Number("blockFound", stats == null ? 0 : stats.BlocksFound);
            PoolClient? client = pool?.Miner.Pool;
            int first = client == null ? -1 : client.Settings.First();
            w.Number("isUsingFallbackStratum", client != null && client.PoolIndex != first ? 1 : 0);
            w.Number("poolDifficulty", client != null && client.HasJob ? client.Job.Difficulty.Floor() : 0);
            WritePool(w, first < 0 ? null : client!.Settings.Pool(first), "stratumURL", "stratumPort", "stratumUser");
            PoolEndpoint? next = first < 0 || client!.Settings.Next(first) == first ? null : client.Settings.Pool(client.Settings.Next(first));
            WritePool(w, next, "fallbackStratumURL", "fallbackStratumPort", "fallbackStratumUser");
        }

        private static void WritePool(JsonWriter w, PoolEndpoint? pool, string url, string port, string user)
        {
            w.Text(url, pool == null ? "" : pool.Host);
            w.Number(port, pool == null ? 0 : pool.Port);
            w.Text(user, pool == null ? "" : pool.User);
        }

        private static void WriteRejected(JsonWriter w, PoolCounters? counters)
        {
            w.OpenArray("sharesRejectedReasons");
            for (int i = 0; counters != null && i < PoolCounters.Reasons; i++)
            {
                if (counters.Rejected[i] > 0)
                {
                    w.OpenObject();
                    w.Text("message", ReasonText((ShareReject)i));
                    w.Number("count", counters.Rejected[i]);
                    w.CloseObject();
                }
            }

            w.CloseArray();
        }

        private static string ReasonText(ShareReject reason)
        {
            switch (reason)
            {
                case ShareReject.Stale: return "Job not found";
                case ShareReject.Duplicate: return "Duplicate share";
                case ShareReject.LowDifficulty: return "Low difficulty";
                case ShareReject.Unauthorized: return "Unauthorized worker";
                case ShareReject.NotSubscribed: return "Not subscribed";
                case ShareReject.Time: return "Time out of range";
                default: return "Other";
            }
        }

        private void WriteOwn(JsonWriter w)
        {
            BoardSnapshot s = _agent.Snapshot;
            w.OpenObject("ballast");
            w.Text("mode", BoardName.Of(s.Mode));
            w.Text("reason", s.Reason);
            w.Text("limitedBy", BoardName.Of(s.LimitedBy));
            w.Number("effectiveMw", s.EffectiveMw);
            w.Bool("enrolled", _agent.Record.Enrolled);
            w.Bool("admitted", s.Admitted);
            w.CloseObject();
        }
    }
}
