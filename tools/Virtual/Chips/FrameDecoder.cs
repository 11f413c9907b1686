using System.Buffers.Binary;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Chips;

/// <summary>Names what is in a stream of bytes between a controller and BM13xx chips, both directions mixed, as a logic analyser shows it.</summary>
public static class FrameDecoder
{
    // A BM1397 job with one midstate.
    private const int ShortestJob = 56;

    /// <summary>Splits a stream into frames and what lies between them; every byte belongs to exactly one piece.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="profile">What the chips are; null guesses the BM1397 for 9-byte nonces and the BM1370 for 11-byte ones.</param>
    public static IReadOnlyList<ChipFrame> Decode(byte[] stream, Bm13xxProfile? profile)
    {
        List<ChipFrame> pieces = [];
        int at = 0;
        int garbage = 0;
        while (at < stream.Length)
        {
            ChipFrame? frame = ToChips(stream, at, profile) ?? FromChips(stream, at, profile);
            if (frame is null)
            {
                at++;
                continue;
            }

            AddGarbage(pieces, stream, garbage, at);
            int length = frame.Bytes.Length / 2;
            int cut = frame.CrcOk == false ? GoodFrameInside(stream, at, length, profile) : length;
            pieces.Add(cut == length ? frame : new ChipFrame
            {
                Offset = at,
                Bytes = Hex(stream, at, cut),
                Direction = frame.Direction,
                Kind = "broken",
                CrcOk = false,
            });
            at += cut;
            garbage = at;
        }

        AddGarbage(pieces, stream, garbage, at);
        return pieces;
    }

    // A frame that was cut short must not hide the good one that follows it.
    private static int GoodFrameInside(byte[] stream, int at, int length, Bm13xxProfile? profile)
    {
        for (int i = 2; i < length; i++)
        {
            if ((ToChips(stream, at + i, profile) ?? FromChips(stream, at + i, profile))?.CrcOk == true)
                return i;
        }

        return length;
    }

    private static void AddGarbage(List<ChipFrame> pieces, byte[] stream, int from, int to)
    {
        if (to > from)
            pieces.Add(new ChipFrame { Offset = from, Bytes = Hex(stream, from, to - from), Direction = "none", Kind = "garbage" });
    }

    private static ChipFrame? ToChips(byte[] stream, int at, Bm13xxProfile? profile)
    {
        if (stream.Length - at < Bm13xxFrame.ShortBytes || stream[at] != 0x55 || stream[at + 1] != 0xAA)
            return null;
        int total = stream[at + 3] + 2;
        if (total < Bm13xxFrame.ShortBytes || total > stream.Length - at)
            return null;
        byte header = stream[at + 2];
        var piece = new ChipFrame
        {
            Offset = at,
            Bytes = Hex(stream, at, total),
            Direction = "to-chips",
            Kind = KindOf(header),
            Header = header.ToString("X2"),
        };
        if (header == (byte)Bm13xxCommand.Job)
            return total < ShortestJob ? null : Job(piece, stream, at, total, profile);

        int crc = stream[at + total - 1];
        int right = Crc5.Of(stream, at + 2, total - 3);
        bool addressed = header is (byte)Bm13xxCommand.SetAddress or (byte)Bm13xxCommand.WriteOne or (byte)Bm13xxCommand.ReadOne;
        bool hasRegister = piece.Kind is "write-all" or "write-one" or "read-all" or "read-one";
        bool hasValue = total == Bm13xxFrame.WriteBytes && piece.Kind is "write-all" or "write-one";
        uint value = hasValue ? BinaryPrimitives.ReadUInt32BigEndian(stream.AsSpan(at + 6)) : 0;
        return piece with
        {
            Address = addressed ? stream[at + 4] : null,
            Register = hasRegister ? stream[at + 5].ToString("X2") : null,
            RegisterName = hasRegister ? RegisterName(stream[at + 5]) : null,
            Value = hasValue ? value.ToString("X8") : null,
            Meaning = hasValue ? RegisterMeaning.Of(stream[at + 5], value, profile) : null,
            CrcOk = crc == right,
            Crc = crc.ToString("X2"),
            CrcExpected = crc == right ? null : right.ToString("X2"),
        };
    }

    private static ChipFrame Job(ChipFrame piece, byte[] stream, int at, int total, Bm13xxProfile? profile)
    {
        int payload = total - 6;
        ReadOnlySpan<byte> body = stream.AsSpan(at + 4, payload);
        int crc = BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at + total - 2));
        int right = Crc16.Ccitt(stream, at + 2, total - 4);
        bool headerJob = payload == Bm13xxFrame.HeaderJobPayload && profile is not { Midstates: > 0 };
        return piece with
        {
            JobId = body[0],
            Meaning = headerJob ? null : $"{body[1]} midstates",
            NBits = BinaryPrimitives.ReadUInt32LittleEndian(body[6..]).ToString("X8"),
            NTime = BinaryPrimitives.ReadUInt32LittleEndian(body[10..]).ToString("X8"),
            Version = headerJob ? BinaryPrimitives.ReadUInt32LittleEndian(body[78..]).ToString("X8") : null,
            CrcOk = crc == right,
            Crc = crc.ToString("X4"),
            CrcExpected = crc == right ? null : right.ToString("X4"),
        };
    }

    private static ChipFrame? FromChips(byte[] stream, int at, Bm13xxProfile? profile)
    {
        int left = stream.Length - at;
        if (left < Bm13xxParser.ShortReply || stream[at] != 0xAA || stream[at + 1] != 0x55)
            return null;
        int length = ReplyLength(stream, at, left, profile);
        var reply = new Bm13xxReply();
        Bm13xxParser.Decode(stream, at, length, reply);
        int last = stream[at + length - 1];
        int right = RightLastByte(stream, at, length);
        var piece = new ChipFrame
        {
            Offset = at,
            Bytes = Hex(stream, at, length),
            Direction = "from-chips",
            Kind = (last & 0xE0) switch { 0 => "register", 0x80 => "nonce", _ => "unknown" },
            Header = (last & 0xE0).ToString("X2"),
            CrcOk = last == right,
            Crc = (last & 0x1F).ToString("X2"),
            CrcExpected = last == right ? null : (right & 0x1F).ToString("X2"),
        };
        if (!reply.IsNonce)
        {
            return piece with
            {
                Address = reply.Address,
                Register = reply.Register.ToString("X2"),
                RegisterName = RegisterName(reply.Register),
                Value = reply.Value.ToString("X8"),
                Meaning = RegisterMeaning.Of(reply.Register, reply.Value, profile),
            };
        }

        Bm13xxProfile chip = profile ?? Bm13xxChips.Find(length == Bm13xxParser.ShortReply ? "BM1397" : "BM1370", 0)!;
        var nonce = new ChipNonce();
        Bm13xxNonce.Decode(chip, 256, 1, reply, nonce);
        return piece with
        {
            Nonce = nonce.Nonce.ToString("X8"),
            JobId = nonce.JobId,
            Core = nonce.Core,
            SmallCore = chip.Midstates > 0 ? null : reply.Register & chip.SmallCoreMask,
            Midstate = chip.Midstates > 0 ? nonce.MidstateIndex : null,
            VersionBits = chip.RollsVersion ? nonce.VersionBits.ToString("X8") : null,
        };
    }

    private static int ReplyLength(byte[] stream, int at, int left, Bm13xxProfile? profile)
    {
        if (left < Bm13xxParser.LongReply || profile is { RollsVersion: false })
            return Bm13xxParser.ShortReply;
        if (Bm13xxParser.IsReply(stream, at, Bm13xxParser.LongReply))
            return Bm13xxParser.LongReply;
        return Bm13xxParser.IsReply(stream, at, Bm13xxParser.ShortReply) ? Bm13xxParser.ShortReply : Bm13xxParser.LongReply;
    }

    // The CRC covers the three type bits of its own byte: it is what makes the whole come out as 0.
    private static int RightLastByte(byte[] stream, int at, int length)
    {
        byte[] copy = stream[at..(at + length)];
        int type = copy[^1] & 0xE0;
        for (int crc = 0; crc < 32; crc++)
        {
            copy[^1] = (byte)(type | crc);
            if (Crc5.Of(copy, 2, length - 2) == 0)
                break;
        }

        return copy[^1];
    }

    private static string KindOf(byte header) => (Bm13xxCommand)header switch
    {
        Bm13xxCommand.Job => "job",
        Bm13xxCommand.SetAddress => "set-address",
        Bm13xxCommand.WriteOne => "write-one",
        Bm13xxCommand.WriteAll => "write-all",
        Bm13xxCommand.ReadOne => "read-one",
        Bm13xxCommand.ReadAll => "read-all",
        Bm13xxCommand.ChainInactive => "inactive",
        _ => "unknown",
    };

    private static string? RegisterName(int register) => Enum.GetName((Bm13xxRegister)register);

    private static string Hex(byte[] bytes, int at, int count) => Convert.ToHexStringLower(bytes, at, count);
}
