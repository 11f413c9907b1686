using System.CommandLine;
using Ballast.Virtual.Work;

namespace Ballast.Cli;

/// <summary>What <c>ballast job</c> and <c>ballast share</c> both take.</summary>
internal sealed class WorkInputs
{
    private readonly Argument<string> _file = new("FILE") { Description = "A mining.notify, its parameters, a recorded job, or a pool log; - reads standard input." };
    private readonly Option<string?> _job = new("--job") { Description = "Job id to take, if the file has several; the last without it." };
    private readonly Option<string?> _extranonce1 = new("--extranonce1") { Description = "Hex, from the answer to mining.subscribe; taken from the file if it is there." };
    private readonly Option<string?> _extranonce2 = new("--extranonce2") { Description = "Hex, as submitted." };
    private readonly Option<string?> _ntime = new("--ntime") { Description = "Block time, 8 hex digits; the job's own without it." };
    private readonly Option<string?> _version = new("--version") { Description = "Block version, 8 hex digits; the job's own without it." };
    private readonly Option<string> _mask = new("--version-mask") { Description = "Version bits that may be rolled.", DefaultValueFactory = _ => "1fffe000" };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object instead of text." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        foreach (Option option in (Option[])[_job, _extranonce1, _extranonce2, _ntime, _version, _mask, _json])
            command.Options.Add(option);
    }

    public WorkOptions Read(ParseResult parsed) => new()
    {
        File = parsed.GetValue(_file)!,
        Job = parsed.GetValue(_job),
        Extranonce1 = parsed.GetValue(_extranonce1),
        Extranonce2 = parsed.GetValue(_extranonce2),
        NTime = parsed.GetValue(_ntime),
        Version = parsed.GetValue(_version),
        VersionMask = parsed.GetValue(_mask)!,
        Json = parsed.GetValue(_json),
    };
}
