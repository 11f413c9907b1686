using System.CommandLine;
using Ballast.Virtual.Chips;

namespace Ballast.Cli;

/// <summary><c>ballast pll</c>: what a chip's PLL is set to for a frequency.</summary>
internal static class PllCommand
{
    public static Command Create()
    {
        var chip = new Argument<string>("chip") { Description = "BM1397, BM1362, BM1366, BM1368, BM1370, A1 or T1." };
        var mhz = new Argument<string>("MHz") { Description = "Wanted frequency, such as 525 or 62.5." };
        var chips = new Option<int>("--chips") { Description = "Chips on the chain, for the hash counting number.", DefaultValueFactory = _ => 1 };
        var reference = new Option<string?>("--reference") { Description = "Reference clock in MHz: 12 or 16 on an A1 (16 without it)." };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        var command = new Command("pll", "Finds the PLL dividers of a chip for a frequency, and the frame that sets them.") { chip, mhz, chips, reference, json };
        command.SetAction(p => ChipCommands.Pll(
            p.GetValue(chip)!, p.GetValue(mhz)!, p.GetValue(chips), p.GetValue(json), Console.Out, Console.Error, p.GetValue(reference)));
        return command;
    }
}
