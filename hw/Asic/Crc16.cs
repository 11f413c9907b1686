namespace Ballast.Hw.Asic
{
    /// <summary>The two 16-bit CRCs of mining chips, table driven.</summary>
    public static class Crc16
    {
        private static readonly ushort[] CcittTable = BuildCcitt();
        private static readonly ushort[] ModbusTable = BuildModbus();

        /// <summary>CRC-16/CCITT-FALSE (0x1021, start 0xFFFF, no reflection): job frames of the BM13xx. "123456789" gives 0x29B1.</summary>
        public static int Ccitt(byte[] data, int offset, int count)
        {
            ushort[] table = CcittTable;
            int crc = 0xFFFF;
            int end = offset + count;
            for (int i = offset; i < end; i++)
                crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ data[i]];
            return crc;
        }

        /// <summary>CRC-16/MODBUS (0xA001 reflected, start 0xFFFF) over 16-bit words whose bytes are exchanged, as the Dragonmint T1 does it.</summary>
        /// <param name="data">Where the bytes are.</param>
        /// <param name="offset">First byte.</param>
        /// <param name="count">Bytes; even.</param>
        public static int ModbusSwapped(byte[] data, int offset, int count)
        {
            ushort[] table = ModbusTable;
            int crc = 0xFFFF;
            int end = offset + count - 1;
            for (int i = offset; i < end; i += 2)
            {
                crc = (crc >> 8) ^ table[(crc ^ data[i + 1]) & 0xFF];
                crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xFF];
            }

            return crc;
        }

        private static ushort[] BuildCcitt()
        {
            ushort[] table = new ushort[256];
            for (int i = 0; i < 256; i++)
            {
                int crc = i << 8;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
                table[i] = (ushort)crc;
            }

            return table;
        }

        private static ushort[] BuildModbus()
        {
            ushort[] table = new ushort[256];
            for (int i = 0; i < 256; i++)
            {
                int crc = i;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
                table[i] = (ushort)crc;
            }

            return table;
        }
    }
}
