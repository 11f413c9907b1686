using System.CommandLine;
using Ballast.Virtual.Provisioning;

namespace Ballast.Cli;

/// <summary><c>ballast provision</c>: the files that nanoff brings to a board.</summary>
internal static class ProvisionCommand
{
    public static Command Create()
    {
        var host = new Option<string?>("--host-config") { Description = "Configuration of the host agent: site, ids, keys and nameplate of --board come from there, keys also from its secret store." };
        var board = new Option<string?>("--board") { Description = "POD/BOARD in it." };
        var options = new BoardFileOptions();
        var command = new Command("provision", "Writes settings, keys, certificates and Wi-Fi of one board as files for nanoff.") { host, board };
        options.AddTo(command);
        command.SetAction(p => Run(p, options, p.GetValue(host), p.GetValue(board)));
        return command;
    }

    private static int Run(ParseResult parsed, BoardFileOptions options, string? host, string? board)
    {
        try
        {
            string output = options.Output(parsed);
            (SettingLines? lines, string? wrong) = options.Lines(parsed, lines
                => (host is null) != (board is null) ? "--host-config and --board belong together: give both or neither."
                : host is not null && board is not null ? lines.AddFromHost(host, board) : null);
            if (wrong is not null)
                return Wrong(wrong);
            if (BoardFiles.TryCreate(lines!, options.Extras(parsed), out string problem) is not { } files)
                return Wrong(problem);
            string? there = files.Names.Select(n => Path.Combine(output, n)).FirstOrDefault(File.Exists);
            if (there is not null && !options.Force(parsed))
                return Wrong($"{there} is there already: choose another directory, or replace it with --force.");
            files.Write(output, options.Force(parsed));
            BoardFileOptions.Tell(output, files);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong($"The files cannot be read or written: {e.Message}");
        }
    }

    private static int Wrong(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
