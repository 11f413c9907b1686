using System.Buffers.Binary;
using System.Numerics;
using Ballast.Hw.Asic;

namespace Ballast.Hw.Tests.Asic;

/// <summary>SHA-256 after the first 64 header bytes, as jobs carry it; the platform gives no state away.</summary>
internal static class Midstate
{
    private static readonly uint[] Constants = Primes(64, 1.0 / 3);

    /// <summary>Fills midstates for versions that differ in bits 13 and 14.</summary>
    public static void Fill(ChipJob job, int count)
    {
        for (int m = 0; m < count; m++)
        {
            byte[] block = job.Header[..64];
            BinaryPrimitives.WriteUInt32LittleEndian(block, VersionOf(job, m));
            Compress(block).CopyTo(job.Midstates, 8 * m);
        }

        job.MidstateCount = count;
    }

    public static uint VersionOf(ChipJob job, int midstate) => BinaryPrimitives.ReadUInt32LittleEndian(job.Header) | (uint)midstate << 13;

    private static uint[] Compress(byte[] block)
    {
        uint[] w = new uint[64];
        for (int i = 0; i < 64; i++)
        {
            w[i] = i < 16
                ? BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(4 * i))
                : w[i - 16] + (R(w[i - 15], 7) ^ R(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] + (R(w[i - 2], 17) ^ R(w[i - 2], 19) ^ w[i - 2] >> 10);
        }

        uint[] start = Primes(8, 0.5);
        uint[] s = [.. start];
        for (int i = 0; i < 64; i++)
        {
            uint t1 = s[7] + (R(s[4], 6) ^ R(s[4], 11) ^ R(s[4], 25)) + (s[4] & s[5] ^ ~s[4] & s[6]) + Constants[i] + w[i];
            uint t2 = (R(s[0], 2) ^ R(s[0], 13) ^ R(s[0], 22)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]);
            s = [t1 + t2, s[0], s[1], s[2], s[3] + t1, s[4], s[5], s[6]];
        }

        return [.. s.Select((v, i) => v + start[i])];
    }

    // The first 32 bits behind the point of a root of each of the first primes.
    private static uint[] Primes(int count, double power) =>
    [
        .. Enumerable.Range(2, 400).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).Take(count).Select(prime =>
        {
            int root = power == 0.5 ? 2 : 3;
            BigInteger scaled = new BigInteger(prime) << 32 * root;
            BigInteger low = 0;
            BigInteger high = BigInteger.One << 40;
            while (high - low > 1)
            {
                BigInteger middle = (low + high) >> 1;
                if (BigInteger.Pow(middle, root) <= scaled)
                    low = middle;
                else
                    high = middle;
            }

            return (uint)(low & 0xFFFFFFFF);
        }),
    ];

    private static uint R(uint value, int bits) => BitOperations.RotateRight(value, bits);
}
