using System.Text.Json;

namespace Ballast.Host.Fleet;

/// <summary>An acknowledgement as a board sent it.</summary>
internal readonly record struct AckWord(bool IsSet, uint Epoch, uint Seq, uint OrderId, string Result, string Reason = "");

/// <summary>Reads acknowledgements.</summary>
internal static class AckReader
{
    /// <summary>Results that the contract knows. One text for the whole fleet, because every board keeps its last.</summary>
    internal static readonly string[] Results = ["applied", "again", "ignored", "rejected"];

    internal static bool TryTake(ReadOnlySpan<byte> json, out AckWord ack)
    {
        Word word = new() { Stream = "", Result = "", Reason = "" };
        bool good = JsonFields.Read(json, ref word, Member) && word.Stream is "dispatch" or "set";
        ack = good ? new AckWord(word.Stream == "set", word.Epoch, word.Seq, word.OrderId, word.Result, word.Reason) : default;
        return good;
    }

    private static void Member(ref Utf8JsonReader reader, ref Word into)
    {
        if (reader.ValueTextEquals("stream"u8)) { into.Stream = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("result"u8)) { into.Result = Shared(JsonFields.Text(ref reader)); }
        else if (reader.ValueTextEquals("reason"u8)) { into.Reason = JsonFields.Text(ref reader); }
        else if (reader.ValueTextEquals("epoch"u8)) { into.Epoch = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("seq"u8)) { into.Seq = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else if (reader.ValueTextEquals("orderId"u8)) { into.OrderId = (uint)JsonFields.Number(ref reader, 0, uint.MaxValue); }
        else { JsonFields.Skip(ref reader); }
    }

    private static string Shared(string result) => Array.Find(Results, r => r == result) ?? result;

    private struct Word
    {
        internal string Stream;
        internal string Result;
        internal string Reason;
        internal uint Epoch;
        internal uint Seq;
        internal uint OrderId;
    }
}
