using System.CommandLine;
using Ballast.Virtual.Conformance;

namespace Ballast.Cli;

/// <summary><c>ballast conform</c>: runs a vectors file against this build.</summary>
internal static class ConformCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Vectors in the shape of tests/Data/wire.json." };
        var command = new Command("conform", "Runs a file of vectors against this build: exit code 0 all alike, 1 a mismatch, 2 not a vectors file.") { file };
        command.SetAction(parsed => VectorRun.Run(parsed.GetValue(file)!, Console.Out, Console.Error));
        return command;
    }
}
