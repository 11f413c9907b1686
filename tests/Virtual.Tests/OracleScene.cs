using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Tests;

/// <summary>A site of one pod with two boards, played by hand. Nothing moves unless a test says so.</summary>
internal sealed class OracleScene
{
    public const string Topic = "ballast/v1/s/p1/dispatch";
    public const int Everything = int.MaxValue;

    private static readonly byte[] PodKey = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] BoardKey = [.. Enumerable.Repeat((byte)2, 32)];

    private uint _seq;

    public OracleScene(OracleOptions? options = null)
    {
        var judge = new MessageJudge("s");
        judge.AddPodKey("p1", 1, PodKey);
        judge.AddBoardKey("p1", "b1", 1, BoardKey);
        judge.AddBoardKey("p1", "b2", 1, BoardKey);
        Oracle = new SiteOracle(options ?? new OracleOptions(), judge);
        Oracle.AddBoard(new BoardFacts("p1", "b1", [1_000, 10_000, 18_000], [0, 700, 1_000], 0));
        Oracle.AddBoard(new BoardFacts("p1", "b2", [1_000, 10_000, 18_000], [0, 700, 1_000], 0));
        Boards = [Fresh("b1"), Fresh("b2")];
    }

    public SiteOracle Oracle { get; }

    public long NowMs { get; private set; } = 1_000_000;

    public BoardProbe[] Boards { get; }

    public long? MeterMw { get; set; }

    public IEnumerable<string> Rules => Oracle.Findings.Select(f => f.Rule);

    /// <summary>A signed pod order with the next seq.</summary>
    public string Dispatch(int limit, string gridClass = "economic", uint orderId = 1, uint? seq = null, long sentAgoMs = 0, int leaseS = 60, int rampS = 15)
        => Sign(Topic, PodKey, string.Create(CultureInfo.InvariantCulture,
            $"{{\"kid\":1,\"epoch\":5,\"seq\":{seq ?? ++_seq},\"orderId\":{orderId},\"class\":\"{gridClass}\",\"leaseS\":{leaseS},\"sent\":{NowMs + 5_000_000 - sentAgoMs},\"limitMjPerTh\":{limit},\"share\":0,\"salt\":0,\"rampS\":{rampS},\"spreadS\":30,\"failSpreadS\":10"));

    public string Admit(string board, uint nonce)
        => Sign($"ballast/v1/s/p1/{board}/set", BoardKey, string.Create(CultureInfo.InvariantCulture,
            $"{{\"kid\":1,\"epoch\":5,\"seq\":{++_seq},\"orderId\":1,\"sent\":{NowMs + 5_000_000},\"admit\":{nonce},\"afterSeq\":1"));

    public SeenMessage? Publish(string message, bool retained = false, string topic = Topic)
        => Oracle.OnMessage(NowMs, topic, Encoding.ASCII.GetBytes(message), retained);

    /// <summary>Publishes an order and lets every board take it.</summary>
    public SeenMessage Order(int limit, string gridClass = "economic", uint orderId = 1, int leaseS = 60)
    {
        SeenMessage seen = Publish(Dispatch(limit, gridClass, orderId, leaseS: leaseS))!;
        for (int i = 0; i < Boards.Length; i++)
            Take(i, seen);
        return seen;
    }

    public void Take(int board, SeenMessage order)
        => Boards[board] = Boards[board] with { DispatchPair = order.Pair, OrderId = order.OrderId, LeaseEndMs = NowMs + (order.LeaseS * 1000) };

    public void AdmitAll()
    {
        for (int i = 0; i < Boards.Length; i++)
        {
            Publish(Admit(Boards[i].Board, Boards[i].BootNonce), topic: $"ballast/v1/s/p1/{Boards[i].Board}/set");
            Boards[i] = Boards[i] with { Admitted = true, SetPair = Boards[i].SetPair + 1 };
        }
    }

    public void Power(int board, long powerMw, long effectiveMw) => Boards[board] = Boards[board] with { PowerMw = powerMw, EffectiveMw = effectiveMw };

    public void PowerAll(long powerMw, long effectiveMw)
    {
        Power(0, powerMw, effectiveMw);
        Power(1, powerMw, effectiveMw);
    }

    /// <summary>Lets time pass: probes every 200 ms, the meter every second.</summary>
    public void Run(long ms)
    {
        for (long end = NowMs + ms; NowMs < end;)
        {
            NowMs += 200;
            foreach (BoardProbe probe in Boards)
                Oracle.OnProbe(NowMs, probe);
            if (NowMs % 1_000 == 0)
                Oracle.OnMeter(NowMs, MeterMw ?? Boards.Sum(b => b.PowerMw));
        }
    }

    /// <summary>Two admitted boards at full power.</summary>
    public static OracleScene Running(OracleOptions? options = null)
    {
        var scene = new OracleScene(options);
        scene.Run(1_000);
        scene.Order(Everything);
        scene.AdmitAll();
        scene.Run(1_000);
        scene.PowerAll(18_000, 18_000);
        scene.Run(5_000);
        return scene;
    }

    private static BoardProbe Fresh(string board) => new()
    {
        Pod = "p1",
        Board = board,
        PowerMw = 1_000,
        EffectiveMw = 1_000,
        Admitted = false,
        BootNonce = 77,
        DispatchPair = 0,
        SetPair = 0,
        OrderId = 0,
        LeaseEndMs = 0,
        Rejects = 0,
        ConnectedSinceMs = 0,
    };

    private static string Sign(string topic, byte[] key, string open)
    {
        byte[] mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{topic}\0{open}"));
        return $"{open},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}";
    }
}
