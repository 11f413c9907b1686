using System.CommandLine;
using Ballast.Virtual.Chips;

namespace Ballast.Cli;

/// <summary><c>ballast frame</c>: reads and builds the frames between a controller and its chips.</summary>
internal static class FrameCommand
{
    public static Command Create() =>
        new("frame", "Reads and builds frames of the BM13xx chips, for work with a logic analyser.") { Decode(), Encode() };

    private static Command Decode()
    {
        var hex = new Argument<string[]>("hex") { Description = "Bytes of one or more frames, both directions.", Arity = ArgumentArity.ZeroOrMore };
        var chip = new Option<string?>("--chip") { Description = "What the chips are; guessed from the length of nonces without it." };
        var json = new Option<bool>("--json") { Description = "A JSON array instead of text." };
        var command = new Command("decode", "Names header, address, register, value and checksum of frames: exit code 1 if one is wrong.") { hex, chip, json };
        command.SetAction(p => ChipCommands.Decode(p.GetValue(hex) ?? [], p.GetValue(chip), p.GetValue(json), Console.Out, Console.Error));
        return command;
    }

    private static Command Encode()
    {
        var chip = new Argument<string>("chip") { Description = "BM1397, BM1362, BM1366, BM1368 or BM1370." };
        var words = new Argument<string[]>("command") { Description = FrameEncoder.Usage, Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "The frame with its fields as JSON." };
        var command = new Command("encode", "Builds a frame: " + FrameEncoder.Usage + ".") { chip, words, json };
        command.SetAction(p => ChipCommands.Encode(p.GetValue(chip)!, p.GetValue(words) ?? [], p.GetValue(json), Console.Out, Console.Error));
        return command;
    }
}
