using System.Collections;
using System.Text.Json;
using Ballast.SelfCheck;

namespace Ballast.Firmware.Tests;

/// <summary>The program that proves the rooms on a bare device, run here.</summary>
public sealed class SelfCheckTests
{
    [Fact]
    public void All_checks_pass()
    {
        var report = new Collected();
        Assert.True(Program.Run(report), string.Join('\n', report.Lines.Where(l => !l.StartsWith("ok    ", StringComparison.Ordinal))));
        Assert.Equal($"PASS {report.Lines.Count - 1}", report.Lines[^1]);
        Assert.All(report.Lines.SkipLast(1), line => Assert.StartsWith("ok    ", line));
        foreach (string part in new[] { "SHA-256 of abc", "its midstate", "ladder, hull and costs", "comes up", "an order is obeyed", "a replay is refused" })
            Assert.Contains(report.Lines, line => line.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void One_wrong_check_fails_the_whole()
    {
        var report = new Collected();
        report.Check("good", true);
        report.Check("bad", false);
        report.Check("good", true);
        Assert.False(report.End());
        Assert.Equal(["ok    good", "wrong bad", "ok    good", "FAIL"], report.Lines);
    }

    [Fact]
    public void No_check_at_all_is_no_pass()
    {
        var report = new Collected();
        Assert.False(report.End());
        Assert.Equal(["FAIL"], report.Lines);
    }

    [Fact]
    public void The_sample_is_part_of_the_vectors()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "wire.json")));
        JsonElement[] choices = [.. file.RootElement.GetProperty("choice").EnumerateArray()];
        Assert.All(WireSample.Choices, s => Assert.Contains(choices, v =>
            v.GetProperty("board").GetString() == s.Board && v.GetProperty("ladderId").GetUInt32() == s.LadderId
            && Same(v, "powerMw", s.PowerMw) && Same(v, "hashGhs", s.HashGhs) && Same(v, "hull", s.Hull) && Same(v, "costMjPerTh", s.CostMjPerTh)
            && Same(v, "orders", "limitMjPerTh", s.Limit) && Same(v, "orders", "share", s.Share) && Same(v, "orders", "salt", s.Salt)
            && Same(v, "orders", "rank", s.Rank) && Same(v, "orders", "point", s.Point)
            && Same(v, "caps", "powerW", s.CapW) && Same(v, "caps", "point", s.CapPoint)));

        JsonElement[] envelopes = [.. file.RootElement.GetProperty("envelopes").EnumerateArray()];
        Assert.All(WireSample.Envelopes, s => Assert.Contains(envelopes, v =>
            v.GetProperty("keyHex").GetString() == s[0] && v.GetProperty("topic").GetString() == s[1] && v.GetProperty("message").GetString() == s[2]));

        JsonElement[] inversions = [.. file.RootElement.GetProperty("inversion").EnumerateArray()];
        Assert.All(WireSample.Inversions, s => Assert.Contains(inversions, v =>
            v.GetProperty("salt").GetUInt32() == s.Salt && v.GetProperty("capMw").GetInt64() == s.CapMw
            && v.GetProperty("unreachable").GetBoolean() == s.Unreachable && v.GetProperty("limitMjPerTh").GetInt32() == s.Limit
            && v.GetProperty("share").GetUInt32() == s.Share && v.GetProperty("totalMw").GetInt64() == s.TotalMw
            && v.GetProperty("boards").EnumerateArray().Select((b, i) => b.GetProperty("board").GetString() == s.Boards[i]
                && Same(b, "powerMw", s.PowerMw[i]) && Same(b, "hashGhs", s.HashGhs[i])).All(x => x)));
    }

    private static bool Same(JsonElement vector, string name, IEnumerable ours) =>
        vector.GetProperty(name).EnumerateArray().Select(x => x.GetInt64()).SequenceEqual(ours.Cast<object>().Select(Convert.ToInt64));

    private static bool Same(JsonElement vector, string list, string name, IEnumerable ours) =>
        vector.GetProperty(list).EnumerateArray().Select(x => x.GetProperty(name).GetInt64()).SequenceEqual(ours.Cast<object>().Select(Convert.ToInt64));

    private sealed class Collected : Report
    {
        public List<string> Lines { get; } = [];

        protected override void Line(string text) => Lines.Add(text);
    }
}
