using System.Text.Json.Serialization;

namespace Ballast.Virtual.Chips;

/// <summary>What a piece of a recorded byte stream is. Members that a kind of frame does not have are null and left out of JSON.</summary>
public sealed record ChipFrame
{
    /// <summary>Place of the first byte in the stream.</summary>
    public required int Offset { get; init; }

    /// <summary>The bytes, in hex.</summary>
    public required string Bytes { get; init; }

    /// <summary>"to-chips", "from-chips" or "none" for bytes that are no frame.</summary>
    public required string Direction { get; init; }

    /// <summary>write-all, write-one, read-all, read-one, set-address, inactive, job, register, nonce, unknown or garbage.</summary>
    public required string Kind { get; init; }

    /// <summary>Header byte, in hex.</summary>
    public string? Header { get; init; }

    /// <summary>Chip address.</summary>
    public int? Address { get; init; }

    /// <summary>Register number, in hex.</summary>
    public string? Register { get; init; }

    /// <summary>Register name.</summary>
    public string? RegisterName { get; init; }

    /// <summary>Register value, in hex.</summary>
    public string? Value { get; init; }

    /// <summary>What the value means, where that is known.</summary>
    public string? Meaning { get; init; }

    /// <summary>Job id.</summary>
    public int? JobId { get; init; }

    /// <summary>Nonce as the number that goes into the header, in hex.</summary>
    public string? Nonce { get; init; }

    /// <summary>Core that found it.</summary>
    public int? Core { get; init; }

    /// <summary>Small core that found it.</summary>
    public int? SmallCore { get; init; }

    /// <summary>Midstate that it belongs to, for chips that take several.</summary>
    public int? Midstate { get; init; }

    /// <summary>Bits to OR into the version, in their header position, in hex.</summary>
    public string? VersionBits { get; init; }

    /// <summary>Header fields of a job: nbits, in hex as a number.</summary>
    public string? NBits { get; init; }

    /// <summary>Header fields of a job: ntime, in hex as a number.</summary>
    public string? NTime { get; init; }

    /// <summary>Header fields of a job: version, in hex as a number.</summary>
    public string? Version { get; init; }

    /// <summary>True if the checksum is right; null for bytes that are no frame.</summary>
    public bool? CrcOk { get; init; }

    /// <summary>Checksum in the frame, in hex.</summary>
    public string? Crc { get; init; }

    /// <summary>Checksum that the bytes should have, in hex; only where it differs.</summary>
    public string? CrcExpected { get; init; }

    /// <summary>The frame in one line for people.</summary>
    [JsonIgnore]
    public string Line
    {
        get
        {
            string text = $"{Bytes}  {Kind}";
            text += Address is { } address ? $" address {address:X2}" : "";
            text += Register is not null ? $" register {Register} {RegisterName ?? "(no name)"}" : "";
            text += Value is not null ? $" = {Value}" : "";
            text += Meaning is not null ? $" ({Meaning})" : "";
            text += Nonce is not null ? $" nonce {Nonce}" : "";
            text += JobId is { } job ? $" job {job}" : "";
            text += Core is { } core ? $" core {core}" : "";
            text += SmallCore is { } small ? $" small core {small}" : "";
            text += Midstate is { } midstate ? $" midstate {midstate}" : "";
            text += VersionBits is not null ? $" version bits {VersionBits}" : "";
            text += Version is not null ? $" version {Version}" : "";
            text += NTime is not null ? $" ntime {NTime} nbits {NBits}" : "";
            return text + CrcOk switch
            {
                true => $"  CRC {Crc} right",
                false => $"  CRC {Crc} WRONG, should be {CrcExpected}",
                null => "",
            };
        }
    }
}
