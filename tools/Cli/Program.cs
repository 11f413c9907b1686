using System.CommandLine;
using Ballast.Cli;

var root = new RootCommand("Ballast: run and try a fleet of mining boards that a grid can steer.");
root.Subcommands.Add(PoolCommand.Create());
root.Subcommands.Add(ConformCommand.Create());
return await root.Parse(args).InvokeAsync();
