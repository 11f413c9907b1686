using System.Globalization;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Wire;

namespace Ballast.Virtual.Chips;

/// <summary>Builds one frame from words as a technician types them. A word that makes no sense comes back as a sentence.</summary>
public static class FrameEncoder
{
    /// <summary>What the words may be.</summary>
    public const string Usage = "read-all REG | read-one ADDR REG | write-all REG VALUE | write-one ADDR REG VALUE | set-address ADDR | inactive | ticket DIFFICULTY | pll MHZ | job ID HEADER";

    /// <summary>Builds the frame; null with a sentence in <paramref name="problem"/> if it cannot.</summary>
    public static byte[]? Encode(Bm13xxProfile profile, IReadOnlyList<string> words, out string? problem)
    {
        byte[] buffer = new byte[Bm13xxFrame.MaxBytes];
        var reader = new Words(words);
        string command = reader.Text("command");
        int length = command switch
        {
            "read-all" => Bm13xxFrame.ReadAll(buffer, 0, reader.Register()),
            "read-one" => Bm13xxFrame.ReadOne(buffer, 0, reader.Hex("ADDR", 0xFF), reader.Register()),
            "write-all" => Bm13xxFrame.WriteAll(buffer, 0, reader.Register(), (uint)reader.LongHex("VALUE", 0xFFFFFFFF)),
            "write-one" => Bm13xxFrame.WriteOne(buffer, 0, reader.Hex("ADDR", 0xFF), reader.Register(), (uint)reader.LongHex("VALUE", 0xFFFFFFFF)),
            "set-address" => Bm13xxFrame.SetAddress(buffer, 0, reader.Hex("ADDR", 0xFF)),
            "inactive" => Bm13xxFrame.ChainInactive(buffer, 0),
            "ticket" => Bm13xxFrame.WriteAll(buffer, 0, Bm13xxRegister.TicketMask, Bm13xxProfile.TicketMask(reader.Number("DIFFICULTY", 1, int.MaxValue))),
            "pll" => Pll(profile, buffer, reader),
            "job" => Job(profile, buffer, reader),
            _ => reader.Fail($"There is no command '{command}': use one of {Usage}."),
        };
        problem = reader.Problem ?? reader.Rest();
        return problem is null ? buffer[..length] : null;
    }

    private static int Pll(Bm13xxProfile profile, byte[] buffer, Words reader)
    {
        int khz = reader.Khz();
        if (reader.Problem is not null)
            return 0;
        var setting = new PllSetting();
        string? problem = PllText.Find(profile, khz, setting);
        return problem is null ? Bm13xxFrame.WriteAll(buffer, 0, Bm13xxRegister.Pll0, setting.Word) : reader.Fail(problem);
    }

    private static int Job(Bm13xxProfile profile, byte[] buffer, Words reader)
    {
        int id = reader.Number("ID", 0, 127);
        byte[] header = reader.Bytes("HEADER", 76, 80);
        if (reader.Problem is not null)
            return 0;
        var job = new ChipJob { MidstateCount = 1 };
        header.AsSpan(0, 76).CopyTo(job.Header);
        if (profile.Midstates == 0)
            return Bm13xxFrame.HeaderJob(buffer, 0, id, job);
        Sha256.InitialState(job.Midstates, 0);
        Sha256.Compress(job.Midstates, 0, job.Header, 0);
        return Bm13xxFrame.MidstateJob(buffer, 0, id, job, 1);
    }

    /// <summary>Reads words one after the other and keeps the first thing that was wrong.</summary>
    private sealed class Words(IReadOnlyList<string> words)
    {
        private int _next;

        public string? Problem { get; private set; }

        public int Fail(string problem)
        {
            Problem ??= problem;
            return 0;
        }

        public string? Rest() => _next < words.Count ? $"'{words[_next]}' is one word too many: use one of {Usage}." : null;

        public string Text(string what)
        {
            if (_next < words.Count)
                return words[_next++];
            Fail($"{what} is missing: use one of {Usage}.");
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
            Fail($"{what} is not {min} to {max} bytes in hexadecimal.");
            return new byte[max];
        }

        private static bool IsHex(string text) => text.TrimStart('0').TrimStart('x', 'X').All(char.IsAsciiHexDigit);
    }
}
