using System.CommandLine;
using Ballast.Cli;

var root = new RootCommand("Ballast: run and try a fleet of mining boards that a grid can steer.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(PoolCommand.Create());
root.Subcommands.Add(ConformCommand.Create());

// Ctrl-C and SIGTERM end what was started before this program ends; that takes longer than the library waits by default.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
