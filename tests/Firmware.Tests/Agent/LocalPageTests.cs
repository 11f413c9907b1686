using System.Text;
using System.Text.Json.Nodes;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>The local page: what the tools read that owners already have, and what it refuses.</summary>
public class LocalPageTests
{
    private readonly Bench _bench = new();
    private readonly LocalApi _api;
    private readonly byte[] _into = new byte[LocalApi.MaxResponse];

    public LocalPageTests()
    {
        _bench.AdmitAndRun();
        _api = new LocalApi(_bench.Agent) { MacAddress = "02:BA:11:00:00:01" };
    }

    private string Get(string request)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(request);
        return Encoding.ASCII.GetString(_into, 0, _api.Respond(bytes, bytes.Length, _into));
    }

    private static string Body(string answer)
    {
        string body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Contains("Content-Length: " + body.Length + "\r\n", answer, StringComparison.Ordinal);
        return body;
    }

    [Fact]
    public void Info_has_the_members_that_pyasic_and_dashboards_read_in_their_units()
    {
        string answer = Get("GET /api/system/info?ts=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", answer, StringComparison.Ordinal);
        JsonNode info = JsonNode.Parse(Body(answer))!;

        // What pyasic's handler for these miners reads: text, or a number that Python takes as float.
        foreach (string name in (string[])["hashRate", "power", "temp", "vrTemp", "voltage", "fanrpm", "fanspeed", "frequency", "smallCoreCount", "asicCount", "uptimeSeconds", "stratumPort", "autofanspeed"])
            Assert.True(info[name]!.GetValue<double>() >= 0, name);
        foreach (string name in (string[])["ASICModel", "hostname", "version", "macAddr", "stratumURL", "stratumUser"])
            Assert.NotNull(info[name]!.GetValue<string>());
        Assert.Equal(600.0, (double)info["frequency"]!);
        Assert.Equal(1200, (int)info["coreVoltageActual"]!);
        Assert.Equal("FAKE1", (string?)info["ASICModel"]);
        Assert.Equal("b01", (string?)info["hostname"]);
        Assert.Equal("02:BA:11:00:00:01", (string?)info["macAddr"]);
        Assert.Equal(5000, (int)info["voltage"]!);
        Assert.Equal(_bench.Snap.PowerMw / 1000.0, (double)info["power"]!, 6);
        Assert.Equal(0, (int)info["blockFound"]!);
        Assert.Equal("running", (string?)info["ballast"]!["mode"]);
    }

    [Fact]
    public void Best_difficulty_and_a_found_block_are_told()
    {
        var rig = new PoolRig();
        rig.Stats.BestDifficulty = 4_290_000_000;
        rig.Stats.BlocksFound = 2;
        rig.Counters.Rejected[(int)ShareReject.Stale] = 3;
        JsonNode info = JsonNode.Parse(Body(rig.Get("GET /api/system/info HTTP/1.1\r\n\r\n")))!;
        Assert.Equal(4_290_000_000, (long)info["bestDiff"]!);
        Assert.Equal(2, (int)info["foundBlocks"]!);
        Assert.True((int)info["blockFound"]! > 0);
        Assert.Equal("Job not found", (string?)info["sharesRejectedReasons"]![0]!["message"]);
        Assert.Equal(3, (int)info["sharesRejectedReasons"]![0]!["count"]!);
        Assert.Equal(("10.0.0.1", 3333, "one"), ((string?)info["stratumURL"], (int)info["stratumPort"]!, (string?)info["stratumUser"]));
        Assert.Equal(("10.0.0.2", 3334, "two"), ((string?)info["fallbackStratumURL"], (int)info["fallbackStratumPort"]!, (string?)info["fallbackStratumUser"]));
        Assert.DoesNotContain("s3cret", info.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Points_are_offered_as_frequencies_and_voltages_without_sleep()
    {
        JsonNode asic = JsonNode.Parse(Body(Get("GET /api/system/asic HTTP/1.1\r\n\r\n")))!;
        Assert.Equal(asic["frequencyOptions"]!.AsArray().Count, asic["voltageOptions"]!.AsArray().Count);
        Assert.DoesNotContain(asic["frequencyOptions"]!.AsArray(), f => (int)f! == 0);
        Assert.Contains((int)asic["defaultFrequency"]!, asic["frequencyOptions"]!.AsArray().Select(f => (int)f!));
    }

    [Fact]
    public void The_page_names_the_interface_by_which_scanners_find_such_boards()
    {
        string answer = Get("GET / HTTP/1.1\r\n\r\n");
        Assert.Contains("Content-Type: text/html", answer, StringComparison.Ordinal);
        Assert.Contains("AxeOS", Body(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/system HTTP/1.1\r\n\r\n", 404)]
    [InlineData("GET /api/system/info/ HTTP/1.1\r\n\r\n", 404)]
    [InlineData("GET /../etc/passwd HTTP/1.1\r\n\r\n", 404)]
    [InlineData("POST /api/system/restart HTTP/1.1\r\n\r\n", 405)]
    [InlineData("PATCH /api/system HTTP/1.1\r\n\r\n", 405)]
    [InlineData("OPTIONS * HTTP/1.1\r\n\r\n", 405)]
    [InlineData("get / HTTP/1.1\r\n\r\n", 405)]
    [InlineData("GET / HTTP/2.0\r\n\r\n", 400)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET  HTTP/1.1\r\n\r\n", 400)]
    [InlineData(" / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001\u0002", 400)]
    [InlineData("\r\n", 400)]
    [InlineData("", 400)]
    public void Anything_else_is_refused_with_a_reason(string request, int status)
    {
        string answer = Get(request);
        Assert.StartsWith("HTTP/1.1 " + status, answer, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(Body(answer))!["error"]);
    }

    [Fact]
    public void Head_gets_the_head_of_the_same_answer()
    {
        string get = Get("GET / HTTP/1.1\r\n\r\n");
        string head = Get("HEAD / HTTP/1.1\r\n\r\n");
        Assert.Equal(get[..^Body(get).Length], head);
    }

    [Fact]
    public void Random_requests_get_an_answer_that_fits_and_change_nothing()
    {
        var random = new Random(5);
        byte[] good = Encoding.ASCII.GetBytes("GET /api/system/info HTTP/1.1\r\n\r\n");
        string before = new Grid.RecordBytes(_bench.Agent.Record).Hex;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] request = random.Next(2) == 0 ? (byte[])good.Clone() : new byte[random.Next(LocalApi.MaxRequest)];
            if (request.Length > good.Length || random.Next(2) == 0)
                random.NextBytes(request);
            else if (request.Length > 0)
                request[random.Next(request.Length)] = (byte)random.Next(256);
            int length = _api.Respond(request, request.Length, _into);
            Assert.InRange(length, 20, LocalApi.MaxResponse);
            Assert.Equal("HTTP/1.1 "u8.ToArray(), _into[..9]);
        }

        Assert.Equal(before, new Grid.RecordBytes(_bench.Agent.Record).Hex);
    }

    /// <summary>A board with a pool client and two pools that nobody answers at.</summary>
    private sealed class PoolRig
    {
        private readonly LocalApi _api;

        public PoolRig()
        {
            var clock = new FakeClock();
            var fake = new FakeBoard(clock);
            var pools = new PoolSettings();
            Assert.True(pools.TryAdd("stratum+tcp://10.0.0.1:3333", "one", "s3cret", out _));
            Assert.True(pools.TryAdd("stratum+tcp://10.0.0.2:3334", "two", "s3cret", out _));
            var miner = new Miner(new PoolClient(pools, new QuietLink(), clock, new FakeEntropy(1)), fake.Board.Chain, clock, new MinerSettings());
            var agent = new BoardAgent(new BoardSettings { Board = "b01" }, fake.Board, new FakeLink { Clock = clock }, miner, new FakeStore(), clock, new FakeEntropy(2));
            agent.Step();
            Stats = miner.Stats;
            Counters = miner.Pool.Counters;
            _api = new LocalApi(agent);
        }

        public MinerStats Stats { get; }

        public PoolCounters Counters { get; }

        public string Get(string request)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(request);
            byte[] into = new byte[LocalApi.MaxResponse];
            return Encoding.ASCII.GetString(into, 0, _api.Respond(bytes, bytes.Length, into));
        }
    }
}
