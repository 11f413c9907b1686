using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ballast.Terminal;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary><c>ballast console</c> as a program, with a person at a real terminal and without one, at a board of a whole site.</summary>
public sealed class ConsoleProcessTests : IAsyncLifetime
{
    private readonly VirtualSite _site = new(new SiteOptions { Boards = 2, WithHost = false, Reachable = true });
    private readonly Pty _screen = Pty.Open();
    private readonly StringBuilder _seen = new();

    private static string Board => FormattableString.Invariant($"{Environment.ProcessId}/p1/b01");

    public ValueTask InitializeAsync()
    {
        _site.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _screen.Dispose();
        Assert.DoesNotContain(BoardDirectory.List(), b => b.Run == Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_person_edits_a_line_interrupts_and_leaves_and_gets_the_terminal_back()
    {
        using Process shell = AtTerminal();
        await SeenAsync("help for commands.\r\n> ");
        _screen.Write("statux"u8);
        await SeenAsync("statux");
        _screen.Write("\u007fs\r"u8);
        await SeenAsync("up  ");
        Assert.Contains("> statux", _seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("demo/p1/b01", _seen.ToString(), StringComparison.Ordinal);
        _screen.Write("factory-reset\r"u8);
        await SeenAsync("Type yes: ");

        // Ctrl-C, Ctrl-\ and Ctrl-Z are keys like others: none ends the program or the board.
        _screen.Write("\u001c\u001a\u0003"u8);
        await SeenAsync("^C");
        _screen.Write("\u001d"u8);
        await SeenAsync("left p1/b01");
        await SeenAsync("end 0 restored");
        Assert.Equal(1, _site.Fleet.Boards[0].Boots);
        Assert.Null(_site.Fleet.Boards[0].Agent.Failure);
    }

    [Theory]
    [InlineData("TERM", "left p1/b01")]
    [InlineData("HUP", "left p1/b01")]
    [InlineData("QUIT", "left p1/b01")]
    public async Task A_signal_gives_the_terminal_back_too(string signal, string said)
    {
        using Process shell = AtTerminal();
        await SeenAsync("> ");
        string child = (await File.ReadAllTextAsync($"/proc/{shell.Id}/task/{shell.Id}/children", TestContext.Current.CancellationToken)).Trim();
        using (Process kill = Process.Start("kill", ["-s", signal, child]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await SeenAsync(said);
        await SeenAsync("end 0 restored");
    }

    [Fact]
    public async Task Lines_from_a_pipe_are_answered_and_the_program_ends()
    {
        (int exit, string said, string error) = await PipedAsync("status\nladder\n", Board);
        Assert.True(exit == 0, error);
        Assert.Contains("effective point", said, StringComparison.Ordinal);
        Assert.Contains("525     1150", said, StringComparison.Ordinal);
        Assert.DoesNotContain(">", said, StringComparison.Ordinal);

        (exit, said, error) = await PipedAsync("temps\nset own-point 99\n", Board, "--json");
        Assert.True(exit == 1, error);
        Assert.All(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.StartsWith("{", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no/such/board", "These do:")]
    [InlineData("--port /dev/no-such-port", "There is no /dev/no-such-port")]
    [InlineData("--port /dev/null --baud 12345", "--baud 12345")]
    public async Task What_cannot_be_opened_is_said_with_exit_code_2(string arguments, string expected)
    {
        (int exit, string said, string error) = await PipedAsync("", arguments.Split(' '));
        Assert.Equal(2, exit);
        Assert.Empty(said);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    /// <summary>A shell at a terminal of its own, which runs the console and then says whether the terminal is as it was.</summary>
    private Process AtTerminal()
    {
        // Whoever runs the tests may ignore signals (nohup, a job in the background); a person's shell does not.
        string script = $"stty sane cols 80 rows 24; before=$(stty -g); env --default-signal=HUP,INT,QUIT dotnet {DemoProcessTests.Cli()} console {Board}; code=$?; "
            + "test \"$before\" = \"$(stty -g)\" && echo end $code restored || echo end $code spoiled";
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", $"exec sh -c '{script}' <{_screen.Path} >{_screen.Path} 2>&1" } };
        return Process.Start(start)!;
    }

    private static async Task<(int Exit, string Said, string Error)> PipedAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[DemoProcessTests.Cli(), "console", .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said, await error);
    }

    private Task SeenAsync(string text) => Wait.UntilAsync(
        () =>
        {
            Span<byte> buffer = stackalloc byte[1024];
            for (int got = _screen.Read(buffer); got > 0; got = _screen.Read(buffer))
                _seen.Append(Encoding.UTF8.GetString(buffer[..got]));
            return _seen.ToString().Contains(text, StringComparison.Ordinal);
        },
        $"\"{text}\" on the screen");
}
