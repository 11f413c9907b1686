using System.CommandLine;
using Ballast.Virtual.Chips;

namespace Ballast.Cli;

/// <summary><c>ballast frame</c>: reads and builds the frames between a controller and its chips.</summary>
internal static class FrameCommand
{
    public static Command Create() =>
        new("frame", "Reads and builds frames of the BM13xx, A1 and T1 chips, for work with a logic analyser.") { Decode(), Encode() };

    private static Option<string?> Reference() => new("--reference") { Description = "Reference clock in MHz: 12 or 16 on an A1 (16 without it)." };

    private static Command Decode()
    {
        var hex = new Argument<string[]>("hex") { Description = "Bytes of one or more frames: of BM13xx both directions, of A1 and T1 one line of the SPI.", Arity = ArgumentArity.ZeroOrMore };
        var chip = new Option<string?>("--chip") { Description = "What the chips are: A1 and T1 must be named, a BM13xx is guessed from the length of nonces." };
        Option<string?> reference = Reference();
        var json = new Option<bool>("--json") { Description = "A JSON array instead of text." };
        var command = new Command("decode", "Names command, address, register, value and checksum of frames: exit code 1 if one is wrong.") { hex, chip, reference, json };
        command.SetAction(p => ChipCommands.Decode(p.GetValue(hex) ?? [], p.GetValue(chip), p.GetValue(json), Console.Out, Console.Error, p.GetValue(reference)));
        return command;
    }

    private static Command Encode()
    {
        var chip = new Argument<string>("chip") { Description = "BM1397, BM1362, BM1366, BM1368, BM1370, A1 or T1." };
        var words = new Argument<string[]>("command") { Description = "BM13xx: " + FrameEncoder.Usage + "; A1 and T1: " + SpiFrameEncoder.Usage, Arity = ArgumentArity.ZeroOrMore };
        Option<string?> reference = Reference();
        var json = new Option<bool>("--json") { Description = "The frame with its fields as JSON." };
        var command = new Command("encode", "Builds a frame, checksum included.") { chip, words, reference, json };
        command.SetAction(p => ChipCommands.Encode(p.GetValue(chip)!, p.GetValue(words) ?? [], p.GetValue(json), Console.Out, Console.Error, p.GetValue(reference)));
        return command;
    }
}
