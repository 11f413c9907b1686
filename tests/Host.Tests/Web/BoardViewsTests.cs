using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Web;

/// <summary>What the page's views of boards and events read.</summary>
public sealed class BoardViewsTests(RestHost host) : IClassFixture<RestHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly ToyBoard Toy = new("p1", "b00", new byte[32], new byte[32], ToySite.MakeLadder(new Random(3)), 1);

    private Task<JsonElement> Get(string path) => host.Http.GetFromJsonAsync<JsonElement>(path, Stop);

    private Task<int> Hear(string board, string kind, string json) => host.Core.Ask(c =>
    {
        c.Dispatcher.OnBoard(Encoding.ASCII.GetBytes(board), Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(json), false);
        return 0;
    });

    // The list may be a second old; each test asks until its own news is in it.
    private async Task<JsonElement> List(string query, Func<JsonElement, bool> until)
    {
        JsonElement page = await Get("/api/fleet" + query);
        for (int i = 0; i < 4_000 && !until(page); i++)
        {
            await Task.Delay(50, Stop);
            page = await Get("/api/fleet" + query);
        }

        return page;
    }

    private async Task Speak(string board, string telemetry)
    {
        await Hear(board, "birth", Toy.Birth());
        await Hear(board, "state", Toy.State());
        await Hear(board, "telemetry", telemetry);
    }

    private static string Telemetry(long powerMw, long hashGhs, string more = "")
        => "{\"mode\":\"running\",\"powerMw\":" + powerMw + ",\"effectiveMw\":" + powerMw + ",\"hashGhs\":" + hashGhs + ",\"limitedBy\":\"pod-order\"" + more + "}";

    [Fact]
    public async Task The_list_filters_sorts_pages_and_counts()
    {
        await Speak("p1/b00", Telemetry(18_000, 1200, ",\"chipMilliC\":61000"));
        await Speak("p1/b02", Telemetry(9_000, 700));
        await Speak("p2/b01", Telemetry(6_000, 450));
        JsonElement all = await List("", p => p.GetProperty("powerW").GetDouble() > 32);
        Assert.Equal((4, 4, 33.0, 2350.0), (all.GetProperty("total").GetInt32(), all.GetProperty("matched").GetInt32(), all.GetProperty("powerW").GetDouble(), all.GetProperty("hashGhs").GetDouble()));
        Assert.Equal((3, 1), (all.GetProperty("modes").GetProperty("running").GetInt32(), all.GetProperty("modes").GetProperty("unknown").GetInt32()));
        Assert.Equal(1, all.GetProperty("states").GetProperty("offline").GetInt32());

        Assert.Equal(["p1/b00", "p1/b02", "p2/b01", "p2/b03"], await Names("?sort=power&descending=true"));
        Assert.Equal(["p2/b03", "p2/b01", "p1/b02", "p1/b00"], await Names("?sort=power"));
        Assert.Equal(["p1/b02", "p2/b01"], await Names("?sort=power&descending=true&skip=1&take=2"));
        Assert.Equal(["p1/b00", "p1/b02"], await Names("?pod=p1"));
        Assert.Equal(["p2/b03"], await Names("?state=offline"));
        Assert.Equal(["p2/b01"], await Names("?mode=running&text=P2%20b01"));
        Assert.Empty(await Names("?text=%00%ff"));

        JsonElement first = all.GetProperty("rows")[0];
        Assert.Equal((61.0, "running", 0L), (first.GetProperty("chipC").GetDouble(), first.GetProperty("mode").GetString(), first.GetProperty("ageS").GetInt64()));
        Assert.Equal(JsonValueKind.Null, all.GetProperty("rows")[1].GetProperty("chipC").ValueKind);

        async Task<string[]> Names(string query) => [.. (await Get("/api/fleet" + query)).GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("board").GetString()!)];
    }

    [Theory]
    [InlineData("?sort=nonsense", "sort")]
    [InlineData("?mode=dancing", "mode")]
    [InlineData("?pod=p9", "pod")]
    [InlineData("?state=happy", "state")]
    public async Task F7_a_list_that_cannot_be_is_refused_with_its_field(string query, string field)
    {
        HttpResponseMessage answer = await host.Http.GetAsync("/api/fleet" + query, Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task The_detail_has_measurements_the_point_on_the_ladder_and_a_lock_out_with_its_answer()
    {
        await Speak("p1/b00", Telemetry(13_000, 960, ",\"point\":3,\"freqKhz\":525000,\"coreMv\":1150,\"vrMilliC\":58500,\"fanRpm\":3100,\"fanPercent\":62,\"hwErrors\":\"many\""));
        JsonElement detail = await Get("/api/boards/p1/b00/detail");
        JsonElement readings = detail.GetProperty("readings");
        Assert.Equal((525.0, 1.15, 58.5, 3100), (readings.GetProperty("freqMhz").GetDouble(), readings.GetProperty("coreV").GetDouble(), readings.GetProperty("regulatorC").GetDouble(), readings.GetProperty("fanRpm").GetInt32()));

        // A reading that is no number is no reading; the message counts all the same.
        Assert.Equal(JsonValueKind.Null, readings.GetProperty("hwErrors").ValueKind);
        Assert.Equal(13.0, detail.GetProperty("board").GetProperty("powerW").GetDouble());
        JsonElement ladder = detail.GetProperty("ladder");
        Assert.Equal((5, 3), (ladder.GetProperty("points").GetArrayLength(), ladder.GetProperty("present").GetInt32()));
        Assert.Equal(Toy.Ladder.CostMjPerTh(1) / 1000.0, ladder.GetProperty("points")[1].GetProperty("stepJPerTh").GetDouble());
        Assert.Equal("p1/b00", detail.GetProperty("board").GetProperty("name").GetString());

        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("/api/boards/p1/b00/lockout", "{\"on\":true,\"reason\":\"fan\"}")).StatusCode);
        JsonElement sent = Newest(await Get("/api/boards/p1/b00/detail"));
        Assert.Equal(("set", "lockout", 1), (sent.GetProperty("stream").GetString(), sent.GetProperty("kind").GetString(), sent.GetProperty("value").GetInt32()));
        Assert.Equal(JsonValueKind.Null, sent.GetProperty("answer").ValueKind);
        await Hear("p1/b00", "ack", "{\"stream\":\"set\",\"epoch\":" + sent.GetProperty("epoch").GetUInt32() + ",\"seq\":" + sent.GetProperty("seq").GetUInt32() + ",\"orderId\":" + sent.GetProperty("orderId").GetUInt32() + ",\"result\":\"applied\"}");
        JsonElement after = await Get("/api/boards/p1/b00/detail");
        Assert.Equal("applied", Newest(after).GetProperty("answer").GetString());
        Assert.Equal(("p1/b00", "fan"), (after.GetProperty("lockout").GetProperty("node").GetString(), after.GetProperty("lockout").GetProperty("reason").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/boards/p1/none/detail", Stop)).StatusCode);

        static JsonElement Newest(JsonElement detail) => detail.GetProperty("orders").EnumerateArray().First(o => o.GetProperty("kind").GetString() == "lockout");
    }

    [Fact]
    public async Task A_pods_order_stands_in_the_detail_with_the_boards_own_answer()
    {
        await Speak("p2/b01", Telemetry(6_000, 450));
        JsonElement order = (await Get("/api/boards/p2/b01/detail")).GetProperty("orders").EnumerateArray().First(o => o.GetProperty("stream").GetString() == "dispatch");
        Assert.Equal(JsonValueKind.Null, order.GetProperty("answer").ValueKind);
        await Hear("p2/b01", "ack", "{\"stream\":\"dispatch\",\"epoch\":" + order.GetProperty("epoch").GetUInt32() + ",\"seq\":1,\"orderId\":" + order.GetProperty("orderId").GetUInt32() + ",\"result\":\"applied\"}");
        JsonElement Of(JsonElement detail) => detail.GetProperty("orders").EnumerateArray().First(o => o.GetProperty("orderId").GetUInt32() == order.GetProperty("orderId").GetUInt32() && o.GetProperty("stream").GetString() == "dispatch");
        JsonElement answered = Of(await Get("/api/boards/p2/b01/detail"));
        Assert.Equal("applied", answered.GetProperty("answer").GetString());
        Assert.True(answered.GetProperty("answerAfterMs").GetInt64() >= 0);
        Assert.Equal(JsonValueKind.Null, Of(await Get("/api/boards/p2/b03/detail")).GetProperty("answer").ValueKind);
    }

    [Fact]
    public async Task An_event_can_be_taken_away_as_JSON_and_CSV_and_stands_at_the_boards_that_it_held_for()
    {
        await Speak("p1/b02", Telemetry(9_000, 700));
        JsonElement limit = await (await host.Post("/api/limits", "{\"class\":\"economic\",\"node\":\"p1\",\"limitW\":10,\"reason\":\"export\"}")).Content.ReadFromJsonAsync<JsonElement>(Stop);
        string id = limit.GetProperty("eventId").GetString()!;
        HttpResponseMessage json = await host.Http.GetAsync("/api/events/" + id + "/export", Stop);
        JsonElement file = await json.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("export", file.GetProperty("head").GetString()), (file.GetProperty("event").GetProperty("reason").GetString(), json.Headers.GetValues("Ballast-Ledger-Head").Single()));
        Assert.Equal("event-" + id + ".json", json.Content.Headers.ContentDisposition!.FileName!.Trim('"'));

        string csv = "";
        for (int i = 0; i < 2_000 && csv.Split('\n').Length < 3; i++)
        {
            await Task.Delay(100, Stop);
            csv = await host.Http.GetStringAsync("/api/events/" + id + "/export?format=csv", Stop);
        }

        Assert.StartsWith("utc,at_s,limit_w,ordered_w,metered_w,metered,settled,over\n", csv, StringComparison.Ordinal);
        Assert.Equal("10", csv.Split('\n')[1].Split(',')[2]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.Http.GetAsync("/api/events/" + id + "/export?format=pdf", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync("/api/events/none/export", Stop)).StatusCode);

        JsonElement of = (await Get("/api/boards/p1/b02/events")).EnumerateArray().First(e => e.GetProperty("event").GetProperty("eventId").GetString() == id);
        Assert.Equal("not admitted: at failsafe", of.GetProperty("reason").GetString());
        Assert.DoesNotContain((await Get("/api/boards/p2/b01/events")).EnumerateArray(), e => e.GetProperty("event").GetProperty("eventId").GetString() == id);
        await host.Send("DELETE", "/api/limits/" + limit.GetProperty("id").GetString());
    }
}
