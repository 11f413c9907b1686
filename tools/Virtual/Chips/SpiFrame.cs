using System.Text.Json.Serialization;

namespace Ballast.Virtual.Chips;

/// <summary>What a piece of recorded bytes of an A1 or T1 chain is. Members that a kind of frame does not have are null and left out of JSON.</summary>
public sealed record SpiFrame
{
    /// <summary>Place of the first byte.</summary>
    public required int Offset { get; init; }

    /// <summary>The bytes, in hex.</summary>
    public required string Bytes { get; init; }

    /// <summary>"to-chips", "from-chips", or "none" for zeros and bytes that are no frame.</summary>
    public required string Direction { get; init; }

    /// <summary>
    /// bist-start, bist-fix, bist-collect, reset, write-job, read-result, write-register, write-register-2, read-register; from chips also
    /// register and result; idle for zeros, cut for a frame whose end is missing, unknown.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Chip, 1 is the first; 0 all.</summary>
    public int? Chip { get; init; }

    /// <summary>Chips that answered an enumeration.</summary>
    public int? Chips { get; init; }

    /// <summary>Strategy of a reset, in hex.</summary>
    public string? Strategy { get; init; }

    /// <summary>What that means, where it is known.</summary>
    public string? Meaning { get; init; }

    /// <summary>Job id, 1…4.</summary>
    public int? JobId { get; init; }

    /// <summary>Midstates in their order of use, in hex as on the wire.</summary>
    public IReadOnlyList<string>? Midstates { get; init; }

    /// <summary>Last four bytes of the merkle root, in hex as in the header.</summary>
    public string? MerkleTail { get; init; }

    /// <summary>ntime, in hex as a number.</summary>
    public string? NTime { get; init; }

    /// <summary>nbits, in hex as a number.</summary>
    public string? NBits { get; init; }

    /// <summary>First nonce, in hex as a number.</summary>
    public string? StartNonce { get; init; }

    /// <summary>Last nonce, in hex as a number.</summary>
    public string? EndNonce { get; init; }

    /// <summary>Target from which the chip reports, as nbits in hex as a number.</summary>
    public string? Target { get; init; }

    /// <summary>Difficulty of that target, rounded to thousandths.</summary>
    public decimal? Difficulty { get; init; }

    /// <summary>Nonce as the number that goes into the header, in hex.</summary>
    public string? Nonce { get; init; }

    /// <summary>Midstate that a result belongs to, for chips that take several.</summary>
    public int? Midstate { get; init; }

    /// <summary>Data bytes of a register, in hex.</summary>
    public string? Register { get; init; }

    /// <summary>PLL setting in a register.</summary>
    public SpiPll? Pll { get; init; }

    /// <summary>True if the PLL is locked; null if the chip does not tell.</summary>
    public bool? Locked { get; init; }

    /// <summary>Places for jobs: "empty", "one job", "full", or "invalid".</summary>
    public string? Queue { get; init; }

    /// <summary>Ids of the running and the queued job, 0 for none: low and high four bits of one byte; which is which is not certain [?].</summary>
    public IReadOnlyList<int>? JobIds { get; init; }

    /// <summary>Working cores.</summary>
    public int? Cores { get; init; }

    /// <summary>ADC value of a T1.</summary>
    public int? Adc { get; init; }

    /// <summary>True if the checksum is right; null if this kind of frame has none.</summary>
    public bool? CrcOk { get; init; }

    /// <summary>Checksum in the frame, in hex; "none" if this kind of frame has none.</summary>
    public string? Crc { get; init; }

    /// <summary>Checksum that the bytes should have, in hex; only where it differs.</summary>
    public string? CrcExpected { get; init; }

    /// <summary>True for a frame that was recognised to its end, and for idle zeros.</summary>
    [JsonIgnore]
    public bool IsKnown => Kind is not ("unknown" or "cut");

    /// <summary>The frame in one line for people.</summary>
    [JsonIgnore]
    public string Line
    {
        get
        {
            if (Kind == "idle")
                return $"({Bytes.Length / 2} zero bytes)";
            string text = $"{Bytes}  {Kind}";
            text += Direction == "from-chips" ? " from chips" : "";
            text += Chip switch { null => "", 0 => " all chips", _ => $" chip {Chip}" };
            text += Chips is not null ? $" counted {Chips} chips" : "";
            text += JobId is not null ? $" job {JobId}" : "";
            text += Strategy is not null ? $" strategy {Strategy}" : "";
            text += Meaning is not null ? $" ({Meaning})" : "";
            text += Midstates is not null ? $" midstates {string.Join(' ', Midstates)} tail {MerkleTail} ntime {NTime} nbits {NBits}" : "";
            text += Target is not null ? FormattableString.Invariant($" nonces {StartNonce} to {EndNonce} target {Target} (difficulty {Difficulty:0.###})") : "";
            text += Nonce is not null ? $" nonce {Nonce}" : "";
            text += Midstate is not null ? $" midstate {Midstate}" : "";
            text += Register is not null ? $" = {Register}" : "";
            text += Pll is not null ? $" PLL {Pll}" : "";
            text += Locked switch { true => ", locked", false => ", NOT locked", null => "" };
            text += Queue is not null ? $", queue {Queue}" : "";
            text += JobIds is not null ? $", running job {JobIds[0]}, queued job {JobIds[1]}" : "";
            text += Adc is not null ? $", ADC {Adc}" : "";
            text += Cores is not null ? $", {Cores} cores" : "";
            return text + CrcOk switch
            {
                true => $"  CRC {Crc} right",
                false => $"  CRC {Crc} WRONG, should be {CrcExpected}",
                null => Crc is null ? "" : $"  CRC {Crc}",
            };
        }
    }
}
