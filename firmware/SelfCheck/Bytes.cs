using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>Text to bytes and back, for data that is written down in hexadecimal.</summary>
    internal static class Bytes
    {
        internal static byte[] FromHex(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)((Ascii.HexDigit(hex[2 * i]) << 4) | Ascii.HexDigit(hex[2 * i + 1]));
            return bytes;
        }

        internal static bool IsHex(byte[] bytes, string hex) => bytes.Length * 2 == hex.Length && Ascii.Same(bytes, 0, bytes.Length, FromHex(hex));
    }
}
