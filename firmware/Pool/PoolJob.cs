using System;

namespace Ballast.Firmware.Pool
{
    /// <summary>One mining.notify, decoded, with the session values that were in force when it came. Reused: the client owns two.</summary>
    public sealed class PoolJob
    {
        /// <summary>Longest job id, bytes. Ids are opaque strings, kept and sent back as they were written.</summary>
        public const int MaxId = 128;

        /// <summary>Most merkle branches.</summary>
        public const int MaxBranches = 32;

        /// <summary>Longest extranonce1, and longest extranonce2, bytes.</summary>
        public const int MaxExtranonce = 32;

        /// <summary>Room behind the coinbase for SHA-256 padding.</summary>
        public const int CoinbaseSlack = 72;

        /// <summary>The job id between its quotes, escapes as they came.</summary>
        public readonly byte[] Id = new byte[MaxId];

        /// <summary>Bytes of <see cref="Id"/>.</summary>
        public int IdLength;

        /// <summary>Hash of the previous block, in header order.</summary>
        public readonly byte[] PreviousHash = new byte[32];

        /// <summary>The whole coinbase transaction with extranonce2 zero; at least <see cref="CoinbaseSlack"/> bytes are free behind it.</summary>
        public byte[] Coinbase = new byte[512 + CoinbaseSlack];

        /// <summary>Bytes of <see cref="Coinbase"/>.</summary>
        public int CoinbaseLength;

        /// <summary>Where extranonce2 begins in <see cref="Coinbase"/>.</summary>
        public int Extranonce2Offset;

        /// <summary>Bytes of extranonce1, which ends where extranonce2 begins, 0…32.</summary>
        public int Extranonce1Length;

        /// <summary>Bytes of extranonce2, 0…32.</summary>
        public int Extranonce2Length;

        /// <summary>Merkle branches in internal order, 32 bytes each.</summary>
        public readonly byte[] Branches = new byte[32 * MaxBranches];

        /// <summary>Number of <see cref="Branches"/>.</summary>
        public int BranchCount;

        /// <summary>Block version.</summary>
        public uint Version;

        /// <summary>Network target, compact form.</summary>
        public uint NBits;

        /// <summary>Block time, seconds since 1970.</summary>
        public uint NTime;

        /// <summary>True if shares of older jobs are worthless from here on.</summary>
        public bool Clean;

        /// <summary>Share difficulty in force from this job on.</summary>
        public readonly PoolDifficulty Difficulty = new PoolDifficulty();

        /// <summary>When it arrived, on the monotonic clock.</summary>
        public long ReceivedMs;

        /// <summary>Makes room for a coinbase. The content is undefined afterwards.</summary>
        public void Reserve(int coinbaseLength)
        {
            int need = coinbaseLength + CoinbaseSlack;
            if (Coinbase.Length < need)
            {
                Coinbase = new byte[need + (need >> 2)];
            }
        }

        /// <summary>True if the id is the same as another job's.</summary>
        public bool SameId(PoolJob other)
        {
            if (IdLength != other.IdLength)
            {
                return false;
            }

            for (int i = 0; i < IdLength; i++)
            {
                if (Id[i] != other.Id[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>True if another job would lead to the same headers: everything hashed is equal.</summary>
        public bool SameContent(PoolJob other)
        {
            return Version == other.Version && NBits == other.NBits && NTime == other.NTime && BranchCount == other.BranchCount
                && CoinbaseLength == other.CoinbaseLength && Extranonce2Offset == other.Extranonce2Offset
                && Extranonce2Length == other.Extranonce2Length && Same(PreviousHash, other.PreviousHash, 32)
                && Same(Branches, other.Branches, 32 * BranchCount) && SameCoinbase(other);
        }

        private static bool Same(byte[] a, byte[] b, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return true;
        }

        // Whoever hashes the job writes extranonce2 into the coinbase; it does not count here.
        private bool SameCoinbase(PoolJob other)
        {
            int behind = Extranonce2Offset + Extranonce2Length;
            for (int i = 0; i < CoinbaseLength; i++)
            {
                if (Coinbase[i] != other.Coinbase[i] && (i < Extranonce2Offset || i >= behind))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Decodes the parameters of mining.notify.</summary>
    public static class StratumNotify
    {
        /// <summary>
        /// Fills <paramref name="into"/> from [id, prevhash, coinb1, coinb2, branches, version, nbits, ntime, clean]. False if anything is
        /// missing or malformed; <paramref name="into"/> is then undefined.
        /// </summary>
        public static bool TryRead(JsonTokens json, int parameters, byte[] extranonce1, int extranonce1Length, int extranonce2Length, PoolJob into)
        {
            int id = json.Element(parameters, 0);
            int previous = json.Element(parameters, 1);
            int coinb1 = json.Element(parameters, 2);
            int coinb2 = json.Element(parameters, 3);
            int branches = json.Element(parameters, 4);
            JsonKind idKind = json.Kind(id);
            if ((idKind != JsonKind.String && idKind != JsonKind.Number) || json.Length(id) > PoolJob.MaxId || json.Length(id) == 0)
            {
                return false;
            }

            int length1 = JsonValues.HexByteCount(json, coinb1);
            int length2 = JsonValues.HexByteCount(json, coinb2);
            if (length1 < 0 || length2 < 0 || JsonValues.HexByteCount(json, previous) != 32 || json.Kind(branches) != JsonKind.Array)
            {
                return false;
            }

            if (!JsonValues.TryHex32(json, json.Element(parameters, 5), out into.Version)
                || !JsonValues.TryHex32(json, json.Element(parameters, 6), out into.NBits)
                || !JsonValues.TryHex32(json, json.Element(parameters, 7), out into.NTime))
            {
                return false;
            }

            into.Clean = json.Kind(json.Element(parameters, 8)) == JsonKind.True;
            into.IdLength = json.Length(id);
            Array.Copy(json.Text, json.Start(id), into.Id, 0, into.IdLength);

            // The text groups the hash in words and writes each most significant byte first; the header has them the other way round.
            JsonValues.ReadHex(json, previous, into.PreviousHash, 0);
            for (int i = 0; i < 32; i += 4)
            {
                Swap(into.PreviousHash, i, i + 3);
                Swap(into.PreviousHash, i + 1, i + 2);
            }

            int count = 0;
            for (int branch = json.First(branches); branch >= 0; branch = json.Next(branches, branch))
            {
                if (count == PoolJob.MaxBranches || JsonValues.HexByteCount(json, branch) != 32)
                {
                    return false;
                }

                JsonValues.ReadHex(json, branch, into.Branches, 32 * count);
                count++;
            }

            into.BranchCount = count;
            int total = length1 + extranonce1Length + extranonce2Length + length2;
            into.Reserve(total);
            into.CoinbaseLength = total;
            JsonValues.ReadHex(json, coinb1, into.Coinbase, 0);
            Array.Copy(extranonce1, 0, into.Coinbase, length1, extranonce1Length);
            into.Extranonce2Offset = length1 + extranonce1Length;
            into.Extranonce1Length = extranonce1Length;
            into.Extranonce2Length = extranonce2Length;
            Array.Clear(into.Coinbase, into.Extranonce2Offset, extranonce2Length);
            JsonValues.ReadHex(json, coinb2, into.Coinbase, into.Extranonce2Offset + extranonce2Length);
            return true;
        }

        private static void Swap(byte[] bytes, int a, int b)
        {
            byte t = bytes[a];
            bytes[a] = bytes[b];
            bytes[b] = t;
        }
    }
}
