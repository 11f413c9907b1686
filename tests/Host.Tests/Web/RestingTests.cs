using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Ballast.Wire;

namespace Ballast.Host.Tests.Web;

/// <summary>A board that rests between two powers is shown as one that rests, not as one that did not start; S15.</summary>
public sealed class RestingTests : IAsyncLifetime
{
    private readonly RestHost _host = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("asleep", BoardName.WaitsToStart, true)]
    [InlineData("asleep", "pod-order", false)]
    [InlineData("asleep", "no work from any pool", false)]
    [InlineData("starting", BoardName.WaitsToStart, false)]
    public async Task A_board_that_waits_for_its_moment_is_listed_as_resting(string mode, string reason, bool resting)
    {
        ToyBoard toy = new("p1", "b00", new byte[32], new byte[32], ToySite.MakeLadder(new Random(1)), 1);
        Hear("birth", toy.Birth());
        Hear("state", toy.State().Replace("\"reason\":\"\"", "\"reason\":\"" + reason + "\"", StringComparison.Ordinal).Replace("\"admitted\":false", "\"admitted\":true", StringComparison.Ordinal));
        Hear("telemetry", "{\"mode\":\"" + mode + "\",\"powerMw\":800,\"effectiveMw\":18000,\"hashGhs\":0,\"limitedBy\":\"pod-order\"}");
        await _host.Core.Ask(_ => true);
        JsonElement page = await _host.Http.GetFromJsonAsync<JsonElement>("/api/fleet?text=b00", Stop);
        Assert.Equal(resting ? ["resting"] : [], page.GetProperty("rows")[0].GetProperty("states").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(resting ? 1 : 0, (await _host.Http.GetFromJsonAsync<JsonElement>("/api/fleet?state=resting", Stop)).GetProperty("matched").GetInt32());
    }

    private void Hear(string kind, string text)
        => ((IMqttReceiver)_host.Core).OnMessage(Encoding.ASCII.GetBytes("ballast/v1/demo/p1/b00/" + kind), Encoding.ASCII.GetBytes(text), 1, false);
}
