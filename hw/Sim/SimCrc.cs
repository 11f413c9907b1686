namespace Ballast.Hw.Sim
{
    /// <summary>The chips' own CRCs, bit by bit. The drivers have theirs: a mistake in one must not hide in the other.</summary>
    internal static class SimCrc
    {
        /// <summary>CRC5, polynomial 0x05, start 0x1F, most significant bit first, over <paramref name="bits"/> bits.</summary>
        internal static int Crc5(byte[] data, int offset, int bits)
        {
            int crc = 0x1F;
            for (int i = 0; i < bits; i++)
            {
                int bit = (data[offset + (i >> 3)] >> (7 - (i & 7))) & 1;
                int top = (crc >> 4) & 1;
                crc = (crc << 1) & 0x1F;
                if (top != bit)
                {
                    crc ^= 0x05;
                }
            }

            return crc;
        }

        /// <summary>CRC-16/CCITT-FALSE, polynomial 0x1021, start 0xFFFF.</summary>
        internal static int Crc16(byte[] data, int offset, int count)
        {
            int crc = 0xFFFF;
            for (int i = 0; i < count; i++)
            {
                crc ^= data[offset + i] << 8;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
                }
            }

            return crc;
        }

        /// <summary>CRC-16/MODBUS over words with their two bytes exchanged, as the T1 has it; an even number of bytes.</summary>
        internal static int CrcOfWords(byte[] data, int offset, int count)
        {
            int crc = 0xFFFF;
            for (int i = 0; i < count; i++)
            {
                crc ^= data[offset + (i ^ 1)];
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
                }
            }

            return crc;
        }
    }
}
