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
        var reader = new FrameWords(words, Usage);
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

    private static int Pll(Bm13xxProfile profile, byte[] buffer, FrameWords reader)
    {
        int khz = reader.Khz();
        if (reader.Problem is not null)
            return 0;
        var setting = new PllSetting();
        string? problem = PllText.Find(profile, khz, setting);
        return problem is null ? Bm13xxFrame.WriteAll(buffer, 0, Bm13xxRegister.Pll0, setting.Word) : reader.Fail(problem);
    }

    private static int Job(Bm13xxProfile profile, byte[] buffer, FrameWords reader)
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
}
