using System.Security.Cryptography;
using System.Text.Json;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Agent;
using Ballast.Firmware.Tests.Pool;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Sim;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>The whole way on the model of a Bitaxe Gamma: agent, drivers, wire, chip, nonces, shares, and a pool that checks them itself.</summary>
public sealed class GammaMiningTests
{
    private const int WorkShift = 28;

    [Fact]
    public void A_standalone_gamma_mines_shares_that_the_pool_accepts()
    {
        var clock = new FakeClock();
        var sim = new SimGamma(clock, new Digest(), 5, WorkShift);
        Hashboard board = BitaxeGamma.Create(sim.Io, WorkShift);
        var pool = new ScriptedPool();
        var settings = new PoolSettings();
        Assert.True(settings.TryAdd("stratum+tcp://127.0.0.1:3333", "worker", "x", out _));
        int wrong = 0;
        Action<ScriptedPool, JsonElement> login = ScriptedPool.Login(TestJob.NotifyLine(), difficulty: "256");
        var seen = new HashSet<string>();
        pool.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.submit")
            {
                login(p, line);
                return;
            }

            JsonElement share = line.GetProperty("params");
            uint version = (Convert.ToUInt32(TestJob.Text("version"), 16) & ~0x1FFFE000u) | Convert.ToUInt32(share[5].GetString(), 16);
            byte[] header = TestJob.Header("4128064f", share[2].GetString()!, version, Convert.ToUInt32(share[3].GetString(), 16), Convert.ToUInt32(share[4].GetString(), 16));
            bool good = TestJob.Number(TestJob.Double(header)) <= TestJob.Diff1(WorkShift) / 256 && seen.Add(Convert.ToHexString(header));
            wrong += good ? 0 : 1;
            if (good)
                p.Result(line, "true");
            else
                p.Error(line, """[23,"low difficulty share",null]""");
        };

        var client = new PoolClient(settings, pool, clock, new FakeEntropy(3));
        var miner = new Miner(client, board.Chain, clock, new MinerSettings());
        var agent = new BoardAgent(new BoardSettings { Site = "s1", Pod = "p1", Board = "b01", Serial = "1", StartSpreadS = 0 }, board, new FakeLink(), miner, new FakeStore(), clock, new FakeEntropy(4));
        for (int i = 0; i < 120 * 50; i++)
        {
            clock.NowMs += 20;
            sim.Step(clock.NowMs);
            agent.Step();
            Assert.Null(agent.Failure);
        }

        Assert.Equal(0, wrong);
        Assert.Equal(0, miner.Stats.Rejected);
        Assert.Equal(0, miner.Stats.HwErrors);
        Assert.Equal(0, miner.Stats.Duplicates);
        Assert.InRange(miner.Stats.Accepted, 40, 200);
        Assert.Equal(seen.Count, miner.Stats.Accepted);
        Assert.InRange(miner.Stats.HashGhs, 700, 1300);
        Assert.True(sim.Chain.JobsTaken > 150);
    }

    private sealed class Digest : IDigest
    {
        private readonly byte[] _first = new byte[32];

        public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset)
        {
            SHA256.HashData(data.AsSpan(offset, count), _first);
            SHA256.HashData(_first, hash.AsSpan(hashOffset, 32));
        }
    }
}
