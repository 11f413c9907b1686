using System.Text;
using System.Text.Json;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>Whatever a pool sends, the client neither throws nor hangs, and logs in again afterwards.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Valid =
    [
        TestJob.NotifyLine(),
        TestJob.NotifyLine("b", clean: true),
        """{"id":null,"method":"mining.set_difficulty","params":[0.5e3]}""",
        """{"id":null,"method":"mining.set_extranonce","params":["08000002",4]}""",
        """{"id":null,"method":"mining.set_version_mask","params":["00fff000"]}""",
        """{"id":null,"method":"client.reconnect","params":["a.example",3333,1]}""",
        """{"id":5,"method":"client.show_message","params":["hello"]}""",
        """{"id":6,"method":"client.get_version","params":[]}""",
        """{"id":"x","method":"mining.ping"}""",
        """{"id":4,"result":true,"error":null}""",
        """{"id":4,"result":null,"error":[21,"Job not found",null]}""",
        """{"id":2,"result":[[["mining.notify","1"]],"4128064f",4],"error":null}""",
        """{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null}""",
    ];

    [Fact]
    public void A_hundred_thousand_mangled_lines_never_throw_and_never_hang()
    {
        const int seed = 20260722;
        var random = new Random(seed);
        var bench = new Bench(Profiles.Bm1370(28), difficulty: "1");
        bench.Link.OnLine = ScriptedPool.Login(TestJob.NotifyLine(), difficulty: "1");
        int ready = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = Mangled(random);
            try
            {
                if (bench.Link.State == TcpState.Open)
                    bench.Link.SendRaw(bytes);
                bench.Clock.NowMs += 20;
                bench.Miner.Step(bench.Clock.NowMs, true, true);
                if (bench.Client.Phase != PoolPhase.Ready)
                    bench.Clock.NowMs += 2000;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}, bytes {Convert.ToHexString(bytes)}: {e}");
            }

            ready += bench.Client.Phase == PoolPhase.Ready ? 1 : 0;
            bench.Link.Lines.Clear();
            bench.Chain.Sent.Clear();
            bench.Link.Connects.Clear();
        }

        // It was in a session for most of it, so the lines met the code that they were meant for.
        Assert.InRange(ready, 50_000, 100_000);
        Assert.True(bench.Client.Counters.Malformed > 10_000);
        Assert.True(bench.Client.JobSerial > 1_000);

        // And a clean line works at the end.
        bench.Client.Restart(bench.Clock.NowMs);
        bench.Run(2000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.True(bench.Client.HasJob);
    }

    [Fact]
    public void The_tokenizer_accepts_what_the_platform_accepts_inside_its_bounds()
    {
        const int seed = 7;
        var random = new Random(seed);
        var json = new JsonTokens();
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = Mangled(random)[..^1];
            bool platform;
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = JsonTokens.MaxDepth });
                platform = true;
            }
            catch (JsonException)
            {
                platform = false;
            }

            bool ours = json.Parse(bytes, 0, bytes.Length);
            Assert.True(!platform || ours, $"seed {seed}, case {i}: {Encoding.UTF8.GetString(bytes)}");
            accepted += platform ? 1 : 0;
        }

        Assert.True(accepted > 1000);
    }

    private static byte[] Mangled(Random random)
    {
        byte[] line = Encoding.UTF8.GetBytes(Valid[random.Next(Valid.Length)]);
        switch (random.Next(8))
        {
            case 0:
                line = new byte[random.Next(200)];
                random.NextBytes(line);
                break;
            case 1:
                line = line[..random.Next(line.Length)];
                break;
            case 2:
            case 3:
                for (int k = random.Next(1, 4); k > 0; k--)
                    line[random.Next(line.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                const string pieces = "[]{}\",:0-1e.ntrue\\u";
                for (int k = random.Next(1, 6); k > 0; k--)
                    line[random.Next(line.Length)] = (byte)pieces[random.Next(pieces.Length)];
                break;
            case 5:
                int at = random.Next(line.Length);
                line = [.. line[..at], .. line[random.Next(line.Length)..]];
                break;
            default:
                break;
        }

        return [.. line, (byte)'\n'];
    }
}
