using System.Text;

namespace Ballast.Wire
{
    /// <summary>Names as bytes, for rooms that never turn a message into a string.</summary>
    public static class Ascii
    {
        /// <summary>Values of the lower-case hexadecimal digits by their byte; 256 for every other byte, a bit that no
        /// two digits put together have.</summary>
        internal static readonly ushort[] LowerHex = BuildLowerHex();

        /// <summary>The characters as bytes. It allocates: for tables that are built once.</summary>
        public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

        /// <summary>True if the range holds exactly these bytes.</summary>
        public static bool Same(byte[] data, int off, int count, byte[] expected)
        {
            if (count != expected.Length)
                return false;
            for (int i = 0; i < count; i++)
                if (data[off + i] != expected[i])
                    return false;
            return true;
        }

        /// <summary>The lower-case hexadecimal digit of 0…15.</summary>
        public static byte HexByte(int value) => (byte)(value < 10 ? '0' + value : 'a' - 10 + value);

        /// <summary>The value of a hexadecimal digit of either case; -1 if it is none.</summary>
        public static int HexDigit(int c)
        {
            if (c >= '0' && c <= '9')
                return c - '0';
            if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
            if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
            return -1;
        }

        private static ushort[] BuildLowerHex()
        {
            ushort[] values = new ushort[256];
            for (int i = 0; i < values.Length; i++)
                values[i] = 256;
            for (int i = 0; i < 16; i++)
                values[HexByte(i)] = (ushort)i;
            return values;
        }
    }
}
