using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Ballast.Host.Rehearsal;
using Ballast.Host.Tests.Faults;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Ballast.Virtual.Processes;
using Ballast.Wire;

namespace Ballast.Host.Tests.Rehearsal;

/// <summary>A host has compiled the way of a fall before it says that it is ready; counted in methods, because times depend on the machine.</summary>
public sealed class RehearsalTests : IDisposable
{
    // The real ones are about 30 and 10: dynamic getters and the like, which belong to this host alone. Without the rehearsal some thousand.
    private const int MostForRest = 120;
    private const int MostForSignal = 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-rehearsal-test-");

    private string? _address;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limits_of_every_class_and_way_are_played_and_make_orders_and_nothing_is_left(bool tls)
    {
        (long limits, int orders, long failures, string folder) = await RehearsalService.Play(tls, TestContext.Current.CancellationToken);
        Assert.Equal(2 * 5, limits);

        // How many depends on how fast one limit follows another; a fall and an emergency in each round leave at least these.
        Assert.True(orders >= 4, orders + " orders");
        Assert.Equal(0, failures);
        Assert.Contains("ballast-rehearsal-", folder, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task The_first_limits_over_REST_and_by_signal_find_their_way_compiled()
    {
        using TestBroker broker = new();
        RecordingReceiver orders = new();
        using MosquittoConnection board = new();
        board.Start(new MqttOptions { ClientId = "b", Port = broker.Port, Subscriptions = [new MqttSubscription("ballast/v1/demo/p1/dispatch")] }, orders);
        Wait.Until(() => board.IsConnected, "the board to connect");
        Ladder ladder = Ladder.TryCreate([800, 6_000, 11_000], [0, 450, 800], 3, out _)!;
        board.Publish("ballast/v1/demo/p1/b1/birth", Text("{\"contract\":1,\"model\":\"m\",\"chips\":1,\"firmware\":\"1\",\"boardSerial\":\"s\",\"ladder\":[[800,0],[6000,450],[11000,800]],\"ladderId\":" + ladder.Id + ",\"failsafeW\":0,\"nameplateW\":12}"), 1, true);
        board.Publish("ballast/v1/demo/p1/b1/state", Text("{\"online\":true,\"mode\":\"running\",\"reason\":\"\",\"bootNonce\":1,\"admitted\":true,\"boardSerial\":\"s\",\"ladderId\":" + ladder.Id + ",\"latches\":[],\"sinceMs\":0}"), 1, true);
        using Timer telemetry = new(
            _ => board.Publish("ballast/v1/demo/p1/b1/telemetry", Text("{\"mode\":\"running\",\"point\":2,\"effectiveMw\":11000,\"powerMw\":11000,\"hashGhs\":800,\"limitedBy\":\"pod-order\",\"epoch\":1,\"orderId\":1,\"limitMjPerTh\":2147483647,\"share\":0,\"salt\":0,\"leaseLeftS\":60,\"admitted\":true,\"bootNonce\":1}"), 0, false),
            null, 0, 500);

        using ChildProcess host = ChildProcess.Start("host", "/usr/bin/env", ["DOTNET_TC_CallCountThreshold=ffff", "dotnet", typeof(Program).Assembly.Location, "--config", Configuration(broker.Port)], Hear);
        Wait.Until(() => Volatile.Read(ref _address) is not null, "the host to listen");
        using HttpClient http = new() { BaseAddress = new Uri(_address!) };
        Wait.Until(() => http.GetAsync(new Uri("/health/active", UriKind.Relative)).GetAwaiter().GetResult().IsSuccessStatusCode, "the host to lead");
        Assert.True((await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode);

        long start = await Compiled(http);
        start = await Compiled(http);
        int sent = orders.Messages.Count;
        using HttpResponseMessage answer = await http.PostAsJsonAsync("/api/limits", new { id = "l", @class = "reliability", limitW = 7, reason = "first" }, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        Wait.Until(() => orders.Messages.Count > sent, "the order of the limit");
        long rest = await Compiled(http);
        Assert.InRange(rest - start, 0, MostForRest);

        sent = orders.Messages.Count;
        board.Publish("ballast/v1/demo/grid/signal", MonthTests.Signal(TimeProvider.System, 1, "set", ",\"id\":\"g\",\"class\":\"emergency\",\"node\":\"site\",\"limitW\":0,\"reason\":\"first\""), 1, false);
        Wait.Until(() => orders.Messages.Count >= sent + 4, "the orders of the signal");
        long signal = await Compiled(http);
        Assert.InRange(signal - rest, 0, MostForSignal);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"methods compiled: {start} before the first limit, {rest - start} by it, {signal - rest} by the first signal"));
        host.Stop(240_000);
    }

    private void Hear(string line)
    {
        int at = line.IndexOf("listening on ", StringComparison.Ordinal);
        if (at >= 0)
        {
            Volatile.Write(ref _address, line[(at + "listening on ".Length)..].Trim());
        }
    }

    private string Configuration(int port)
    {
        string path = Path.Combine(_folder.FullName, "host.json");
        string key = new('1', 64);
        File.WriteAllText(path, "{\"site\":\"demo\",\"stateDir\":\"" + _folder.FullName + "/state\",\"mqtt\":{\"port\":" + port + "},\"http\":{\"urls\":\"http://127.0.0.1:0\"},\"meter\":{\"configured\":false},"
            + "\"sources\":[{\"id\":\"tso\",\"kid\":3,\"key\":\"" + ToySite.Key(77) + "\"}],"
            + "\"pods\":[{\"id\":\"p1\",\"key\":\"" + key + "\",\"boards\":[{\"id\":\"b1\",\"nameplateW\":12,\"key\":\"" + key + "\"}]}]}");
        return path;
    }

    private static async Task<long> Compiled(HttpClient http)
    {
        string text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        const string Name = "\nprocess_jit_methods_total ";
        int at = text.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return long.Parse(text.AsSpan(at, text.IndexOf('\n', at) - at), CultureInfo.InvariantCulture);
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
