using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Start;
using Ballast.Firmware.Tests.Agent;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Console;

/// <summary>After provisioning with known secrets, and after typing more, nothing that a board says holds one of them.</summary>
public class SecretsTests
{
    private static readonly string PodKey = string.Concat(Enumerable.Repeat("c0ffee41", 8));
    private static readonly string BoardKey = string.Concat(Enumerable.Repeat("c0ffee42", 8));
    private static readonly string TypedKey = string.Concat(Enumerable.Repeat("c0ffee43", 8));

    private static readonly string[] Secrets = ["c0ffee", "mqtt-s3cret", "pool-s3cret", "typed-s3cret", "wifi-s3cret", "lan-s3cret-long"];

    private static readonly string[] Commands =
    [
        "status", "temps", "chips", "fans", "volts", "pools", "ladder", "order", "events", "log", "set", "save", "wifi", "help", "identify", "clear-fault",
        "set own-point 2", "set failsafe 3", "set log-level 5", "set pool 2 stratum+tcp://10.0.0.3:3333 three", "typed-s3cret", "set pool 3 nonsense x",
        "wifi barn", "wifi-s3cret", "enroll pod 7", TypedKey, "enroll board 7", TypedKey, "enroll pod 8", TypedKey + "0", "enroll pod 300",
        "factory-reset", "no", "restart chain", "selftest",
    ];

    [Fact]
    public void No_command_report_page_or_log_tells_a_secret()
    {
        string file = $"model=bitaxe-gamma\nsite=s1\npod=p1\nboard=b01\nenrolled=1\nmqttHost=10.0.0.1\nmqttUser=u\nmqttPassword=mqtt-s3cret\npodKid=1\npodKey={PodKey}\n"
            + $"boardKid=1\nboardKey={BoardKey}\npool0Url=stratum+tcp://10.0.0.2:3333\npool0User=one\npool0Password=pool-s3cret\n";
        byte[] bytes = Encoding.ASCII.GetBytes(file);
        DeviceSettings settings = SettingsReader.TryRead(bytes, bytes.Length, out string? reason) ?? throw new InvalidOperationException(reason);

        var clock = new FakeClock();
        var fake = new FakeBoard(clock);
        var link = new FakeLink { Clock = clock };
        var pools = new PoolSettings();
        Assert.True(pools.TryAdd(settings.Board.Pools[0].Url, settings.Board.Pools[0].User, settings.Board.Pools[0].Password, out _));
        var miner = new Miner(new PoolClient(pools, new QuietLink(), clock, new FakeEntropy(1)), fake.Board.Chain, clock, new MinerSettings());
        var agent = new BoardAgent(settings.Board, fake.Board, link, miner, new FakeStore(), clock, new FakeEntropy(2));
        var port = new FakePort();
        var console = new TechnicianConsole(agent, port, new FakeDevice());
        var lanPort = new FakePort();
        var lan = new LanConsole(agent, new PasswordCheck("lan-s3cret-long"));
        lan.Begin(lanPort, clock.NowMs);
        lanPort.Type("lan-s3cret-long\r");

        void Turn(int times)
        {
            for (int i = 0; i < times; i++)
            {
                clock.NowMs += 20;
                agent.Step();
                Assert.Null(agent.Failure);
                console.Step(clock.NowMs);
                lan.Step(clock.NowMs);
            }
        }

        Turn(50);
        foreach (string suffix in (string[])["", " --json"])
        {
            foreach (string command in Commands)
            {
                bool answer = Secrets.Any(s => command.Contains(s, StringComparison.Ordinal)) || command == "no";
                port.Type(command + (answer ? "" : suffix) + "\r");
                lanPort.Type((answer ? "status" : command) + suffix + "\r");
                Turn(command == "selftest" ? 600 : 12);
            }

            // History must not bring a secret back.
            port.Type("\u001b[A\u001b[A\u001b[A\u001b[A\u0003");
            Turn(5);
        }

        string said = port.Out.ToString() + lanPort.Out + string.Concat(link.Sent.Select(s => s.Payload));
        for (int i = 0; i < agent.Log.Count; i++)
            said += agent.Log.Text(i);
        var api = new LocalApi(agent);
        byte[] into = new byte[LocalApi.MaxResponse];
        foreach (string path in (string[])["/", "/api/system/info", "/api/system/asic", "/" + PodKey])
        {
            byte[] request = Encoding.ASCII.GetBytes("GET " + path + " HTTP/1.1\r\n\r\n");
            said += Encoding.ASCII.GetString(into, 0, api.Respond(request, request.Length, into));
        }

        // It did talk, and the secrets did arrive.
        Assert.Contains("effective point", said, StringComparison.Ordinal);
        Assert.NotNull(agent.Record.PodKeys.Find(7));
        Assert.Equal("typed-s3cret", agent.Record.PoolPassword[2]);
        foreach (string secret in Secrets)
        {
            Assert.DoesNotContain(secret, said, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(secret))[..7], said, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Convert.ToBase64String(Convert.FromHexString(PodKey))[..12], said, StringComparison.Ordinal);
    }
}
