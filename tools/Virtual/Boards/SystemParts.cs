using System.Diagnostics;
using System.Security.Cryptography;
using Ballast.Hw.Bus;

namespace Ballast.Virtual.Boards;

/// <summary>The one clock of a virtual site.</summary>
public sealed class SystemClock : IClock
{
    /// <summary>The clock.</summary>
    public static SystemClock Instance { get; } = new();

    /// <inheritdoc/>
    public long NowMs => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);
}

/// <summary>SHA-256 of the platform, for the chip models: they must not hash with the firmware's code.</summary>
public sealed class SystemDigest : IDigest
{
    /// <inheritdoc/>
    public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset)
    {
        Span<byte> once = stackalloc byte[32];
        SHA256.HashData(data.AsSpan(offset, count), once);
        SHA256.HashData(once, hash.AsSpan(hashOffset, 32));
    }
}

/// <summary>Random numbers that a seed repeats (xorshift, any seed).</summary>
public sealed class SeededEntropy(uint seed) : IEntropy
{
    private uint _state = seed == 0 ? 0x9E3779B9 : seed * 2654435761 | 1;

    /// <inheritdoc/>
    public uint NextUInt32()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }
}
