using System.Text;

namespace Ballast.Host.Tests.Faults;

/// <summary>Noise and damaged messages, repeated by their seed.</summary>
internal static class Fuzz
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"limitW\"", "\"on\"", "\"class\"", "\"economic\"", "\"powerMw\"", "\"mode\"", "\"running\"", "\"sent\"", "\"epoch\"", "null", "true", "1e999", "-1", "0",
        "99999999999999999999", "NaN", "\"\\ud800\"", "\"\\u0000\"", "\t",
    ];

    private static readonly char[] Letters = ['a', '0', '/', '.', '%', '"', '\\', '\0', '\n', 'é', '☃', '{', '-', ' ', '\'', ';', '\u202e'];

    /// <summary>Text that somebody might put where a name belongs.</summary>
    internal static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => Letters[random.Next(Letters.Length)])]);

    /// <summary>Bytes without a meaning, pieces of JSON, or brackets without an end.</summary>
    internal static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(0, 300)];
        switch (random.Next(5))
        {
            case 0 or 1:
                random.NextBytes(bytes);
                return bytes;
            case 2:
                return Encoding.ASCII.GetBytes(new string("[{"[random.Next(2)], random.Next(1, 4000)));
            default:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(0, 40)).Select(_ => Tokens[random.Next(Tokens.Length)])));
        }
    }

    /// <summary>A message with one to three of its bytes lost, added, repeated or changed.</summary>
    internal static byte[] Mutate(byte[] bytes, Random random)
    {
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => [.. bytes[..at], .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                2 => [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]],
                _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            };
            if (bytes.Length == 0)
            {
                return [0xff];
            }
        }

        return bytes;
    }
}
