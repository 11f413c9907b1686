using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ballast.Host.Fleet;

/// <summary>
/// What a board measures beside power: shown to people, and used by no decision. So a member that is not as the contract says is left out
/// here, and the message still counts.
/// </summary>
internal struct BoardReadings
{
    /// <summary>Stands for what the board does not measure or did not say.</summary>
    internal const int Unknown = int.MinValue;

    internal int Point;
    internal int FreqKhz;
    internal int CoreMv;
    internal int InputMv;
    internal int VrMilliC;
    internal int FanRpm;
    internal int FanPercent;
    internal int Stale;
    internal int HwErrors;
    internal int UptimeS;

    internal static readonly BoardReadings None = new()
    {
        Point = Unknown,
        FreqKhz = Unknown,
        CoreMv = Unknown,
        InputMv = Unknown,
        VrMilliC = Unknown,
        FanRpm = Unknown,
        FanPercent = Unknown,
        Stale = Unknown,
        HwErrors = Unknown,
        UptimeS = Unknown,
    };

    /// <summary>Takes the member whose name the reader stands on, whatever it is.</summary>
    internal static void Member(ref Utf8JsonReader reader, ref BoardReadings into)
    {
        if (reader.ValueTextEquals("point"u8)) { into.Point = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("freqKhz"u8)) { into.FreqKhz = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("coreMv"u8)) { into.CoreMv = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("inputMv"u8)) { into.InputMv = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("vrMilliC"u8)) { into.VrMilliC = Number(ref reader, -1_000_000); }
        else if (reader.ValueTextEquals("fanRpm"u8)) { into.FanRpm = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("fanPercent"u8)) { into.FanPercent = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("stale"u8)) { into.Stale = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("hwErrors"u8)) { into.HwErrors = Number(ref reader, 0); }
        else if (reader.ValueTextEquals("uptimeS"u8)) { into.UptimeS = Number(ref reader, 0); }
        else { JsonFields.Skip(ref reader); }
    }

    private static int Number(ref Utf8JsonReader reader, int min)
    {
        _ = reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value) && value >= min)
        {
            return value;
        }

        reader.Skip();
        return Unknown;
    }
}

/// <summary>An answer of a board to its pod's order, for people.</summary>
/// <param name="AtMs">Host's time of its arrival.</param>
/// <param name="OrderId">Content that it answers.</param>
/// <param name="EpochLow">Low half of the epoch.</param>
/// <param name="Result">See <see cref="ResultOf"/>.</param>
internal readonly record struct AckMark(long AtMs, uint OrderId, ushort EpochLow, byte Result)
{
    /// <summary>Answers that may be noted, as <see cref="AckReader"/> gives them.</summary>
    private static readonly string[] Words = ["", .. AckReader.Results];

    internal static AckMark Of(in AckWord ack, long nowMs) => new(nowMs, ack.OrderId, (ushort)ack.Epoch, (byte)Math.Max(0, Array.IndexOf(Words, ack.Result)));

    /// <summary>The word of the contract; "" for one that it does not know.</summary>
    internal string ResultOf => Words[Result];
}

/// <summary>The last answers of a board, the newest first; 96 bytes in its record.</summary>
[InlineArray(Count)]
internal struct AckMarks
{
    private const int Count = 6;

    private AckMark _first;

    /// <summary>Notes an answer; another to the same content changes nothing.</summary>
    internal void Note(in AckMark mark)
    {
        if (this[0].OrderId == mark.OrderId && this[0].EpochLow == mark.EpochLow && this[0].AtMs > 0)
        {
            return;
        }

        for (int i = Count - 1; i > 0; i--)
        {
            this[i] = this[i - 1];
        }

        this[0] = mark;
    }

    /// <summary>The answer to some content, or null.</summary>
    internal readonly AckMark? Find(uint epoch, uint orderId)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].AtMs > 0 && this[i].OrderId == orderId && this[i].EpochLow == (ushort)epoch)
            {
                return this[i];
            }
        }

        return null;
    }
}
