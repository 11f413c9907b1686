namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>CRC-5 of the BM13xx (polynomial 0x05, start 0x1F, most significant bit first). "123456789" gives 0x0F.</summary>
    public static class Crc5
    {
        // Indexed by the five CRC bits, aligned to the top of a byte, XOR the next data byte.
        private static readonly byte[] Table = Build();

        /// <summary>The CRC of a range, 0…31. Over a whole reply after its preamble, its last byte included, it is 0.</summary>
        public static int Of(byte[] data, int offset, int count)
        {
            byte[] table = Table;
            int crc = 0x1F;
            int end = offset + count;
            for (int i = offset; i < end; i++)
                crc = table[(crc << 3) ^ data[i]];
            return crc;
        }

        private static byte[] Build()
        {
            byte[] table = new byte[256];
            for (int i = 0; i < 256; i++)
            {
                int register = i;
                for (int bit = 0; bit < 8; bit++)
                    register = (register & 0x80) != 0 ? (register << 1) ^ (0x05 << 3) : register << 1;
                table[i] = (byte)((register & 0xFF) >> 3);
            }

            return table;
        }
    }
}
