using System.CommandLine;
using Ballast.Virtual.Work;

namespace Ballast.Cli;

/// <summary><c>ballast share</c>: what a submitted share hashes to.</summary>
internal static class ShareCommand
{
    public static Command Create()
    {
        var inputs = new WorkInputs();
        var nonce = new Option<string?>("--nonce") { Description = "Nonce, 8 hex digits as submitted." };
        var bits = new Option<string?>("--version-bits") { Description = "Version bits, 8 hex digits as submitted; leave out if the submit had none." };
        var command = new Command("share", "Prints header, hash and difficulty of a share, to find why a pool rejects it.") { nonce, bits };
        inputs.AddTo(command);
        command.SetAction(p => WorkCommands.Share(inputs.Read(p) with { Nonce = p.GetValue(nonce), VersionBits = p.GetValue(bits) }, Console.Out, Console.Error));
        return command;
    }
}
