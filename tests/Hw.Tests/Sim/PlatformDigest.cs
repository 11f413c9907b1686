using System.Security.Cryptography;
using Ballast.Hw.Bus;

namespace Ballast.Hw.Tests.Sim;

/// <summary>The platform's SHA-256 for the chip models, without allocation.</summary>
internal sealed class PlatformDigest : IDigest
{
    private readonly byte[] _first = new byte[32];

    public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset)
    {
        SHA256.HashData(data.AsSpan(offset, count), _first);
        SHA256.HashData(_first, hash.AsSpan(hashOffset, 32));
    }
}
