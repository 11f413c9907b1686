using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Ballast.Virtual.Pool;

/// <summary>
/// A share from the pool's side, from the raw parameters to the hash, with the platform's SHA-256 only: it shares no code with the
/// firmware, so that an error there cannot hide here.
/// </summary>
public static class ShareCheck
{
    private static readonly BigInteger Difficulty1 = new BigInteger(0xFFFF) << 208;

    /// <summary>The 80 header bytes that the parameters stand for.</summary>
    /// <param name="job">The job.</param>
    /// <param name="extranonce1">The session's first extranonce.</param>
    /// <param name="extranonce2">The miner's extranonce.</param>
    /// <param name="ntime">Block time, s.</param>
    /// <param name="nonce">Nonce.</param>
    /// <param name="version">Version with the rolled bits in it.</param>
    public static byte[] Header(PoolJob job, byte[] extranonce1, byte[] extranonce2, uint ntime, uint nonce, uint version)
    {
        byte[] root = DoubleSha256([.. job.Coinb1, .. extranonce1, .. extranonce2, .. job.Coinb2]);
        foreach (byte[] branch in job.Branches)
            root = DoubleSha256([.. root, .. branch]);

        byte[] header = new byte[80];
        BinaryPrimitives.WriteUInt32LittleEndian(header, version);
        for (int i = 0; i < 32; i++)
            header[4 + i] = job.PrevHash[(i & ~3) + 3 - (i & 3)];
        root.CopyTo(header, 36);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(68), ntime);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), job.NBits);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
        return header;
    }

    /// <summary>The version that a pool reconstructs (BIP 310): rolled bits inside the mask, the job's outside.</summary>
    public static uint RolledVersion(uint jobVersion, uint bits, uint mask) => (jobVersion & ~mask) | (bits & mask);

    /// <summary>The hash of a header as the number that is compared with a target.</summary>
    public static BigInteger HashNumber(byte[] header) => new(DoubleSha256(header), isUnsigned: true, isBigEndian: false);

    /// <summary>The largest hash that meets a difficulty, in units of diff1·2^-workShift.</summary>
    public static BigInteger Target(long difficulty, int workShift)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(difficulty);
        ArgumentOutOfRangeException.ThrowIfNegative(workShift);
        return (Difficulty1 << workShift) / difficulty;
    }

    /// <summary>SHA-256 of SHA-256.</summary>
    public static byte[] DoubleSha256(byte[] data) => SHA256.HashData(SHA256.HashData(data));
}
