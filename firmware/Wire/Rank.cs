namespace Ballast.Wire
{
    /// <summary>A board's place on the circle of 2^32 places: contract section 7.</summary>
    public static class Rank
    {
        /// <summary>Rank of "pod/board". All arithmetic wraps; moving the salt a little turns the circle a little.</summary>
        /// <param name="ascii">Buffer with the name.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="count">Its length, bytes.</param>
        /// <param name="salt">The order's salt.</param>
        public static uint Of(byte[] ascii, int off, int count, uint salt)
        {
            uint h = 2166136261U;
            int end = off + count;
            for (int i = off; i < end; i++)
                h = (h ^ ascii[i]) * 16777619U;
            h ^= h >> 16;
            h *= 0x85EBCA6BU;
            h ^= h >> 13;
            h *= 0xC2B2AE35U;
            h ^= h >> 16;
            return h - salt;
        }
    }
}
