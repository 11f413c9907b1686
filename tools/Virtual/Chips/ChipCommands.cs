using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Chips;

/// <summary>
/// <c>ballast pll</c> and <c>ballast frame</c>. Exit code 0: done; 1: a frame with a wrong checksum, or on SPI one that is cut or unknown, was among them; 2: a bad argument, told in one sentence.
/// </summary>
public static class ChipCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Shows the PLL setting of a chip for a frequency.</summary>
    public static int Pll(string chip, string mhz, int chips, bool json, TextWriter output, TextWriter error, string? referenceMhz = null)
    {
        if (SpiChips.Has(chip))
            return SpiPllOf(chip, mhz, chips, referenceMhz, json, output, error);
        Bm13xxProfile? profile = Find(chip, error);
        if (profile is null)
            return 2;
        if (referenceMhz is not (null or "25"))
            return Bad(error, $"The reference clock of a {profile.Name} is 25 MHz, not '{referenceMhz}'.");
        if (!PllText.TryParseKhz(mhz, out int khz))
            return Bad(error, PllText.BadFrequency(mhz));
        if (chips is < 1 or > Bm13xxChain.MaxChips)
            return Bad(error, $"A chain has 1 to {Bm13xxChain.MaxChips} chips, not {chips}.");
        var setting = new PllSetting();
        string? problem = PllText.Find(profile, khz, setting);
        if (problem is not null)
            return Bad(error, problem);

        byte[] frame = new byte[Bm13xxFrame.WriteBytes];
        Bm13xxFrame.WriteAll(frame, 0, Bm13xxRegister.Pll0, setting.Word);
        uint? counting = profile.HasHashCounting ? profile.HashCounting(chips, khz) : null;
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                chip = profile.Name,
                targetMhz = khz / 1000m,
                actualMhz = setting.ActualKhz / 1000m,
                errorKhz = setting.ActualKhz - khz,
                vcoMhz = setting.VcoKhz / 1000m,
                feedback = setting.Feedback,
                reference = setting.Reference,
                post1 = setting.Post1,
                post2 = setting.Post2,
                word = setting.Word.ToString("X8"),
                frame = Convert.ToHexStringLower(frame),
                chips,
                hashCountingNumber = counting?.ToString("X8"),
                expectedGhs = (long)khz * profile.SmallCores * chips / 1_000_000,
            }, Json));
            return 0;
        }

        output.WriteLine($"{profile.Name} at {PllText.Mhz(khz)} MHz: runs at {PllText.Mhz(setting.ActualKhz)} MHz, VCO {PllText.Mhz(setting.VcoKhz)} MHz");
        output.WriteLine($"  25 MHz x {setting.Feedback} / ({setting.Reference} x {setting.Post1} x {setting.Post2})");
        output.WriteLine($"  register 08 = {setting.Word:X8}, to all chips: {Convert.ToHexStringLower(frame)}");
        if (counting is not null)
            output.WriteLine($"  hash counting number (register 10) for {chips}: {counting:X8}");
        return 0;
    }

    private static int SpiPllOf(string chip, string mhz, int chips, string? referenceMhz, bool json, TextWriter output, TextWriter error)
    {
        A1Profile? profile = SpiChips.Find(chip, referenceMhz, out string? problem);
        if (profile is null)
            return Bad(error, problem!);
        if (!PllText.TryParseKhz(mhz, out int khz))
            return Bad(error, PllText.BadFrequency(mhz));
        if (chips is < 1 or > A1Link.MaxChips)
            return Bad(error, $"A chain of {profile.Name} has 1 to {A1Link.MaxChips} chips, not {chips}.");
        var setting = new A1PllSetting();
        problem = SpiChips.FindPll(profile, khz, setting);
        if (problem is not null)
            return Bad(error, problem);

        SpiPll pll = SpiChips.AsWritten(profile, setting);
        byte[] bytes = new byte[A1Frame.MaxBytes];
        int length = A1Frame.WriteRegister(profile, bytes, 0, 0, setting);
        string register = Convert.ToHexStringLower(bytes, 2, profile.RegisterBytes);
        string frame = Convert.ToHexStringLower(bytes, 0, length);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                chip = profile.Name,
                targetMhz = khz / 1000m,
                actualMhz = pll.ActualMhz,
                errorKhz = setting.ActualKhz - khz,
                referenceMhz = profile.ReferenceKhz / 1000m,
                feedback = pll.Feedback,
                pre = pll.Pre,
                post = pll.Post,
                register,
                frame,
                chips,
                expectedGhs = (long)khz * profile.SmallCores * chips / 1_000_000,
            }, Json));
            return 0;
        }

        output.WriteLine($"{profile.Name} at {PllText.Mhz(khz)} MHz: runs at {PllText.Mhz(setting.ActualKhz)} MHz");
        output.WriteLine($"  {PllText.Mhz(profile.ReferenceKhz)} MHz x {pll.Feedback} / ({pll.Pre} x {1 << setting.Post}): pre {pll.Pre}, post {pll.Post}, feedback {pll.Feedback}");
        output.WriteLine($"  register = {register}, to all chips: {frame}");
        return 0;
    }

    /// <summary>Names what is in a stream of bytes.</summary>
    public static int Decode(IReadOnlyList<string> hex, string? chip, bool json, TextWriter output, TextWriter error, string? referenceMhz = null)
    {
        A1Profile? spi = null;
        string? problem = null;
        Bm13xxProfile? profile = null;
        if (SpiChips.Has(chip))
            spi = SpiChips.Find(chip!, referenceMhz, out problem);
        else if (referenceMhz is not null)
            problem = "--reference is for an A1 or a T1: add --chip A1 or --chip T1.";
        else if (chip is not null && (profile = Find(chip, error)) is null)
            return 2;
        if (problem is not null)
            return Bad(error, problem);
        string digits = string.Concat(hex.Select(Digits));
        if (digits.Length == 0)
            return Bad(error, $"Give the bytes of one or more frames in hexadecimal, for example {(spi is null ? "55AA520500000A" : "0900824B21840000")}.");
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            return Bad(error, "The bytes are not pairs of hexadecimal digits.");
        byte[] stream = Convert.FromHexString(digits);
        if (spi is not null)
        {
            IReadOnlyList<SpiFrame> frames = SpiFrameDecoder.Decode(stream, spi);
            Print(frames, f => f.Line, json, output);
            return frames.All(f => f.IsKnown && f.CrcOk != false) ? 0 : 1;
        }

        IReadOnlyList<ChipFrame> pieces = FrameDecoder.Decode(stream, profile);
        Print(pieces, p => p.Line, json, output);
        return pieces.All(p => p.CrcOk == true) ? 0 : 1;
    }

    /// <summary>Builds a frame. On SPI it comes without the zeros that must be clocked behind it.</summary>
    public static int Encode(string chip, IReadOnlyList<string> words, bool json, TextWriter output, TextWriter error, string? referenceMhz = null)
    {
        string? problem;
        A1Profile? spi = null;
        Bm13xxProfile? profile = null;
        byte[]? frame;
        if (SpiChips.Has(chip))
        {
            spi = SpiChips.Find(chip, referenceMhz, out problem);
            frame = spi is null ? null : SpiFrameEncoder.Encode(spi, words, out problem);
        }
        else
        {
            profile = Find(chip, error);
            if (profile is null)
                return 2;
            if (referenceMhz is not null)
                return Bad(error, "--reference is for an A1 or a T1.");
            frame = FrameEncoder.Encode(profile, words, out problem);
        }

        if (frame is null)
            return Bad(error, problem!);
        if (!json)
            output.WriteLine(Convert.ToHexStringLower(frame));
        else if (spi is not null)
            Print(SpiFrameDecoder.Decode(frame, spi), f => f.Line, true, output);
        else
            Print(FrameDecoder.Decode(frame, profile), p => p.Line, true, output);
        return 0;
    }

    private static void Print<T>(IReadOnlyList<T> pieces, Func<T, string> line, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(pieces, Json));
            return;
        }

        foreach (T piece in pieces)
            output.WriteLine(line(piece));
    }

    private static Bm13xxProfile? Find(string chip, TextWriter error)
    {
        Bm13xxProfile? profile = Bm13xxChips.Find(chip.ToUpperInvariant(), 0);
        if (profile is null)
            error.WriteLine($"There is no chip '{chip}': use one of {string.Join(", ", Bm13xxChips.Names())}, {SpiChips.Names}.");
        return profile;
    }

    private static string Digits(string word)
    {
        string text = word.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
    }

    private static int Bad(TextWriter error, string sentence)
    {
        error.WriteLine(sentence);
        return 2;
    }
}
