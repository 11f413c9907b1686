using System.Text;
using Ballast.Wire;

namespace Ballast.Benchmarks;

/// <summary>What is counted: one operation each, with everything prepared outside. Budgets are the design's, or the figure reached plus a little.</summary>
public static class Workloads
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    /// <summary>Name, budget, preparation if any, and action of each. Arrays of objects, because they cross load contexts.</summary>
    public static object[][] All() =>
    [
        .. Single(),
        .. BoardWorkloads.All(),
        .. ChipWorkloads.All(),
    ];

    internal static void Must(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("A workload does not do what it counts.");
    }

    private static object[][] Single() =>
    [
        ["SHA-256 compression", 7_300L, Compression()],
        ["SHA-256 twice of a header from its midstate", 15_500L, HeaderFromMidstate()],
        ["HMAC of 250 bytes, cached pads", 50_000L, Mac()],
        ["order: read, short topic", 7_500L, Order("demo", "p1", 7, verify: false)],
        ["order: read and MAC, short topic", 60_000L, Order("demo", "p1", 7, verify: true)],
        ["order: read and MAC, longest topic and numbers", 60_000L, Order(new string('s', 32), new string('p', 32), uint.MaxValue, verify: true)],
        ["action for one board: read and MAC", 60_000L, Admit()],
        ["ladder of 8 points: check, hull, costs, id", 5_500L, Hull()],
        ["choice on a hull of 8, last point", 130L, Choice()],
        ["rank of \"pod-12/board-034\"", 350L, RankOf()],
        ["power cap on 8 points, lowest fits", 150L, PowerCap()],
        ["telemetry written", 20_000L, Telemetry()],
        ["acknowledgement written", 6_000L, Ack()],
    ];

    private static Action Compression()
    {
        uint[] state = new uint[8];
        byte[] block = new byte[64];
        Sha256.InitialState(state, 0);
        return () => Sha256.Compress(state, 0, block, 0);
    }

    private static Action HeaderFromMidstate()
    {
        byte[] header = new byte[80];
        uint[] midstate = new uint[8];
        byte[] hash = new byte[32];
        Sha256.InitialState(midstate, 0);
        Sha256.Compress(midstate, 0, header, 0);
        var stream = new Sha256Stream();
        return () =>
        {
            stream.BeginFrom(midstate, 0, 64);
            stream.Update(header, 64, 16);
            stream.EndDouble(hash, 0);
        };
    }

    private static Action Mac()
    {
        var mac = new HmacSha256(Key);
        byte[] data = new byte[250];
        byte[] result = new byte[32];
        return () =>
        {
            mac.Update(data, 0, data.Length);
            mac.End(result, 0);
        };
    }

    private static Action Order(string site, string pod, uint number, bool verify)
    {
        byte[] topic = Encoding.ASCII.GetBytes($"ballast/v1/{site}/{pod}/dispatch");
        var mac = new HmacSha256(Key);
        var order = new DispatchOrder
        {
            Kid = number > 255 ? 255 : 1,
            Epoch = number > 255 ? number : 1763800000,
            Seq = number,
            OrderId = number > 255 ? number : 3,
            Class = number > 255 ? OrderClass.Reliability : OrderClass.Economic,
            LeaseS = 60,
            SentMs = 1763800000123,
            LimitMjPerTh = number > 255 ? int.MaxValue : 18250,
            Share = number > 255 ? number : 0,
            Salt = number > 255 ? number : 0,
            RampS = 15,
            SpreadS = 30,
            FailSpreadS = 10,
        };
        byte[] message = new byte[Envelope.MaxMessage];
        int length = Envelope.WriteDispatch(order, topic, topic.Length, mac, message, 0);
        return () =>
        {
            Must(Envelope.ParseDispatch(message, 0, length, false, order) == Reject.None);
            if (verify)
                Must(Envelope.VerifyMac(message, 0, length, topic, topic.Length, mac));
        };
    }

    private static Action Admit()
    {
        byte[] topic = Encoding.ASCII.GetBytes("ballast/v1/demo/p1/b01/set");
        var mac = new HmacSha256(Key);
        var set = new SetMessage { Kid = 1, Epoch = 1763800000, Seq = 7, OrderId = 3, SentMs = 1763800000123, Kind = SetKind.Admit, BootNonce = 123456789, AfterSeq = 42 };
        byte[] message = new byte[Envelope.MaxMessage];
        int length = Envelope.WriteSet(set, topic, topic.Length, mac, message, 0);
        return () =>
        {
            Must(Envelope.ParseSet(message, 0, length, false, set) == Reject.None);
            Must(Envelope.VerifyMac(message, 0, length, topic, topic.Length, mac));
        };
    }

    private static Action Hull()
    {
        var (power, hash) = Points();
        return () => Must(Wire.Ladder.TryCreate(power, hash, 8, out _) != null);
    }

    private static Action Choice()
    {
        Ladder ladder = Ladder8();
        return () => Must(ladder.Choose(int.MaxValue, 0, 5) == 7);
    }

    private static Action RankOf()
    {
        byte[] name = Encoding.ASCII.GetBytes("pod-12/board-034");
        return () => Rank.Of(name, 0, name.Length, 5);
    }

    private static Action PowerCap()
    {
        Ladder ladder = Ladder8();
        return () => Must(ladder.PowerPoint(2, out _) == 0);
    }

    private static Action Telemetry()
    {
        var telemetry = new TelemetryMessage
        {
            Mode = BoardMode.Running,
            Point = 5,
            EffectiveMw = 17_400,
            PowerMw = 17_350,
            HashGhs = 1_190,
            FreqKhz = 525_000,
            CoreMv = 1_150,
            InputMv = 5_050,
            ChipMilliC = 61_500,
            VrMilliC = 55_000,
            FanRpm = 4_800,
            FanPercent = 55,
            Epoch = 1763800000,
            OrderId = 3,
            LimitMjPerTh = 18_250,
            LeaseLeftS = 55,
            Admitted = true,
            BootNonce = 123456789,
            Accepted = 120,
            UptimeS = 86_400,
        };
        telemetry.Rejects[(int)Reject.Mac] = 1;
        byte[] into = new byte[TelemetryMessage.MaxLength];
        return () => Must(telemetry.Write(into, 0) > 0);
    }

    private static Action Ack()
    {
        var ack = new AckMessage { Epoch = 1763800000, Seq = 7, OrderId = 3, Reason = "", Point = 5, EffectiveMw = 17_400 };
        byte[] into = new byte[AckMessage.MaxLength];
        return () => Must(ack.Write(into, 0) > 0);
    }

    private static (int[] Power, int[] Hash) Points() =>
        ([1_000, 8_000, 9_500, 11_200, 13_100, 15_200, 17_400, 20_000], [0, 500, 600, 700, 800, 900, 1_000, 1_100]);

    private static Ladder Ladder8()
    {
        var (power, hash) = Points();
        Ladder ladder = Ladder.TryCreate(power, hash, 8, out _)!;
        Must(ladder.HullCount == 8);
        return ladder;
    }
}
