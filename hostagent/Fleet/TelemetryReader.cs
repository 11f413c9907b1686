using System.Text.Json;
using Ballast.Wire;

namespace Ballast.Host.Fleet;

/// <summary>Takes telemetry. The commonest message: it allocates nothing for a word that is known.</summary>
internal static class TelemetryReader
{
    private const long MaxMw = 1_000_000_000;

    internal static bool TryTake(ReadOnlySpan<byte> json, BoardRecord board, long nowMs, long[]? rejects = null)
    {
        Word word = new() { Power = -1, Load = -1, Chip = BoardReadings.Unknown, Nonce = board.BootNonce, Readings = BoardReadings.None };
        if (!JsonFields.Read(json, ref word, Member) || word.Mode == ReportedMode.Unknown)
        {
            return false;
        }

        if (word.HasRejects || board.RejectsSeen is not null)
        {
            Count(board, ref word.Rejects, rejects);
        }

        board.TelemetryAtMs = nowMs;
        board.TelemetryThisRun = true;
        board.PowerMw = word.Power;
        board.Energy.Sample(word.Power, nowMs);
        board.EffectiveMw = (int)word.Effective;
        board.HashGhs = word.Hash;
        board.ChipMilliC = (int)word.Chip;
        board.Readings = word.Readings;
        board.LoadPermille = (short)word.Load;
        board.OrderLimit = (int)word.Limit;
        board.LeaseLeftS = (int)word.LeaseLeft;
        board.OrderEpoch = word.Epoch;
        board.OrderId = word.OrderId;
        board.OrderShare = word.Share;
        board.OrderSalt = word.Salt;
        board.Accepted = (int)Math.Min(word.Accepted, int.MaxValue);
        board.Rejected = (int)Math.Min(word.Rejected, int.MaxValue);
        board.LimitedBy = word.LimitedBy;

        // A latch hides a lock-out; it does not end it.
        board.SaysLockedOut = word.LimitedBy == ReportedLimit.LockOut || (word.LimitedBy == ReportedLimit.Latch && board.SaysLockedOut);
        board.Mode = word.Mode;
        if (word.Admitted is not null)
        {
            board.Admitted = word.Admitted;
            board.BootNonce = word.Nonce;
        }

        return true;
    }

    private static void Member(ref Utf8JsonReader reader, ref Word into)
    {
        if (reader.ValueTextEquals("powerMw"u8)) { into.Power = JsonFields.Number(ref reader, 0, MaxMw); }
        else if (reader.ValueTextEquals("effectiveMw"u8)) { into.Effective = JsonFields.Number(ref reader, 0, MaxMw); }
        else if (reader.ValueTextEquals("hashGhs"u8)) { into.Hash = JsonFields.Number(ref reader, 0, MaxMw); }
        else if (reader.ValueTextEquals("chipMilliC"u8)) { into.Chip = JsonFields.Number(ref reader, -1_000_000, 1_000_000); }
        else if (reader.ValueTextEquals("loadPermille"u8)) { into.Load = JsonFields.Number(ref reader, 0, short.MaxValue); }
        else if (reader.ValueTextEquals("limitMjPerTh"u8)) { into.Limit = JsonFields.Number(ref reader, 0, int.MaxValue); }
        else if (reader.ValueTextEquals("leaseLeftS"u8)) { into.LeaseLeft = JsonFields.Number(ref reader, 0, 3600); }
        else if (reader.ValueTextEquals("epoch"u8)) { into.Epoch = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("orderId"u8)) { into.OrderId = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("share"u8)) { into.Share = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("salt"u8)) { into.Salt = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("bootNonce"u8)) { into.Nonce = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("accepted"u8)) { into.Accepted = JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("rejected"u8)) { into.Rejected = JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("admitted"u8)) { into.Admitted = JsonFields.Bool(ref reader); }
        else if (reader.ValueTextEquals("mode"u8)) { into.Mode = ReadMode(ref reader); }
        else if (reader.ValueTextEquals("limitedBy"u8)) { into.LimitedBy = ReadLimit(ref reader); }
        else if (reader.ValueTextEquals("rejects"u8)) { ReadRejects(ref reader, ref into); }
        else { BoardReadings.Member(ref reader, ref into.Readings); }
    }

    private static void ReadRejects(ref Utf8JsonReader reader, ref Word into)
    {
        // No decision uses them: what is not as the contract says is left out, and the message still counts.
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int reason = 1;
            while (reason < RejectName.Count && !reader.ValueTextEquals(RejectName.Of((Reject)reason)))
            {
                reason++;
            }

            _ = reader.Read();
            if (reason < RejectName.Count && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int count) && count >= 0)
            {
                into.Rejects[reason] = count;
                into.HasRejects = true;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // What a board counted before this host heard it is not counted again; a board that restarted counts from zero.
    private static void Count(BoardRecord board, ref RejectCounts now, long[]? all)
    {
        int[] seen = board.RejectsSeen ??= new int[RejectName.Count];
        for (int i = 1; i < RejectName.Count; i++)
        {
            if (all is not null && board.TelemetryThisRun)
            {
                all[i] += now[i] >= seen[i] ? now[i] - seen[i] : now[i];
            }

            seen[i] = now[i];
        }
    }

    private static ReportedMode ReadMode(ref Utf8JsonReader reader)
    {
        JsonFields.Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("running"u8) ? ReportedMode.Running
            : reader.ValueTextEquals("asleep"u8) ? ReportedMode.Asleep
            : BoardWords.Mode(reader.GetString());
    }

    private static ReportedLimit ReadLimit(ref Utf8JsonReader reader)
    {
        JsonFields.Expect(ref reader, JsonTokenType.String);
        return reader.ValueTextEquals("pod-order"u8) ? ReportedLimit.PodOrder : BoardWords.Limit(reader.GetString());
    }

    private struct Word
    {
        internal long Power;
        internal long Effective;
        internal long Hash;
        internal long Chip;
        internal long Load;
        internal long Limit;
        internal long LeaseLeft;
        internal long Accepted;
        internal long Rejected;
        internal uint Epoch;
        internal uint OrderId;
        internal uint Share;
        internal uint Salt;
        internal uint Nonce;
        internal bool? Admitted;
        internal ReportedMode Mode;
        internal ReportedLimit LimitedBy;
        internal BoardReadings Readings;
        internal bool HasRejects;
        internal RejectCounts Rejects;
    }

    [System.Runtime.CompilerServices.InlineArray(RejectName.Count)]
    private struct RejectCounts
    {
        private int _first;
    }
}
