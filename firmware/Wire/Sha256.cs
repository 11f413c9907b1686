namespace Ballast.Wire
{
    /// <summary>
    /// SHA-256 (FIPS 180-4). The device exposes no native one, and mining needs the midstate. All static members are safe on any
    /// thread and allocate nothing; <see cref="Sha256Stream"/> is the form for data that comes in pieces.
    /// </summary>
    public static partial class Sha256
    {
        /// <summary>Bytes in a block.</summary>
        public const int BlockSize = 64;

        /// <summary>Bytes in a hash.</summary>
        public const int HashSize = 32;

        /// <summary>Words in a state.</summary>
        public const int StateWords = 8;

        private static readonly Sha256Stream Shared = new Sha256Stream();

        /// <summary>Writes the eight initial words into the state (FIPS 180-4, 5.3.3).</summary>
        public static void InitialState(uint[] state, int off)
        {
            state[off] = 0x6A09E667U;
            state[off + 1] = 0xBB67AE85U;
            state[off + 2] = 0x3C6EF372U;
            state[off + 3] = 0xA54FF53AU;
            state[off + 4] = 0x510E527FU;
            state[off + 5] = 0x9B05688CU;
            state[off + 6] = 0x1F83D9ABU;
            state[off + 7] = 0x5BE0CD19U;
        }

        /// <summary>Writes SHA-256 of <paramref name="count"/> bytes as 32 bytes. The output may overlap the input.</summary>
        public static void Hash(byte[] data, int off, int count, byte[] hash, int hashOff)
        {
            lock (Shared)
            {
                Shared.Begin();
                Shared.Update(data, off, count);
                Shared.End(hash, hashOff);
            }
        }

        /// <summary>Writes SHA-256(SHA-256(data)) as 32 bytes, in the order in which SHA-256 emits them. The output may overlap the input.</summary>
        public static void DoubleHash(byte[] data, int off, int count, byte[] hash, int hashOff)
        {
            lock (Shared)
            {
                Shared.Begin();
                Shared.Update(data, off, count);
                Shared.EndDouble(hash, hashOff);
            }
        }
    }
}
