using System.Text;
using System.Text.Json.Nodes;
using Ballast.Terminal;

namespace Ballast.Virtual.Tests.Consoles;

/// <summary>The firmware's console of a virtual board, over a real pseudo-terminal.</summary>
public sealed class ConsoleOverPtyTests : IDisposable
{
    private const int SilenceS = 60;

    private readonly ReachableFleet _fleet = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public void Each_line_gets_its_own_answer_without_echo_and_prompt()
    {
        using TtyPort port = _fleet.Open(1);
        var script = new ConsoleScript(port, SilenceS);
        Assert.True(script.TryBegin(Stop));
        IReadOnlyList<string> status = script.Ask("status", Stop)!;
        Assert.Equal("  board                   demo/p1/b02 bitaxe-gamma", status[0]);
        Assert.DoesNotContain(status, l => l.Contains('>', StringComparison.Ordinal) || l.Contains("status", StringComparison.Ordinal));
        Assert.Equal(["No such command. Type help for the list."], script.Ask("reboot", Stop)!);
        Assert.Empty(script.Ask("", Stop)!);
        Assert.IsType<JsonObject>(JsonNode.Parse(Assert.Single(script.Ask("ladder --json", Stop)!)));
    }

    [Fact]
    public void A_question_is_an_answer_too_and_the_next_line_answers_it()
    {
        using TtyPort port = _fleet.Open(0);
        var script = new ConsoleScript(port, SilenceS);
        Assert.True(script.TryBegin(Stop));
        Assert.EndsWith("Type yes:", Assert.Single(script.Ask("enroll off", Stop)!), StringComparison.Ordinal);
        Assert.Equal(["nothing changed"], script.Ask("no", Stop)!);
        Assert.True(_fleet.Fleet.Boards[0].Agent.Record.Enrolled);
    }

    [Fact]
    public void Who_leaves_takes_half_a_line_and_an_open_question_along()
    {
        using (TtyPort first = _fleet.Open(0))
        {
            var script = new ConsoleScript(first, SilenceS);
            Assert.True(script.TryBegin(Stop));
            script.Ask("enroll off", Stop);
            first.Write("ye"u8);
        }

        _fleet.Fleet.Do(() => { });
        _fleet.Fleet.Do(() => { });
        using TtyPort second = _fleet.Open(0);
        string greeting = Hear(second, "help for commands.\r\n> ");
        Assert.DoesNotContain("yes", greeting, StringComparison.Ordinal);
        second.Write("s\r"u8);
        Assert.Contains("No such command", Hear(second, "list.\r\n> "), StringComparison.Ordinal);
        Assert.True(_fleet.Fleet.Boards[0].Agent.Record.Enrolled);
    }

    [Fact]
    public void A_restart_from_the_console_greets_again_on_the_same_terminal()
    {
        using TtyPort port = _fleet.Open(0);
        var script = new ConsoleScript(port, SilenceS);
        Assert.True(script.TryBegin(Stop));
        port.Write("restart\r"u8);
        Hear(port, "help for commands.\r\n> ");
        Assert.Equal(2, _fleet.Fleet.Boards[0].Boots);
        Assert.Equal(1, _fleet.Fleet.Boards[1].Boots);
    }

    [Fact]
    public void A_terminal_that_nobody_reads_does_not_hold_the_boards_up()
    {
        using TtyPort port = _fleet.Open(0);
        Assert.True(new ConsoleScript(port, SilenceS).TryBegin(Stop));
        for (int i = 0; i < 100; i++)
        {
            port.Write("status\r"u8);
            _fleet.Fleet.Do(() => { });
        }

        using TtyPort other = _fleet.Open(1);
        var script = new ConsoleScript(other, SilenceS);
        Assert.True(script.TryBegin(Stop));
        Assert.NotEmpty(script.Ask("status", Stop)!);
    }

    [Fact]
    public void A_dead_end_is_no_console()
    {
        using var pty = Pty.Open();
        using TtyPort port = TtyPort.TryOpen(pty.Path, 115200, out _)!;
        Assert.False(new ConsoleScript(port, 1).TryBegin(Stop));
    }

    private static string Hear(TtyPort port, string until)
    {
        var heard = new StringBuilder();
        byte[] buffer = new byte[512];
        while (!heard.ToString().EndsWith(until, StringComparison.Ordinal))
        {
            Assert.True(port.Wait(240_000), heard.ToString());
            int got = port.Read(buffer);
            Assert.True(got >= 0, heard.ToString());
            heard.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }

        return heard.ToString();
    }
}
