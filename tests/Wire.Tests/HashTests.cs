using System.Security.Cryptography;
using System.Text;

namespace Ballast.Wire.Tests;

public sealed class HashTests
{
    // FIPS 180-4 examples (NIST, SHA-256 example file).
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Fips_examples(string text, string hash)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        byte[] result = new byte[32];
        Sha256.Hash(data, 0, data.Length, result, 0);
        Assert.Equal(hash, Convert.ToHexStringLower(result));
    }

    [Fact]
    public void Every_length_to_300_agrees_with_the_platform_in_one_piece_and_in_two()
    {
        byte[] data = new byte[302];
        new Random(1).NextBytes(data);
        byte[] result = new byte[34];
        var stream = new Sha256Stream();
        for (int n = 0; n <= 300; n++)
        {
            byte[] expected = SHA256.HashData(data.AsSpan(1, n));
            Sha256.Hash(data, 1, n, result, 1);
            Assert.Equal(expected, result.AsSpan(1, 32).ToArray());

            Sha256.DoubleHash(data, 1, n, result, 2);
            Assert.Equal(SHA256.HashData(expected), result.AsSpan(2, 32).ToArray());

            stream.Begin();
            stream.Update(data, 1, n / 3);
            stream.Update(data, 1 + n / 3, n - n / 3);
            stream.End(result, 0);
            Assert.Equal(expected, result.AsSpan(0, 32).ToArray());
        }
    }

    [Fact]
    public void A_midstate_carries_on_where_the_block_ended()
    {
        byte[] header = new byte[80];
        new Random(2).NextBytes(header);
        uint[] midstate = new uint[9];
        Sha256.InitialState(midstate, 1);
        Sha256.Compress(midstate, 1, header, 0);

        byte[] result = new byte[32];
        var stream = new Sha256Stream();
        stream.BeginFrom(midstate, 1, 64);
        stream.Update(header, 64, 16);
        stream.End(result, 0);
        Assert.Equal(SHA256.HashData(header), result);
    }

    // RFC 4231, test cases 1 to 4, 6 and 7.
    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")]
    [InlineData("0102030405060708090a0b0c0d0e0f10111213141516171819", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")]
    public void Rfc4231_short_keys(string key, string data, string mac) => CheckMac(Convert.FromHexString(key), Convert.FromHexString(data), mac);

    [Theory]
    [InlineData("Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    [InlineData("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.", "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")]
    public void Rfc4231_long_keys(string text, string mac)
    {
        byte[] key = new byte[131];
        Array.Fill(key, (byte)0xAA);
        CheckMac(key, Encoding.ASCII.GetBytes(text), mac);
    }

    [Fact]
    public void Crc32_check_value() => Assert.Equal(0xCBF43926U, Crc32.Of(Encoding.ASCII.GetBytes("123456789"), 0, 9));

    [Fact]
    public void Crc32_carries_on()
    {
        byte[] data = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xCBF43926U, Crc32.Append(Crc32.Append(0, data, 0, 4), data, 4, 5));
    }

    private static void CheckMac(byte[] key, byte[] data, string mac)
    {
        byte[] result = new byte[33];
        var hmac = new HmacSha256(key);
        for (int round = 0; round < 2; round++)
        {
            hmac.Update(data, 0, data.Length / 2);
            hmac.Update(data, data.Length / 2, data.Length - data.Length / 2);
            hmac.End(result, 1);
            Assert.Equal(mac, Convert.ToHexStringLower(result.AsSpan(1)));
        }
    }
}
