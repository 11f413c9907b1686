using System.Text;
using System.Text.Json;

namespace Ballast.Wire.Tests;

/// <summary>What boards say, as the host's JSON reader sees it.</summary>
public sealed class BoardMessageTests
{
    private readonly byte[] _into = new byte[4096];

    [Fact]
    public void Birth()
    {
        var birth = new BirthMessage
        {
            Model = "bitaxe-gamma",
            Chips = 1,
            Chip = "BM1370",
            Firmware = "0.1.0",
            BoardSerial = "a\"b\\c\u00e9\n",
            Ladder = Laws.Build(1000, [0, 9000], [0, 600]),
            FailsafeW = 2,
            NameplateW = 25,
            Capabilities = ["pool", "identify"],
        };
        JsonElement json = Parse(birth.Write(_into, 0));
        Assert.Equal((1, "bitaxe-gamma", 1, "BM1370"), (json.Int("contract"), json.Text("model"), json.Int("chips"), json.Text("chip")));
        Assert.Equal(("0.1.0", "a\"b\\c\u00e9\n"), (json.Text("firmware"), json.Text("boardSerial")));
        Assert.Equal("[[1000,0],[10000,600]]", json.GetProperty("ladder").GetRawText());
        Assert.Equal(birth.Ladder.Id, json.U32("ladderId"));
        Assert.Equal((2, 25), (json.Int("failsafeW"), json.Int("nameplateW")));
        Assert.Equal("[\"pool\",\"identify\"]", json.GetProperty("capabilities").GetRawText());
        Assert.False(json.TryGetProperty("offered", out _));

        birth.Offered = Laws.Build(0, [0, 8000], [0, 700]);
        json = Parse(birth.Write(_into, 0));
        Assert.Equal("[[0,0],[8000,700]]", json.GetProperty("offered").GetRawText());
        Assert.Equal(birth.Offered.Id, json.U32("offeredId"));
    }

    [Fact]
    public void State_and_will()
    {
        var state = new StateMessage
        {
            Online = true,
            Mode = BoardMode.Fault,
            Reason = "chip too hot",
            BootNonce = 4294967295,
            Admitted = true,
            BoardSerial = "s1",
            LadderId = 7,
            SinceMs = 123456789012,
            LatchCount = 2,
        };
        state.Latches[0] = "emergency-set";
        state.Latches[1] = "fault-S03";
        Assert.Equal(
            "{\"online\":true,\"mode\":\"fault\",\"reason\":\"chip too hot\",\"bootNonce\":4294967295,\"admitted\":true,\"boardSerial\":\"s1\","
            + "\"ladderId\":7,\"latches\":[\"emergency-set\",\"fault-S03\"],\"sinceMs\":123456789012}",
            Parse(state.Write(_into, 0)).GetRawText());

        state.PowerW = 0;
        Assert.Equal(0, Parse(state.Write(_into, 0)).Int("powerW"));

        state.Online = false;
        Assert.Equal("{\"online\":false,\"boardSerial\":\"s1\"}", Parse(state.Write(_into, 0)).GetRawText());
    }

    [Fact]
    public void Telemetry_leaves_out_what_was_not_measured()
    {
        var telemetry = new TelemetryMessage { Mode = BoardMode.Running, PowerMw = 17_400, ChipMilliC = -5, LimitedBy = LimitedBy.PodOrder };
        telemetry.Rejects[(int)Reject.Mac] = 3;
        telemetry.Rejects[(int)Reject.Stale] = 1;
        JsonElement json = Parse(telemetry.Write(_into, 0));
        Assert.Equal(("running", "pod-order", 17_400, -5), (json.Text("mode"), json.Text("limitedBy"), json.Int("powerMw"), json.Int("chipMilliC")));
        Assert.Equal("{\"mac\":3,\"stale\":1}", json.GetProperty("rejects").GetRawText());
        foreach (string absent in new[] { "coreMv", "inputMv", "vrMilliC", "fanRpm" })
            Assert.False(json.TryGetProperty(absent, out _));
        foreach (string there in (string[])["point", "effectiveMw", "hashGhs", "freqKhz", "fanPercent", "epoch", "orderId", "limitMjPerTh", "share", "salt", "leaseLeftS", "accepted", "rejected", "stale", "hwErrors", "uptimeS", "bootNonce"])
            Assert.Equal(0, json.Int(there));
    }

    [Fact]
    public void Ack_and_event()
    {
        var ack = new AckMessage { Stream = OrderStream.Set, Epoch = 4294967295, Seq = 2, OrderId = 3, Result = AckResult.Ignored, Reason = "older", Point = 4, EffectiveMw = 5 };
        Assert.Equal(
            "{\"stream\":\"set\",\"epoch\":4294967295,\"seq\":2,\"orderId\":3,\"result\":\"ignored\",\"reason\":\"older\",\"point\":4,\"effectiveMw\":5}",
            Parse(ack.Write(_into, 0)).GetRawText());
        var alarm = new EventMessage { Rule = "S03", Text = "hot", Value = -9223372036854775808, Limit = 9223372036854775807 };
        Assert.Equal(
            "{\"rule\":\"S03\",\"text\":\"hot\",\"value\":-9223372036854775808,\"limit\":9223372036854775807}",
            Parse(alarm.Write(_into, 0)).GetRawText());
    }

    [Fact]
    public void The_largest_messages_fit_their_stated_room_and_a_smaller_buffer_gives_0()
    {
        int[] steps = [.. Enumerable.Range(0, 32).Select(i => 30_000_000)];
        Ladder ladder = Laws.Build(60_000_000, steps, steps);
        var birth = new BirthMessage { Model = new('m', 32), Chip = new('c', 16), Firmware = new('f', 32), BoardSerial = new('s', 32), Restart = new('r', 96), Ladder = ladder, Offered = ladder, Chips = int.MaxValue, FailsafeW = int.MaxValue, NameplateW = int.MaxValue, Capabilities = [new('x', 32), new('y', 32)] };
        int length = birth.Write(_into, 0);
        Assert.InRange(length, 1, BirthMessage.MaxLength);
        Assert.Equal(length, birth.Write(new byte[length], 0));
        Assert.Equal(0, birth.Write(new byte[length - 1], 0));

        var telemetry = new TelemetryMessage { PowerMw = int.MinValue + 1, CoreMv = int.MinValue + 1, InputMv = int.MinValue + 1, ChipMilliC = int.MinValue + 1, VrMilliC = int.MinValue + 1, FanRpm = int.MinValue + 1, Point = int.MinValue, EffectiveMw = int.MinValue, HashGhs = int.MinValue, FreqKhz = int.MinValue, FanPercent = int.MinValue, Epoch = uint.MaxValue, OrderId = uint.MaxValue, Salt = uint.MaxValue, Share = uint.MaxValue, BootNonce = uint.MaxValue, LimitMjPerTh = int.MinValue, LeaseLeftS = int.MinValue, Accepted = int.MinValue, Rejected = int.MinValue, Stale = int.MinValue, HwErrors = int.MinValue, LoadPermille = int.MinValue + 1, UptimeS = long.MinValue, LimitedBy = LimitedBy.OwnSetting, Mode = BoardMode.Starting };
        Array.Fill(telemetry.Rejects, int.MinValue);
        Assert.InRange(telemetry.Write(_into, 0), 1, TelemetryMessage.MaxLength);
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own()
    {
        string[] names = [.. Enum.GetValues<Reject>().Select(RejectName.Of)];
        Assert.Equal(RejectName.Count, names.Length);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.DoesNotContain("?", names);
        Assert.Equal("?", RejectName.Of((Reject)99));
        Assert.DoesNotContain("?", Enum.GetValues<BoardMode>().Select(BoardName.Of));
        Assert.DoesNotContain("?", Enum.GetValues<LimitedBy>().Select(BoardName.Of));
        Assert.DoesNotContain("?", Enum.GetValues<AckResult>().Select(BoardName.Of));
    }

    private JsonElement Parse(int length)
    {
        Assert.True(length > 0);
        Assert.True(Encoding.ASCII.GetString(_into, 0, length).All(c => c is >= ' ' and <= '~'));
        return JsonDocument.Parse(_into.AsMemory(0, length)).RootElement.Clone();
    }
}
