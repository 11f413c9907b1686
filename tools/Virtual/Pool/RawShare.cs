namespace Ballast.Virtual.Pool;

/// <summary>A share as it was submitted, with what the session it came through knows.</summary>
public readonly record struct RawShare
{
    /// <summary>Job id.</summary>
    public required string JobId { get; init; }

    /// <summary>Miner's extranonce, hex.</summary>
    public required string Extranonce2 { get; init; }

    /// <summary>Time, 8 hex digits.</summary>
    public required string NTime { get; init; }

    /// <summary>Nonce, 8 hex digits.</summary>
    public required string Nonce { get; init; }

    /// <summary>Rolled version bits, 8 hex digits.</summary>
    public required string VersionBits { get; init; }

    /// <summary>The session's extranonce, hex.</summary>
    public required string Extranonce1 { get; init; }

    /// <summary>Bits that this session may roll; 0 without version rolling.</summary>
    public required uint VersionMask { get; init; }

    /// <summary>Difficulty that held for the job in this session.</summary>
    public required long Difficulty { get; init; }

    /// <summary>The session subscribed.</summary>
    public required bool Subscribed { get; init; }

    /// <summary>The session authorized this user.</summary>
    public required bool Authorized { get; init; }
}
