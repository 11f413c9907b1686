using System.Buffers.Binary;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;

namespace Ballast.Virtual.Chips;

/// <summary>
/// Names what is in the bytes of one data line of an A1 or T1 chain, as a logic analyser shows them. Frames begin on a word's edge (two bytes)
/// and lie between zeros. Chips echo commands: bytes that begin with a zero word are taken for what came from the chips, as no reply can be
/// there yet.
/// </summary>
public static class SpiFrameDecoder
{
    private const int WordBytes = 2;

    /// <summary>Splits bytes into frames and what lies between them; every byte belongs to exactly one piece.</summary>
    public static IReadOnlyList<SpiFrame> Decode(byte[] stream, A1Profile profile)
    {
        List<SpiFrame> pieces = [];
        bool received = IsZero(stream, 0);
        int at = 0;
        while (at < stream.Length)
        {
            SpiFrame piece = IsZero(stream, at) ? Run(stream, at, "idle", IsZero) : Frame(stream, at, profile, received)
                ?? Run(stream, at, "unknown", (s, i) => !IsZero(s, i) && Frame(s, i, profile, received) is null);
            pieces.Add(piece);
            at += piece.Bytes.Length / 2;
        }

        return pieces;
    }

    private static SpiFrame? Frame(byte[] stream, int at, A1Profile profile, bool received)
    {
        if (at + WordBytes > stream.Length)
            return null;
        int id = stream[at] >> 4;
        var low = (A1Command)(stream[at] & 0x0F);
        bool withId = id is >= 1 and <= A1Chain.JobIds;
        if (stream[at] == (byte)A1Command.RegisterReply)
            return Whole(stream, at, "register", RegisterBytes(profile), true, profile.HasCrc, f => Reply(f, stream, at, profile));
        if (withId && low == profile.JobCommand)
            return Whole(stream, at, "write-job", profile.JobBytes, received, profile.HasCrc, f => Job(f, stream, at, profile));
        if (withId && low == A1Command.ReadResult)
            return Whole(stream, at, "result", profile.ResultBytes, true, profile.HasCrc, f => Result(f, stream, at, profile));
        if (id != 0)
            return null;
        return low switch
        {
            A1Command.BistStart => Whole(stream, at, "bist-start", WordBytes, received, false, f => f) is { } start ? Count(start, stream, at, received) : null,
            A1Command.BistFix => Whole(stream, at, "bist-fix", WordBytes, received, false, f => f),
            A1Command.BistCollect when profile.CollectsBist => Whole(stream, at, "bist-collect", WordBytes, received, false, f => f),
            A1Command.Reset => Whole(stream, at, "reset", 2 * WordBytes, received, false, f => Reset(f, stream, at, profile)),
            A1Command.ReadResult => Whole(stream, at, "read-result", WordBytes, received, false, f => received ? f with { Meaning = "no result waits" } : f),
            A1Command.ReadRegister => Whole(stream, at, "read-register", WordBytes, received, false, f => f),
            A1Command.WriteRegister => Whole(stream, at, "write-register", RegisterBytes(profile), received, profile.HasCrc, f => Write(f, stream, at, profile)),
            A1Command.WriteRegister2 when profile.HasCrc => Whole(
                stream, at, "write-register-2", RegisterBytes(profile), received, true, f => f with { Register = Hex(stream, at + 2, profile.RegisterBytes) }),
            _ => null,
        };
    }

    private static int RegisterBytes(A1Profile profile) => 2 + profile.RegisterBytes + (profile.HasCrc ? 2 : 0);

    private static SpiFrame Whole(byte[] stream, int at, string kind, int length, bool received, bool crc, Func<SpiFrame, SpiFrame> fields)
    {
        int left = stream.Length - at;
        var frame = new SpiFrame
        {
            Offset = at,
            Bytes = Hex(stream, at, Math.Min(left, length)),
            Direction = received ? "from-chips" : "to-chips",
            Kind = left < length ? "cut" : kind,
            Chip = stream[at + 1],
        };
        if (left < length)
            return frame with { Meaning = $"{kind} of {length} bytes, {left} are there" };
        frame = fields(frame);
        if (!crc)
            return frame with { Crc = "none" };
        int has = BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + length - 2));
        int right = Crc16.ModbusSwapped(stream, at, length - 2);
        return frame with { CrcOk = has == right, Crc = has.ToString("X4"), CrcExpected = has == right ? null : right.ToString("X4") };
    }

    // The word behind the echo of an enumeration counts the chips in its second byte.
    private static SpiFrame Count(SpiFrame start, byte[] stream, int at, bool received)
    {
        if (at + 2 * WordBytes > stream.Length || (!received && (stream[at + 2] != 0 || stream[at + 3] == 0)))
            return start;
        return start with { Direction = "from-chips", Bytes = Hex(stream, at, 2 * WordBytes), Chips = stream[at + 3] };
    }

    private static SpiFrame Reset(SpiFrame frame, byte[] stream, int at, A1Profile profile)
    {
        int strategy = BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + 2));
        return frame with
        {
            Strategy = strategy.ToString("X4"),
            Meaning = strategy switch
            {
                A1Frame.DropJobs => "drops jobs",
                0x2020 when profile.HasCrc => "self-test",
                _ when profile.HasCrc && strategy != 0 => null,
                _ => "everything",
            },
        };
    }

    private static SpiFrame Job(SpiFrame frame, byte[] stream, int at, A1Profile profile)
    {
        int tail = at + 2 + 32 * profile.Midstates;
        uint target = ChipWords.GetLittle(stream, tail + 16);
        return frame with
        {
            JobId = stream[at] >> 4,

            // The T1 takes the last midstate first.
            Midstates = [.. Enumerable.Range(0, profile.Midstates).Select(m => Hex(stream, tail - 32 * (m + 1), 32))],
            MerkleTail = Hex(stream, tail, 4),
            NTime = Number(stream, tail + 4),
            NBits = Number(stream, tail + 8),
            StartNonce = Number(stream, tail + 12),
            Target = target.ToString("X8"),
            Difficulty = Difficulty(target),
            EndNonce = Number(stream, tail + 20),
        };
    }

    private static decimal? Difficulty(uint target)
    {
        uint mantissa = target & 0xFFFFFF;
        double difficulty = mantissa == 0 ? 0 : 0xFFFF / (double)mantissa * Math.Pow(256, 0x1D - (int)(target >> 24));
        return difficulty is > 0 and < 1e15 ? Math.Round((decimal)difficulty, 3) : null;
    }

    private static SpiFrame Result(SpiFrame frame, byte[] stream, int at, A1Profile profile) => frame with
    {
        JobId = stream[at] >> 4,
        Nonce = Number(stream, at + profile.ResultNonceAt),
        Midstate = profile.Midstates == 1 ? null : stream[at + 3] switch { 2 => 1, 4 => 2, 8 => 3, _ => 0 },
    };

    private static SpiFrame Write(SpiFrame frame, byte[] stream, int at, A1Profile profile) => frame with
    {
        Register = Hex(stream, at + 2, profile.RegisterBytes),
        Pll = SpiChips.ReadPll(profile, stream.AsSpan(at + 2)),
    };

    // That a T1 echoes its PLL like an A1, and which of the two job ids runs, is what the model has; no source says it [?].
    private static SpiFrame Reply(SpiFrame frame, byte[] stream, int at, A1Profile profile) => Write(frame, stream, at, profile) with
    {
        Locked = profile.LockAt > 0 ? (stream[at + profile.LockAt] & 1) != 0 : null,
        Queue = (stream[at + profile.QueueAt] & 3) switch { 0 => "empty", 1 => "one job", 3 => "full", _ => "invalid" },
        JobIds = profile.HasCrc ? null : [stream[at + 6] & 0x0F, stream[at + 6] >> 4],
        Adc = profile.AdcAt > 0 ? BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + profile.AdcAt)) & 0x3FF : null,
        Cores = stream[at + profile.CoresAt],
    };

    private static SpiFrame Run(byte[] stream, int at, string kind, Func<byte[], int, bool> goesOn)
    {
        int end = Math.Min(at + WordBytes, stream.Length);
        while (end < stream.Length && goesOn(stream, end))
            end = Math.Min(end + WordBytes, stream.Length);
        return new SpiFrame { Offset = at, Bytes = Hex(stream, at, end - at), Direction = "none", Kind = kind };
    }

    private static bool IsZero(byte[] stream, int at) => stream[at] == 0 && (at + 1 >= stream.Length || stream[at + 1] == 0);

    private static string Number(byte[] bytes, int at) => ChipWords.GetLittle(bytes, at).ToString("X8");

    private static string Hex(byte[] bytes, int at, int count) => Convert.ToHexStringLower(bytes, at, count);
}
