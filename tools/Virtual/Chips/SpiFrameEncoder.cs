using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;

namespace Ballast.Virtual.Chips;

/// <summary>Builds one command for A1 or T1 chips from words as a technician types them. A word that makes no sense comes back as a sentence.</summary>
public static class SpiFrameEncoder
{
    /// <summary>What the words may be. CHIP is 1 for the first, 0 for all.</summary>
    public const string Usage =
        "bist-start | bist-collect (T1) | bist-fix | reset CHIP [STRATEGY] | pll CHIP MHZ | write-register CHIP BYTES | read-register CHIP | read-result";

    /// <summary>Builds the command without the zeros behind it; null with a sentence in <paramref name="problem"/> if it cannot.</summary>
    public static byte[]? Encode(A1Profile profile, IReadOnlyList<string> words, out string? problem)
    {
        byte[] buffer = new byte[A1Frame.MaxBytes];
        var reader = new FrameWords(words, Usage);
        string command = reader.Text("command");
        int length = command switch
        {
            "bist-start" => A1Frame.Plain(buffer, 0, A1Command.BistStart, 0),
            "bist-collect" when profile.CollectsBist => A1Frame.Plain(buffer, 0, A1Command.BistCollect, 0),
            "bist-fix" => A1Frame.Plain(buffer, 0, A1Command.BistFix, 0),
            "reset" => A1Frame.Reset(buffer, 0, Chip(reader, 0), words.Count > 2 ? reader.Hex("STRATEGY", 0xFFFF) : 0),
            "pll" => Pll(profile, buffer, reader),
            "write-register" => WriteRegister(profile, buffer, reader),
            "read-register" => A1Frame.Plain(buffer, 0, A1Command.ReadRegister, Chip(reader, 1)),
            "read-result" => A1Frame.Plain(buffer, 0, A1Command.ReadResult, 0),
            _ => reader.Fail($"{profile.Name} has no command '{command}': use one of {Usage}."),
        };
        problem = reader.Problem ?? reader.Rest();
        return problem is null ? buffer[..length] : null;
    }

    private static int Chip(FrameWords reader, int lowest) => reader.Number("CHIP", lowest, A1Link.MaxChips);

    private static int Pll(A1Profile profile, byte[] buffer, FrameWords reader)
    {
        int chip = Chip(reader, 0);
        int khz = reader.Khz();
        if (reader.Problem is not null)
            return 0;
        var setting = new A1PllSetting();
        string? problem = SpiChips.FindPll(profile, khz, setting);
        return problem is null ? A1Frame.WriteRegister(profile, buffer, 0, chip, setting) : reader.Fail(problem);
    }

    private static int WriteRegister(A1Profile profile, byte[] buffer, FrameWords reader)
    {
        int length = A1Frame.Plain(buffer, 0, A1Command.WriteRegister, Chip(reader, 0)) + profile.RegisterBytes;
        reader.Bytes("BYTES", profile.RegisterBytes, profile.RegisterBytes).CopyTo(buffer, 2);
        if (!profile.HasCrc)
            return length;
        int crc = Crc16.ModbusSwapped(buffer, 0, length);
        buffer[length] = (byte)(crc >> 8);
        buffer[length + 1] = (byte)crc;
        return length + 2;
    }
}
