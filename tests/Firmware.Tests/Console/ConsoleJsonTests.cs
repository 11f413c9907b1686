using System.Text.Json.Nodes;
using Ballast.Firmware.Power;
using Ballast.Wire;

namespace Ballast.Firmware.Tests.Console;

/// <summary>What a jig reads: with --json each line that a command says is one JSON object.</summary>
public class ConsoleJsonTests : ConsoleBench
{
    private JsonObject[] Ask(string line)
    {
        string[] lines = [.. Say(line).Split('\n').Where(l => l.Length > 0 && l != "> ")];
        return [.. lines.Select(l => Assert.IsType<JsonObject>(JsonNode.Parse(l)))];
    }

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
    [InlineData("set")]
    [InlineData("set own-point 2")]
    [InlineData("set own-point 99")]
    [InlineData("set pool 0 nowhere me")]
    [InlineData("save")]
    [InlineData("wifi")]
    [InlineData("enroll")]
    [InlineData("identify")]
    [InlineData("clear-fault")]
    [InlineData("restart chain")]
    [InlineData("restart everything")]
    [InlineData("status now")]
    [InlineData("no-such-command")]
    [InlineData("help")]
    public void Every_command_answers_in_one_object(string command)
    {
        _bench.AdmitAndRun();
        Assert.Single(Ask(command + " --json"));
    }

    [Theory]
    [InlineData("factory-reset", false)]
    [InlineData("enroll off", false)]
    [InlineData("enroll pod 3", true)]
    [InlineData("wifi barn", true)]
    [InlineData("set pool 1 stratum+tcp://10.0.0.9:3333 me", true)]
    public void A_question_is_an_object_and_so_is_what_follows_its_answer(string command, bool secret)
    {
        JsonObject question = Assert.Single(Ask(command + " --json"));
        Assert.NotEmpty((string)question["ask"]!);
        Assert.Equal(secret, (bool)question["secret"]!);
        Assert.EndsWith("> ", _port.Out.ToString(), StringComparison.Ordinal);
        JsonObject then = Assert.Single(Ask("no"));
        Assert.True(then.ContainsKey("error") || then.ContainsKey("done"), then.ToJsonString());
    }

    [Fact]
    public void Done_and_error_tell_a_jig_what_happened()
    {
        Assert.Equal("set; save keeps it", (string?)Ask("set own-point 2 --json")[0]["done"]);
        Assert.Equal(2, (int)Ask("--json set")[0]["ownPoint"]!);
        Assert.Contains("0 (sleep) to 5", (string?)Ask("set own-point 6 --json")[0]["error"], StringComparison.Ordinal);
        Assert.Contains("No such command", (string?)Ask("sett --json")[0]["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_selftest_says_pass_or_what_failed_and_why_in_fields()
    {
        _bench.Fake.Fans.Stuck = true;
        _bench.Run(1);
        _port.Out.Clear();
        _port.Type("selftest --json\r");
        Turn(300);
        JsonNode result = JsonNode.Parse(_port.Out.ToString().Split('\n').First(l => l.StartsWith('{')))!;
        Assert.Equal("FAIL", (string?)result["result"]);
        JsonArray first = result["failed"]![0]!.AsArray();
        Assert.Equal(1, (int)first[0]!);
        Assert.Contains("rpm", (string?)first[1], StringComparison.Ordinal);
        Assert.Contains("plug", (string?)first[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_selftest_below_the_top_point_says_what_orders_kept_it_from()
    {
        _bench.AdmitAndRun();
        Say("set own-point 2");
        _bench.RunUntil(() => _bench.Snap.EffectivePoint == 2 && _bench.Snap.Mode == BoardMode.Running, 60);
        _port.Out.Clear();
        _port.Type("selftest\r");
        Turn(300);
        string text = _port.Out.ToString();
        Assert.Contains("chips run at point 2 of 5", text, StringComparison.Ordinal);
        Assert.Contains("points above 2: own-setting allows no more", text, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Snap.EffectivePoint);
    }

    [Fact]
    public void The_log_shows_levels_and_keeps_what_logLevel_asks_for()
    {
        _bench.AdmitAndRun();
        Assert.Matches("info +running", Say("log"));
        Assert.DoesNotContain("detail", Say("log"), StringComparison.Ordinal);
        Say("set log-level 4");
        _bench.OrderNow(0);
        _bench.Run(1);
        Assert.Matches("detail +order 3: point 0", Say("log"));
        Say("set log-level 1");
        int total = _bench.Agent.Log.Total;
        _bench.OrderNow(int.MaxValue);
        _bench.Run(5);
        Assert.Equal(total, _bench.Agent.Log.Total);
        _bench.Fake.Sensor.Status = Hw.Parts.PartStatus.Implausible;
        _bench.RunUntil(() => _bench.Snap.LatchedFault != SafetyRule.None, 60);
        _bench.Run(1);
        Assert.Matches("error +fault latched", Say("log"));
    }

    [Fact]
    public void A_network_name_may_hold_blanks()
    {
        Say("wifi Barn West 2");
        Say("hunter22");
        Assert.Equal(("Barn West 2", "hunter22"), (_device.Ssid, _device.Password));
        Say("wifi Cow Shed --json");
        Say("hunter23");
        Assert.Equal("Cow Shed", _device.Ssid);
    }

    [Theory]
    [InlineData("restart now")]
    [InlineData("restart chain now")]
    [InlineData("factory-reset please")]
    [InlineData("save all")]
    public void A_word_too_many_does_nothing(string line)
    {
        int writes = _bench.Store.Writes;
        Assert.Contains("nothing done", Say(line), StringComparison.Ordinal);
        Assert.False(_bench.Agent.RebootRequested);
        Assert.Equal(writes, _bench.Store.Writes);
    }

    [Fact]
    public void A_long_finding_goes_on_below_within_80_columns()
    {
        for (int i = 0; i < 3; i++)
            _bench.Agent.Log.Add(3, 3, string.Join(' ', Enumerable.Repeat("word", 40)), _bench.Clock.NowMs);
        string text = Say("log");
        Assert.All(text.Split('\n'), l => Assert.True(l.Length < 80, l));
        Assert.Equal(120, text.Split("word").Length - 1);
        Assert.Matches("\n {17,}word", text);
    }
}
