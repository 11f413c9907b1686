using System.Text.Json;

namespace Ballast.Host.Fleet;

/// <summary>Takes a state: online, admitted, nonce, latches.</summary>
internal sealed class StateReader(TextPool texts)
{
    internal bool TryTake(ReadOnlySpan<byte> json, BoardRecord board, long nowMs)
    {
        Word word = new() { PowerW = -1, Serial = "", Mode = "", Reason = "", Latches = "" };
        if (!JsonFields.Read(json, ref word, Member) || word.Online is not { } online)
        {
            return false;
        }

        bool was = board.Online;
        board.HasState = true;
        board.Online = online;
        if (!online)
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

        board.Admitted = word.Admitted;
        board.BootNonce = word.Nonce;
        board.StateLadderId = word.LadderId;
        board.PowerW = (int)word.PowerW;
        board.StateSerial = word.Serial == board.BirthSerial ? board.BirthSerial : word.Serial;
        board.Mode = BoardWords.Mode(word.Mode);
        board.Reason = texts.Shared(word.Reason);
        board.Latches = texts.Shared(word.Latches);
        board.SaysLockedOut = word.Latches.Contains("lock-out", StringComparison.Ordinal) || word.Reason == "lock-out";
        return true;
    }

    private static void Member(ref Utf8JsonReader reader, ref Word into)
    {
        if (reader.ValueTextEquals("online"u8)) { into.Online = JsonFields.Bool(ref reader); }
        else if (reader.ValueTextEquals("admitted"u8)) { into.Admitted = JsonFields.Bool(ref reader); }
        else if (reader.ValueTextEquals("bootNonce"u8)) { into.Nonce = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("ladderId"u8)) { into.LadderId = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("powerW"u8)) { into.PowerW = JsonFields.Number(ref reader, 0, 1_000_000); }
        else if (reader.ValueTextEquals("boardSerial"u8)) { into.Serial = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("mode"u8)) { into.Mode = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("reason"u8)) { into.Reason = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("latches"u8)) { into.Latches = JsonFields.Texts(ref reader); }
        else { JsonFields.Skip(ref reader); }
    }

    private struct Word
    {
        internal bool? Online;
        internal bool? Admitted;
        internal uint Nonce;
        internal uint LadderId;
        internal long PowerW;
        internal string Serial;
        internal string Mode;
        internal string Reason;
        internal string Latches;
    }
}
