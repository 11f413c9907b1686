using System.Text;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Power;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Read-only HTTP for the tools that owners already have: <c>GET /api/system/info</c> in the shape that AxeOS serves. It knows requests
    /// and answers as bytes; sockets belong to the device. Anything else is 404 or 405, and nothing can be changed. No secret is in it.
    /// </summary>
    public sealed class LocalApi
    {
        /// <summary>Room that the largest answer needs, bytes.</summary>
        public const int MaxResponse = 3072;

        private const string Path = "/api/system/info";

        private readonly BoardAgent _agent;
        private readonly JsonWriter _json = new JsonWriter();
        private readonly byte[] _body = new byte[MaxResponse - 256];

        /// <summary>Makes the interface of a board.</summary>
        public LocalApi(BoardAgent agent)
        {
            _agent = agent;
        }

        /// <summary>Answers the first line of a request. The length of the answer in <paramref name="into"/>.</summary>
        public int Respond(byte[] request, int count, byte[] into)
        {
            int method = Word(request, count, 0);
            int path = method < 0 ? -1 : Word(request, count, method + 1);
            if (path < 0)
            {
                return Head(into, "400 Bad Request", 0);
            }

            if (!Is(request, 0, method, "GET"))
            {
                return Head(into, "405 Method Not Allowed", 0);
            }

            int end = path;
            for (int i = method + 1; i < path; i++)
            {
                if (request[i] == (byte)'?')
                {
                    end = i;
                    break;
                }
            }

            if (!Is(request, method + 1, end, Path))
            {
                return Head(into, "404 Not Found", 0);
            }

            int length = Write();
            int head = Head(into, "200 OK", length);
            System.Array.Copy(_body, 0, into, head, length);
            return head + length;
        }

        private static int Head(byte[] into, string status, int length)
        {
            string head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + length.ToString()
                + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
            byte[] bytes = Encoding.UTF8.GetBytes(head);
            System.Array.Copy(bytes, 0, into, 0, bytes.Length);
            return bytes.Length;
        }

        private int Write()
        {
            JsonWriter w = _json;
            BoardSnapshot s = _agent.Snapshot;
            SafetyInputs m = _agent.Power.Measured;
            RegulatorReading r = m.Regulator;
            w.Begin(_body, 0, _body.Length);
            w.OpenObject();
            w.Number("power", s.PowerMw / 1000);
            w.Number("voltage", m.RegulatorValid ? r.InputMilliVolts : 0);
            w.Number("current", m.RegulatorValid && r.InputMilliVolts > 0 ? (long)s.PowerMw * 1000 / r.InputMilliVolts : 0);
            w.Number("temp", m.ChipValid ? m.ChipMilliC / 1000 : 0);
            w.Number("vrTemp", m.RegulatorValid ? r.TemperatureMilliC / 1000 : 0);
            w.Number("maxPower", _agent.Power.Ladder.Ladder.PowerMw(_agent.Power.Ladder.Top) / 1000);
            w.Number("nominalVoltage", 5);
            w.Number("coreVoltage", _agent.Power.MilliVolts);
            w.Number("coreVoltageActual", m.RegulatorValid ? r.OutputMilliVolts : 0);
            w.Number("frequency", s.FreqKhz / 1000);
            w.Number("expectedHashrate", s.FreqKhz > 0 ? _agent.Power.Ladder.HashGhsFor(s.FreqKhz) : 0);
            w.Number("fanspeed", _agent.Power.FanPercent < 0 ? 0 : _agent.Power.FanPercent);
            w.Number("fanrpm", m.FanCount > 0 && m.FanRpm[0] > 0 ? m.FanRpm[0] : 0);
            w.Number("autofanspeed", 1);
            w.Number("overheat_mode", s.LatchedFault == SafetyRule.S03 || s.LatchedFault == SafetyRule.S04 ? 1 : 0);
            w.Bool("miningPaused", !s.Powered);
            WriteWork(w);
            w.Text("ASICModel", _agent.Board.Description.Chip.Name);
            w.Number("asicCount", _agent.Board.Description.ChipCount);
            w.Number("smallCoreCount", _agent.Board.Description.Chip.SmallCores);
            w.Text("deviceModel", _agent.Board.Description.Model);
            w.Text("hostname", _agent.Settings.Board.Length == 0 ? "ballast" : _agent.Settings.Board);
            w.Text("version", _agent.Settings.Firmware);
            w.Text("axeOSVersion", "ballast-" + _agent.Settings.Firmware);
            w.Number("uptimeSeconds", (_agent.NowMs - _agent.StartedMs) / 1000);
            w.OpenObject("ballast");
            w.Text("mode", BoardName.Of(s.Mode));
            w.Text("reason", s.Reason);
            w.Text("limitedBy", BoardName.Of(s.LimitedBy));
            w.Number("effectiveMw", s.EffectiveMw);
            w.Bool("enrolled", _agent.Record.Enrolled);
            w.CloseObject();
            w.CloseObject();
            return w.Length;
        }

        private void WriteWork(JsonWriter w)
        {
            IMiner? miner = _agent.Miner;
            if (miner == null)
            {
                return;
            }

            w.Number("hashRate", miner.HashGhs);
            w.Number("sharesAccepted", miner.Accepted);
            w.Number("sharesRejected", miner.Rejected);
            PoolMiner? pool = miner as PoolMiner;
            if (pool == null)
            {
                return;
            }

            MinerStats stats = pool.Miner.Stats;
            w.Number("bestDiff", stats.BestDifficulty);
            w.Number("bestSessionDiff", stats.BestDifficulty);
            w.Number("foundBlocks", stats.BlocksFound);
            w.Number("blockFound", stats.BlocksFound > 0 ? 1 : 0);
            PoolClient client = pool.Miner.Pool;
            w.Number("isUsingFallbackStratum", client.PoolIndex > 0 ? 1 : 0);
            PoolEndpoint? e = client.Settings.Pool(client.PoolIndex);
            if (e != null)
            {
                w.Text("stratumURL", e.Host);
                w.Number("stratumPort", e.Port);
                w.Text("stratumUser", e.User);
            }
        }

        /// <summary>Index of the blank that ends a word, or -1.</summary>
        private static int Word(byte[] text, int count, int from)
        {
            for (int i = from; i < count && text[i] != (byte)'\r' && text[i] != (byte)'\n'; i++)
            {
                if (text[i] == (byte)' ')
                {
                    return i;
                }
            }

            return -1;
        }

        private static bool Is(byte[] text, int from, int to, string word)
        {
            if (to - from != word.Length)
            {
                return false;
            }

            for (int i = 0; i < word.Length; i++)
            {
                if (text[from + i] != (byte)word[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
