namespace Ballast.Wire
{
    /// <summary>
    /// CRC-32 (ISO-HDLC: polynomial 0xEDB88320 reflected, initial value and final XOR all ones), one byte at a time from a table. The
    /// stable device libraries that we may use have none.
    /// </summary>
    public static class Crc32
    {
        private static readonly uint[] Table = BuildTable();

        /// <summary>CRC of <paramref name="count"/> bytes.</summary>
        public static uint Of(byte[] data, int off, int count) => Append(0, data, off, count);

        /// <summary>Carries a CRC on: the CRC of (what <paramref name="crc"/> covers ‖ data). The CRC of nothing is 0.</summary>
        public static uint Append(uint crc, byte[] data, int off, int count)
        {
            uint c = ~crc;
            uint[] table = Table;
            int end = off + count;
            for (int i = off; i < end; i++)
                c = table[(int)((c ^ data[i]) & 0xFF)] ^ (c >> 8);
            return ~c;
        }

        private static uint[] BuildTable()
        {
            uint[] table = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                uint c = i;
                for (int bit = 0; bit < 8; bit++)
                    c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
                table[(int)i] = c;
            }

            return table;
        }
    }
}
