using System.CommandLine;
using Ballast.Virtual.Work;

namespace Ballast.Cli;

/// <summary><c>ballast job</c>: what the firmware makes of a pool's job.</summary>
internal static class JobCommand
{
    public static Command Create()
    {
        var inputs = new WorkInputs();
        var midstates = new Option<int>("--midstates") { Description = "Midstates to make: 1 or 4.", DefaultValueFactory = _ => 1 };
        var chip = new Option<string?>("--chip") { Description = "Chip whose job frame is wanted: BM1397, BM1362, BM1366, BM1368, BM1370, A1 or T1." };
        var jobId = new Option<int>("--job-id") { Description = "Job id in that frame: 0 to 127, on A1 and T1 1 to 4." };
        var command = new Command("job", "Prints coinbase txid, merkle root, header with nonce 0, midstates and a chip's frame of a pool's job.") { midstates, chip, jobId };
        inputs.AddTo(command);
        command.SetAction(p => WorkCommands.Job(inputs.Read(p) with { Midstates = p.GetValue(midstates), Chip = p.GetValue(chip), ChipJobId = p.GetValue(jobId) }, Console.Out, Console.Error));
        return command;
    }
}
