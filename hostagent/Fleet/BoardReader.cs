using System.Text.Json;
using Ballast.Wire;

namespace Ballast.Host.Fleet;

/// <summary>
/// Takes board messages into a <see cref="BoardRecord"/>. A message is first read whole; if anything in it is not as the contract
/// says, nothing changes and the caller counts it (S14). Unknown members are ignored.
/// </summary>
internal sealed class BoardReader
{
    private const long MaxMw = 1_000_000_000;

    private readonly Dictionary<uint, Ladder> _ladders = [];
    private readonly Dictionary<string, string> _strings = [];

    internal bool TryBirth(ReadOnlySpan<byte> json, BoardRecord board)
    {
        long contract = -1;
        uint ladderId = 0;
        uint offeredId = 0;
        long failsafeW = -1;
        long nameplateW = 0;
        string serial = "";
        string model = "";
        string firmware = "";
        Ladder? ladder = null;
        Utf8JsonReader reader = new(json);
        try
        {
            if (!Open(ref reader))
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("contract"u8)) { contract = Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("ladderId"u8)) { ladderId = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("offeredId"u8)) { offeredId = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("failsafeW"u8)) { failsafeW = Number(ref reader, 0, 1_000_000); }
                else if (reader.ValueTextEquals("nameplateW"u8)) { nameplateW = Number(ref reader, 0, 1_000_000); }
                else if (reader.ValueTextEquals("boardSerial"u8)) { serial = Text(ref reader); }
                else if (reader.ValueTextEquals("model"u8)) { model = Text(ref reader); }
                else if (reader.ValueTextEquals("firmware"u8)) { firmware = Text(ref reader); }
                else if (reader.ValueTextEquals("ladder"u8)) { ladder = ReadLadder(ref reader); }
                else { Skip(ref reader); }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        if (contract < 0 || serial.Length == 0)
        {
            return false;
        }

        board.HasBirth = true;
        board.ContractKnown = contract == 1;
        board.BirthLadderId = ladderId;
        board.OfferedId = offeredId;
        board.Ladder = ladder is not null && ladder.Id == ladderId ? Shared(ladder) : null;
        board.FailsafeW = (int)failsafeW;
        board.BirthNameplateW = (int)nameplateW;
        board.BirthSerial = serial;
        board.Model = Shared(model);
        board.Firmware = Shared(firmware);
        if (board.PendingLadderId == ladderId)
        {
            board.PendingLadderId = 0;
        }

        return true;
    }

    internal bool TryState(ReadOnlySpan<byte> json, BoardRecord board, long nowMs)
    {
        bool? online = null;
        bool? admitted = null;
        uint nonce = 0;
        uint ladderId = 0;
        long powerW = -1;
        string serial = "";
        string mode = "";
        string reason = "";
        string latches = "";
        Utf8JsonReader reader = new(json);
        try
        {
            if (!Open(ref reader))
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("online"u8)) { online = Bool(ref reader); }
                else if (reader.ValueTextEquals("admitted"u8)) { admitted = Bool(ref reader); }
                else if (reader.ValueTextEquals("bootNonce"u8)) { nonce = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("ladderId"u8)) { ladderId = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("powerW"u8)) { powerW = Number(ref reader, 0, 1_000_000); }
                else if (reader.ValueTextEquals("boardSerial"u8)) { serial = Text(ref reader); }
                else if (reader.ValueTextEquals("mode"u8)) { mode = Text(ref reader); }
                else if (reader.ValueTextEquals("reason"u8)) { reason = Text(ref reader); }
                else if (reader.ValueTextEquals("latches"u8)) { latches = Texts(ref reader); }
                else { Skip(ref reader); }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        if (online is null)
        {
            return false;
        }

        bool was = board.Online;
        board.HasState = true;
        board.Online = online.Value;
        if (!online.Value)
        {
            if (was || board.OfflineSinceMs < 0)
            {
                board.OfflineSinceMs = nowMs;
            }

            return true;
        }

        if (!was)
        {
            board.OnlineSinceMs = nowMs;
        }

        board.Admitted = admitted;
        board.BootNonce = nonce;
        board.StateLadderId = ladderId;
        board.PowerW = (int)powerW;
        board.StateSerial = serial == board.BirthSerial ? board.BirthSerial : serial;
        board.Mode = BoardWords.Mode(mode);
        board.Reason = Shared(reason);
        board.Latches = Shared(latches);
        board.LockedOut = latches.Contains("lock-out", StringComparison.Ordinal) || reason == "lock-out";
        return true;
    }

    internal static bool TryTelemetry(ReadOnlySpan<byte> json, BoardRecord board, long nowMs)
    {
        long power = -1;
        long effective = 0;
        long hash = 0;
        long chip = 0;
        long limit = 0;
        long leaseLeft = 0;
        long accepted = 0;
        long rejected = 0;
        uint epoch = 0;
        uint orderId = 0;
        uint share = 0;
        uint salt = 0;
        uint nonce = board.BootNonce;
        bool? admitted = null;
        ReportedMode mode = ReportedMode.Unknown;
        ReportedLimit limitedBy = ReportedLimit.Unknown;
        Utf8JsonReader reader = new(json);
        try
        {
            if (!Open(ref reader))
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("powerMw"u8)) { power = Number(ref reader, 0, MaxMw); }
                else if (reader.ValueTextEquals("effectiveMw"u8)) { effective = Number(ref reader, 0, MaxMw); }
                else if (reader.ValueTextEquals("hashGhs"u8)) { hash = Number(ref reader, 0, MaxMw); }
                else if (reader.ValueTextEquals("chipMilliC"u8)) { chip = Number(ref reader, -1_000_000, 1_000_000); }
                else if (reader.ValueTextEquals("limitMjPerTh"u8)) { limit = Number(ref reader, 0, int.MaxValue); }
                else if (reader.ValueTextEquals("leaseLeftS"u8)) { leaseLeft = Number(ref reader, 0, 3600); }
                else if (reader.ValueTextEquals("epoch"u8)) { epoch = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("orderId"u8)) { orderId = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("share"u8)) { share = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("salt"u8)) { salt = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("bootNonce"u8)) { nonce = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("accepted"u8)) { accepted = Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("rejected"u8)) { rejected = Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("admitted"u8)) { admitted = Bool(ref reader); }
                else if (reader.ValueTextEquals("mode"u8)) { mode = ReadMode(ref reader); }
                else if (reader.ValueTextEquals("limitedBy"u8)) { limitedBy = ReadLimit(ref reader); }
                else { Skip(ref reader); }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        if (mode == ReportedMode.Unknown)
        {
            return false;
        }

        board.TelemetryAtMs = nowMs;
        board.TelemetryThisRun = true;
        board.PowerMw = power;
        board.EffectiveMw = (int)effective;
        board.HashGhs = hash;
        board.ChipMilliC = (int)chip;
        board.OrderLimit = (int)limit;
        board.LeaseLeftS = (int)leaseLeft;
        board.OrderEpoch = epoch;
        board.OrderId = orderId;
        board.OrderShare = share;
        board.OrderSalt = salt;
        board.Accepted = (int)Math.Min(accepted, int.MaxValue);
        board.Rejected = (int)Math.Min(rejected, int.MaxValue);
        board.LimitedBy = limitedBy;
        board.LockedOut = limitedBy == ReportedLimit.LockOut;
        board.Mode = mode;

        if (admitted is not null)
        {
            board.Admitted = admitted;
            board.BootNonce = nonce;
        }

        return true;
    }

    internal static bool TryAck(ReadOnlySpan<byte> json, out AckWord ack)
    {
        ack = default;
        string stream = "";
        string result = "";
        uint epoch = 0;
        uint seq = 0;
        uint orderId = 0;
        Utf8JsonReader reader = new(json);
        try
        {
            if (!Open(ref reader))
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("stream"u8)) { stream = Text(ref reader); }
                else if (reader.ValueTextEquals("result"u8)) { result = Text(ref reader); }
                else if (reader.ValueTextEquals("epoch"u8)) { epoch = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("seq"u8)) { seq = (uint)Number(ref reader, 0, uint.MaxValue); }
                else if (reader.ValueTextEquals("orderId"u8)) { orderId = (uint)Number(ref reader, 0, uint.MaxValue); }
                else { Skip(ref reader); }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        ack = new AckWord(stream == "set", epoch, seq, orderId, result);
        return stream is "dispatch" or "set";
    }

    private Ladder Shared(Ladder ladder)
    {
        if (_ladders.TryGetValue(ladder.Id, out Ladder? known) && Same(known, ladder))
        {
            return known;
        }

        _ladders[ladder.Id] = ladder;
        return ladder;
    }

    private static bool Same(Ladder a, Ladder b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Count; i++)
        {
            if (a.PowerMw(i) != b.PowerMw(i) || a.HashGhs(i) != b.HashGhs(i))
            {
                return false;
            }
        }

        return true;
    }

    // Models, versions and reasons repeat over the fleet; a bounded pool keeps 30,000 boards small.
    private string Shared(string text)
    {
        if (_strings.TryGetValue(text, out string? known))
        {
            return known;
        }

        if (_strings.Count < 1024)
        {
            _strings[text] = text;
        }

        return text;
    }

    private static Ladder? ReadLadder(ref Utf8JsonReader reader)
    {
        int[] power = new int[Ladder.MaxPoints];
        int[] hash = new int[Ladder.MaxPoints];
        int count = 0;
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            long p = Number(ref reader, 0, MaxMw);
            long h = Number(ref reader, 0, MaxMw);
            Expect(ref reader, JsonTokenType.EndArray);
            if (count < Ladder.MaxPoints)
            {
                power[count] = (int)p;
                hash[count] = (int)h;
            }

            count++;
        }

        return count > Ladder.MaxPoints ? null : Ladder.TryCreate(power, hash, count, out _);
    }

    private static bool Open(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new FormatException();
        }
    }

    private static long Number(ref Utf8JsonReader reader, long min, long max)
    {
        Expect(ref reader, JsonTokenType.Number);
        return reader.TryGetInt64(out long value) && value >= min && value <= max ? value : throw new FormatException();
    }

    private static bool Bool(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        return reader.GetBoolean();
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueSpan.Length > 128 ? throw new FormatException() : reader.GetString() ?? "";
    }

    private static string Texts(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        string all = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            all += (all.Length == 0 ? "" : ",") + reader.GetString();
        }

        return all.Length > 512 ? throw new FormatException() : all;
    }

    private static ReportedMode ReadMode(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("running"u8) ? ReportedMode.Running
            : reader.ValueTextEquals("asleep"u8) ? ReportedMode.Asleep
            : BoardWords.Mode(reader.GetString());
    }

    private static ReportedLimit ReadLimit(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("pod-order"u8) ? ReportedLimit.PodOrder : BoardWords.Limit(reader.GetString());
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        reader.Skip();
    }
}

/// <summary>An acknowledgement as a board sent it.</summary>
internal readonly record struct AckWord(bool IsSet, uint Epoch, uint Seq, uint OrderId, string Result);
