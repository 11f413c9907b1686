using System.CommandLine;
using System.Runtime.InteropServices;
using Ballast.Terminal;

namespace Ballast.Cli;

/// <summary><c>ballast console</c>: a board's own console, of a virtual board on this machine or of a real one on a serial port.</summary>
internal static class ConsoleCommand
{
    private const int DefaultBaud = 115200;
    private const int SilenceS = 240;

    public static Command Create()
    {
        var board = new Argument<string?>("board") { Description = "Virtual board: board, pod/board or run/pod/board; without it the boards that run are listed.", Arity = ArgumentArity.ZeroOrOne };
        var port = new Option<string?>("--port") { Description = "Serial port of a real board, such as /dev/ttyUSB0, instead of a virtual board." };
        var baud = new Option<int>("--baud") { Description = "Rate of that port.", DefaultValueFactory = _ => DefaultBaud };
        var json = new Option<bool>("--json") { Description = "For a jig: reads commands from standard input, prints one JSON object a line; exit code 1 if one says that something failed." };
        var command = new Command("console", "Opens a board's console; with a pipe on standard input it runs those lines, prints the answers and ends.") { board, port, baud, json };
        command.SetAction(async (parsed, stop) =>
        {
            await Task.Yield();
            return Run(parsed.GetValue(board), parsed.GetValue(port), parsed.GetValue(baud), parsed.GetValue(json), stop);
        });
        return command;
    }

    private static int Run(string? board, string? path, int baud, bool json, CancellationToken stop)
    {
        if (board is not null && path is not null)
            return Wrong("Give a virtual board or --port, not both.");
        if (!TtyPort.Knows(baud))
            return Wrong($"--baud {baud} is not a rate of serial adapters: {TtyPort.KnownRates}.");
        string name = path ?? "";
        if (path is null && !Found(board, out path, out name))
            return 2;
        using TtyPort? port = TtyPort.TryOpen(path, baud, out string problem);
        if (port is null)
            return Wrong(problem);
        using UserTerminal? terminal = json ? null : UserTerminal.TryTake();
        return terminal is null ? Script(port, name, json, stop) : Live(port, terminal, name, stop);
    }

    private static bool Found(string? board, out string path, out string name)
    {
        path = name = "";
        IReadOnlyList<BoardEntry> all = BoardDirectory.List();
        IReadOnlyList<BoardEntry> meant = board is null ? [] : BoardDirectory.Find(all, board);
        if (meant.Count == 1)
        {
            path = meant[0].Tty;
            name = meant[0].Name;
            return true;
        }

        if (all.Count == 0)
        {
            Wrong($"No virtual boards run here (none in {BoardDirectory.DefaultRoot}): start some with tools/demo, or open a real board with --port /dev/ttyUSB0.");
        }
        else if (meant.Count > 1)
        {
            bool runs = meant.Select(b => b.Run).Distinct().Count() > 1;
            Wrong($"More than one board is called {board}: say which, {string.Join(" or ", meant.Select(b => runs ? b.FullName : b.Name))}.");
        }
        else
        {
            Wrong(board is null ? "Say which board: tools/ballast console POD/BOARD. These run:" : $"No board {board} runs here. These do:");
            bool runs = all.Select(b => b.Run).Distinct().Count() > 1;
            foreach (BoardEntry entry in all)
                Wrong($"  {(runs ? entry.FullName : entry.Name),-16} {entry.Tty,-14} {entry.Page}{(entry.Lan.Length > 0 ? "  console " + entry.Lan : "")}");
        }

        return false;
    }

    private static int Live(TtyPort port, UserTerminal terminal, string name, CancellationToken stop)
    {
        // Signals that would end the program end the session, so that the terminal is given back.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.Cancel();
        }

        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
        Console.Error.Write($"{name} on {port.Path}. Ctrl-] leaves; every other key, Ctrl-C too, goes to the board.\r\n");
        SessionEnd end = LiveSession.Run(port, ended.Token);
        terminal.Dispose();
        Console.Error.WriteLine();
        if (end == SessionEnd.BoardGone)
        {
            Console.Error.WriteLine($"{name} is gone: its program ended, or the cable was pulled.");
            return 1;
        }

        Console.Error.WriteLine($"left {name}");
        return 0;
    }

    private static int Script(TtyPort port, string name, bool json, CancellationToken stop)
    {
        var script = new ConsoleScript(port, SilenceS);
        if (!script.TryBegin(stop))
        {
            Console.Error.WriteLine($"{name} does not answer as a board's console: check wires, --baud, and that the board has power.");
            return 1;
        }

        int exit = 0;
        bool asked = false;
        while (!stop.IsCancellationRequested && Console.In.ReadLine() is { } line)
        {
            if (!ConsoleScript.Takes(line))
                return Wrong($"A board takes lines of at most {ConsoleScript.MaxLine} ASCII characters.");
            if (json && !asked && line.Trim().Length > 0 && !line.Contains("--json", StringComparison.Ordinal))
                line += " --json";
            IReadOnlyList<string>? answer = script.Ask(line, stop);
            if (answer is null)
            {
                Console.Error.WriteLine($"{name} stopped answering.");
                return 1;
            }

            asked = json && answer.Count > 0 && answer[^1].StartsWith("{\"ask\":", StringComparison.Ordinal);
            foreach (string said in answer.Where(a => !json || a.StartsWith('{')))
            {
                Console.WriteLine(said);
                if (json && Failed(said))
                    exit = 1;
            }
        }

        return exit;
    }

    /// <summary>True if a board's JSON answer says that it could not do what it was asked, or that a test failed.</summary>
    private static bool Failed(string answer) =>
        answer.Contains("\"error\":", StringComparison.Ordinal) || answer.Contains("\"result\":\"FAIL\"", StringComparison.Ordinal);

    private static int Wrong(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
