using System.CommandLine;
using Ballast.Host.Options;

namespace Ballast.Cli;

/// <summary><c>ballast config</c>: what the host would say of its configuration, what it would put up with, and what one looks like.</summary>
internal static class ConfigCommand
{
    private const int Warned = 1;
    private const int Refused = 2;

    public static Command Create()
    {
        var command = new Command("config", "Checks a host's configuration without starting the host; prints its schema and an example.");
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Print("schema", "Prints the JSON schema of the configuration: save it, and name it as \"$schema\", for editors.", () => OptionsDocuments.Schema));
        command.Subcommands.Add(Print("example", "Prints a small configuration to begin with.", () => OptionsDocuments.Example));
        return command;
    }

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "Configuration of the host." };
        var command = new Command("check", "Exit code 0: all is well; 1: the host would use it, but see the warnings; 2: it would refuse it. Run it as a user that may read the secret store.") { file };
        command.SetAction(p => Check(p.GetValue(file)!));
        return command;
    }

    private static Command Print(string name, string description, Func<string> text)
    {
        var command = new Command(name, description);
        command.SetAction(_ => Console.Write(text()));
        return command;
    }

    private static int Check(string file)
    {
        SiteOptions? options = OptionsFile.Load(file, out IReadOnlyList<string> problems);
        foreach (string problem in problems)
            Console.Error.WriteLine("refused  " + problem);
        if (options is null)
            return Refused;
        IReadOnlyList<string> warnings = OptionsFile.Warnings(file);
        foreach (string warning in warnings)
            Console.WriteLine("warning  " + warning);
        Console.WriteLine($"usable   site {options.Site}, host {options.HostId}; pods: {options.Pods.Count}, boards: {options.Pods.Sum(p => p.Boards.Count)}, sources of signed limits: {options.Sources.Count}");
        return warnings.Count > 0 ? Warned : 0;
    }
}
