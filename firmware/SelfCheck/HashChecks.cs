using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>SHA-256, HMAC and CRC against published vectors.</summary>
    internal static class HashChecks
    {
        internal static void Run(Report report)
        {
            // FIPS 180-4 examples.
            report.Check("SHA-256 of nothing", Sha("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
            report.Check("SHA-256 of abc", Sha("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
            report.Check(
                "SHA-256 of two blocks",
                Sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));

            // RFC 4231, case 2.
            HmacSha256 hmac = new HmacSha256(Ascii.Bytes("Jefe"));
            byte[] data = Ascii.Bytes("what do ya want for nothing?");
            byte[] mac = new byte[HmacSha256.MacSize];
            hmac.Update(data, 0, data.Length);
            hmac.End(mac, 0);
            report.Check("HMAC-SHA256", Bytes.IsHex(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));

            byte[] digits = Ascii.Bytes("123456789");
            report.Check("CRC-32", Crc32.Of(digits, 0, digits.Length) == 0xCBF43926U);
        }

        private static bool Sha(string text, string expected)
        {
            byte[] data = Ascii.Bytes(text);
            byte[] hash = new byte[Sha256.HashSize];
            Sha256.Hash(data, 0, data.Length, hash, 0);
            return Bytes.IsHex(hash, expected);
        }
    }
}
