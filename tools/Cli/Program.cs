using System.CommandLine;
using Ballast.Cli;

var root = new RootCommand("Ballast: run and try a fleet of mining boards that a grid can steer.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(ConsoleCommand.Create());
root.Subcommands.Add(ProvisionCommand.Create());
root.Subcommands.Add(BrokerConfigCommand.Create());
root.Subcommands.Add(ApiKeyCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(ConfigCommand.Create());
root.Subcommands.Add(PoolCommand.Create());
root.Subcommands.Add(ConformCommand.Create());
root.Subcommands.Add(PllCommand.Create());
root.Subcommands.Add(FrameCommand.Create());
root.Subcommands.Add(JobCommand.Create());
root.Subcommands.Add(ShareCommand.Create());
root.Subcommands.Add(BenchCommand.Create());
root.Subcommands.Add(CrowdCommand.Create());
root.Subcommands.Add(AuditCommand.Create());
root.Subcommands.Add(DayCommand.Create());

// A bad argument gets one sentence and exit code 2, from every command alike.
ParseResult parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
if (Usage.Fault(parsed) is { } fault)
{
    Console.Error.WriteLine(fault);
    return 2;
}

// Ctrl-C and SIGTERM end what was started before this program ends; that takes longer than the library waits by default.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
