using System.Globalization;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Chips;

/// <summary>Reads words one after the other and keeps the first thing that was wrong.</summary>
internal sealed class FrameWords(IReadOnlyList<string> words, string usage)
{
    private int _next;

    public string? Problem { get; private set; }

    public int Fail(string problem)
    {
        Problem ??= problem;
        return 0;
    }

    public string? Rest() => _next < words.Count ? $"'{words[_next]}' is one word too many: use one of {usage}." : null;

    public string Text(string what)
    {
        if (_next < words.Count)
            return words[_next++];
        Fail($"{what} is missing: use one of {usage}.");
        return "";
    }

    public int Hex(string what, long max) => (int)LongHex(what, max);

    public long LongHex(string what, long max)
    {
        string text = Text(what);
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long value) && value >= 0 && value <= max)
            return value;
        return Fail($"{what} '{text}' is not a hexadecimal number up to {max:X}.");
    }

    public int Number(string what, int min, int max)
    {
        string text = Text(what);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
            return value;
        return Fail($"{what} '{text}' is not a whole number from {min} to {max}.");
    }

    public int Khz()
    {
        string text = Text("MHZ");
        return PllText.TryParseKhz(text, out int khz) ? khz : Fail(PllText.BadFrequency(text));
    }

    public Bm13xxRegister Register()
    {
        if (_next < words.Count && Enum.TryParse(words[_next], true, out Bm13xxRegister named) && Enum.IsDefined(named)
            && !char.IsAsciiDigit(words[_next][0]))
        {
            _next++;
            return named;
        }

        if (_next < words.Count && !IsHex(words[_next]))
            Fail($"'{words[_next]}' is neither a register's name nor its hexadecimal number.");
        return (Bm13xxRegister)Hex("REG", 0xFF);
    }

    public byte[] Bytes(string what, int min, int max)
    {
        string text = Text(what);
        if (text.Length % 2 == 0 && text.Length >= 2 * min && text.Length <= 2 * max && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        Fail($"{what} is not {(min == max ? $"{min}" : $"{min} to {max}")} bytes in hexadecimal.");
        return new byte[max];
    }

    private static bool IsHex(string text) => text.TrimStart('0').TrimStart('x', 'X').All(char.IsAsciiHexDigit);
}
