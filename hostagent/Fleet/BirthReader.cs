using System.Text.Json;
using Ballast.Wire;

namespace Ballast.Host.Fleet;

/// <summary>Takes a birth: what a board is, its ladder in use, and the ladder that waits to be accepted.</summary>
internal sealed class BirthReader(TextPool texts)
{
    // Learned ladders differ from board to board and change: only so many are looked for again.
    private const int MaxShared = 1024;

    private readonly Dictionary<uint, Ladder> _ladders = [];

    internal bool TryTake(ReadOnlySpan<byte> json, BoardRecord board)
    {
        Word word = new() { Contract = -1, FailsafeW = -1, Serial = "", Model = "", Firmware = "" };
        if (!JsonFields.Read(json, ref word, Member) || word.Contract < 0 || word.Serial.Length == 0)
        {
            return false;
        }

        board.HasBirth = true;
        board.ContractKnown = word.Contract == 1;
        board.BirthLadderId = word.LadderId;
        board.Ladder = Agreed(word.Ladder, word.LadderId);
        board.OfferedId = word.OfferedId;
        board.Offered = word.OfferedId == 0 ? null : Agreed(word.Offered, word.OfferedId);
        board.FailsafeW = (int)word.FailsafeW;
        board.BirthNameplateW = (int)word.NameplateW;
        board.BirthSerial = word.Serial;
        board.Model = texts.Shared(word.Model);
        board.Firmware = texts.Shared(word.Firmware);
        if (board.PendingLadderId == word.LadderId)
        {
            board.PendingLadderId = 0;
        }

        return true;
    }

    private static void Member(ref Utf8JsonReader reader, ref Word into)
    {
        if (reader.ValueTextEquals("contract"u8)) { into.Contract = JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("ladderId"u8)) { into.LadderId = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("offeredId"u8)) { into.OfferedId = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("failsafeW"u8)) { into.FailsafeW = JsonFields.Number(ref reader, 0, 1_000_000); }
        else if (reader.ValueTextEquals("nameplateW"u8)) { into.NameplateW = JsonFields.Number(ref reader, 0, 1_000_000); }
        else if (reader.ValueTextEquals("boardSerial"u8)) { into.Serial = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("model"u8)) { into.Model = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("firmware"u8)) { into.Firmware = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("ladder"u8)) { into.Ladder = ReadLadder(ref reader); }
        else if (reader.ValueTextEquals("offered"u8)) { into.Offered = ReadLadder(ref reader); }
        else { JsonFields.Skip(ref reader); }
    }

    private static Ladder? ReadLadder(ref Utf8JsonReader reader)
    {
        int[] power = new int[Ladder.MaxPoints];
        int[] hash = new int[Ladder.MaxPoints];
        int count = 0;
        JsonFields.Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            long p = JsonFields.Number(ref reader, 0, Ladder.MaxValue);
            long h = JsonFields.Number(ref reader, 0, Ladder.MaxValue);
            JsonFields.Expect(ref reader, JsonTokenType.EndArray);
            if (count < Ladder.MaxPoints)
            {
                power[count] = (int)p;
                hash[count] = (int)h;
            }

            count++;
        }

        return count > Ladder.MaxPoints ? null : Ladder.TryCreate(power, hash, count, out _);
    }

    // A ladder whose id is not the one named beside it was damaged on the way. Equal ladders are one object over the whole fleet.
    private Ladder? Agreed(Ladder? ladder, uint id)
    {
        if (ladder is null || ladder.Id != id)
        {
            return null;
        }

        if (_ladders.TryGetValue(id, out Ladder? known) && Same(known, ladder))
        {
            return known;
        }

        if (_ladders.Count >= MaxShared)
        {
            _ladders.Clear();
        }

        _ladders[id] = ladder;
        return ladder;
    }

    private static bool Same(Ladder a, Ladder b)
    {
        bool same = a.Count == b.Count;
        for (int i = 0; same && i < a.Count; i++)
        {
            same = a.PowerMw(i) == b.PowerMw(i) && a.HashGhs(i) == b.HashGhs(i);
        }

        return same;
    }

    private struct Word
    {
        internal long Contract;
        internal uint LadderId;
        internal uint OfferedId;
        internal long FailsafeW;
        internal long NameplateW;
        internal string Serial;
        internal string Model;
        internal string Firmware;
        internal Ladder? Ladder;
        internal Ladder? Offered;
    }
}
