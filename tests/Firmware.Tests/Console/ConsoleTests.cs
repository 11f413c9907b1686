using System.Text.Json.Nodes;
using Ballast.Firmware.Console;
using Ballast.Firmware.Tests.Agent;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Console;

public class ConsoleTests : ConsoleBench
{
    [Theory]
    [InlineData("status")]
    [InlineData("temps")]
    [InlineData("chips")]
    [InlineData("fans")]
    [InlineData("volts")]
    [InlineData("pools")]
    [InlineData("ladder")]
    [InlineData("order")]
    [InlineData("events")]
    [InlineData("log")]
    public void Each_look_fits_80_columns(string command)
    {
        _bench.AdmitAndRun();
        string text = Say(command);
        Assert.DoesNotContain("No such command", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), l => Assert.True(l.Length < 80, l));
    }

    [Fact]
    public void Status_says_what_matters()
    {
        _bench.AdmitAndRun();
        JsonNode status = JsonNode.Parse(Say("status --json").Split('\n')[0])!;
        Assert.Equal("running", (string?)status["mode"]);
        Assert.Equal(5, (int)status["point"]!);
        Assert.True((bool)status["admitted"]!);
        Assert.Matches("  clock +600.000 MHz", Say("status"));
    }

    [Fact]
    public void Help_lists_every_command()
    {
        string help = Say("help");
        foreach (string word in "status temps chips fans volts pools ladder order events log set save wifi enroll selftest identify restart factory-reset clear-fault".Split(' '))
            Assert.Contains(word, help, StringComparison.Ordinal);
        Assert.Contains("No such command", Say("reboot-now"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_edited_with_cursor_backspace_and_history()
    {
        // "stats" becomes "status": left, insert; then history gives it back.
        string text = Say("stats\u001b[Du");
        Assert.Contains("mode", text, StringComparison.Ordinal);
        Assert.Contains("mode", Say("\u001b[A"), StringComparison.Ordinal);
        Assert.Contains("MHz", Say("laddder\b\b\b\bder"), StringComparison.Ordinal);
        Assert.Contains("chip limit", Say("garbage\u0015temps"), StringComparison.Ordinal);
        Assert.Contains("chip limit", Say("emps\u0001t"), StringComparison.Ordinal);
    }

    [Fact]
    public void Factory_reset_asks_twice_and_keeps_keys_enrolment_and_latches()
    {
        _bench.AdmitAndRun();
        _bench.OrderNow(0, OrderClass.Emergency);
        Say("set own-point 2");
        Say("factory-reset");
        Say("yes");
        Assert.Contains("nothing changed", Say("no"), StringComparison.Ordinal);
        Assert.False(_bench.Agent.RebootRequested);
        Assert.Equal(2, _bench.Agent.Record.OwnPoint);
        Say("factory-reset");
        Say("yes");
        Say("RESET");
        Assert.True(_bench.Agent.RebootRequested);
        _bench.Restart();
        _bench.Run(1);
        Assert.Equal(-1, _bench.Agent.Record.OwnPoint);
        Assert.True(_bench.Agent.Record.Enrolled);
        Assert.True(_bench.Snap.LatchDispatch);
        Assert.NotNull(_bench.Agent.Record.PodKeys.Find(1));
    }

    [Fact]
    public void Ctrl_C_leaves_a_question_without_a_change()
    {
        Say("factory-reset");
        Say("yes");
        _port.Type("\u0003");
        Turn();
        Assert.Contains("mode", Say("status"), StringComparison.Ordinal);
        Assert.False(_bench.Agent.RebootRequested);
    }

    [Fact]
    public void A_key_enrols_at_once_and_is_never_shown()
    {
        var b = new Bench(enrolled: false, change: s => s.PodKeys = s.BoardKeys = []);
        b.RunUntil(() => b.Snap.Mode == BoardMode.Running, 60);
        _console = new TechnicianConsole(b.Agent, _port, null);
        string key = string.Concat(Enumerable.Repeat("c0ffee42", 8));
        string all = "";
        foreach (string line in (string[])["enroll pod 3", key, "enroll board 4", key, "status", "events", "log", "order --json", "\u001b[A\u001b[A\u001b[A"])
        {
            _port.Out.Clear();
            _port.Type(line + "\r");
            for (int i = 0; i < 12; i++)
            {
                b.Step();
                _console.Step(b.Clock.NowMs);
            }

            all += _port.Out;
        }

        Assert.DoesNotContain("c0ffee", all, StringComparison.Ordinal);
        Assert.Contains("the board is enrolled", all, StringComparison.Ordinal);
        Assert.True(b.Agent.Record.Enrolled);
        b.RunUntil(() => !b.Fake.Regulator.On, 20);
        Assert.Equal(LimitedBy.Failsafe, b.Snap.LimitedBy);
        Assert.DoesNotContain("c0ffee", string.Concat(b.Link.Sent.Select(s => s.Payload)), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_console_leaves_enrolment_and_it_asks()
    {
        Say("enroll off");
        Assert.Contains("nothing changed", Say("y"), StringComparison.Ordinal);
        Assert.True(_bench.Agent.Record.Enrolled);
        Say("enroll off");
        Assert.Contains("standalone", Say("yes"), StringComparison.Ordinal);
        Assert.False(_bench.Agent.Record.Enrolled);
        _bench.RunUntil(() => _bench.Snap.Mode == BoardMode.Running, 90);
        _bench.Restart();
        _bench.Run(1);
        Assert.False(_bench.Agent.Record.Enrolled);
    }

    [Fact]
    public void Wifi_takes_a_password_without_showing_it()
    {
        Assert.Contains("192.168.1.7", Say("wifi"), StringComparison.Ordinal);
        Say("wifi barn");
        _port.Out.Clear();
        string answer = Say("hunter22");
        Assert.DoesNotContain("hunter22", _port.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("stored", answer, StringComparison.Ordinal);
        Assert.Equal(("barn", "hunter22"), (_device.Ssid, _device.Password));
    }

    [Theory]
    [InlineData("set own-point 99", "0 (sleep) to 5")]
    [InlineData("set failsafe -1", "watts")]
    [InlineData("set log-level 9", "1 to 5")]
    [InlineData("set colour red", "No such setting")]
    [InlineData("enroll pod 256", "0 to 255")]
    public void Bad_input_is_told_what_would_be_good_and_changes_nothing(string line, string expected)
    {
        int writes = _bench.Store.Writes;
        Assert.Contains(expected, Say(line), StringComparison.Ordinal);
        Assert.Equal(-1, _bench.Agent.Record.OwnPoint);
        Assert.Equal(0, _bench.Agent.Record.FailsafeW);
        Assert.Equal(writes, _bench.Store.Writes);
    }

    [Fact]
    public void Selftest_of_an_enrolled_board_without_order_says_what_it_skipped()
    {
        _port.Out.Clear();
        _port.Type("selftest\r");
        Turn(200);
        string text = _port.Out.ToString();
        Assert.Contains("skipped: chips stay without power", text, StringComparison.Ordinal);
        Assert.Contains("PASS", text, StringComparison.Ordinal);
        Assert.False(_bench.Fake.Regulator.On);
    }

    [Fact]
    public void Selftest_numbers_what_failed_with_its_likely_cause()
    {
        _bench.Fake.Fans.Stuck = true;
        _bench.Fake.Sensor.Status = Hw.Parts.PartStatus.Implausible;
        _bench.Run(1);
        _port.Out.Clear();
        _port.Type("selftest --json\r");
        Turn(300);
        string json = _port.Out.ToString().Split('\n').First(l => l.StartsWith('{'));
        JsonNode result = JsonNode.Parse(json)!;
        Assert.Equal("FAIL", (string?)result["result"]);
        Assert.Equal(2, result["failed"]!.AsArray().Count);
        Assert.Contains("check its plug", (string?)result["failed"]![1]![2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_port_loses_output_and_never_stops_the_board()
    {
        _bench.AdmitAndRun();
        _port.TakesPerWrite = 1;
        for (int i = 0; i < 200; i++)
        {
            _port.Type("status\r");
            Turn(1);
        }

        Assert.Equal(BoardMode.Running, _bench.Snap.Mode);
    }
}
