using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Web;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;

namespace Ballast.Host.Tests.Web;

/// <summary>A host that is started by mistake beside another ends with a sentence before it touches anything that is the other's.</summary>
public sealed class SecondHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-second-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task S18_a_host_whose_address_is_taken_never_connects_to_the_broker()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        Connects broker = new();
        SiteOptions options = ToySite.MakeOptions(2, 1) with { Http = new HttpSection { Urls = "http://" + taken.LocalEndpoint } };
        await using (WebApplication app = Program.Build(options, new MemoryJournal(), broker, TimeProvider.System))
        {
            await Assert.ThrowsAsync<IOException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, broker.Starts);
    }

    [Fact]
    public async Task A_host_whose_address_is_free_connects_once_it_listens()
    {
        Connects broker = new();
        SiteOptions options = ToySite.MakeOptions(2, 1) with { Http = new HttpSection { Urls = "http://127.0.0.1:0" } };
        await using WebApplication app = Program.Build(options, new MemoryJournal(), broker, TimeProvider.System);
        broker.Listens = () => app.Urls.Any(u => !u.EndsWith(":0", StringComparison.Ordinal));
        await app.StartAsync(TestContext.Current.CancellationToken);
        await broker.Started.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(broker.Listened);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_taken_address_ends_with_code_1_and_one_sentence_that_says_what_to_do()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        (int code, string said) = await Run("http://" + taken.LocalEndpoint, "state");
        Assert.Equal(1, code);
        Assert.Equal("Failed to bind to address http://" + taken.LocalEndpoint + ": address already in use: end the program that has it (perhaps another Ballast host), or name another address in http.urls.", said);
    }

    [Fact]
    public async Task A_folder_of_another_host_ends_with_code_1_and_one_sentence_that_says_what_to_do()
    {
        string folder = Path.Combine(_folder.FullName, "state");
        using SqliteJournal other = new(folder);
        (int code, string said) = await Run("http://127.0.0.1:0", "state");
        Assert.Equal(1, code);
        Assert.Equal("Another host is running on the folder '" + folder + "', and one folder belongs to one host: end that one first, or give this one a stateDir, a hostId and an address (http.urls) of its own.", said);
    }

    [Fact]
    public void A_socket_that_a_killed_host_left_is_taken_away_and_what_answers_or_is_a_file_stays()
    {
        string left = Path.Combine(_folder.FullName, "left"), open = Path.Combine(_folder.FullName, "open"), file = Path.Combine(_folder.FullName, "file");
        using (Socket killed = Listen(left + "-before"))
        {
            // Under another name it is not taken away with its owner, as after SIGKILL.
            File.Move(left + "-before", left);
        }

        using Socket living = Listen(open);
        File.WriteAllText(file, "not a socket");
        Assert.True(File.Exists(left));
        WebAddress.ClearLeftovers(new HttpSection { Urls = "http://unix:" + left + "; http://unix:" + open + ";http://unix:" + file + ";http://127.0.0.1:0" });
        Assert.Equal([file, open], Directory.GetFiles(_folder.FullName).Order(StringComparer.Ordinal));
    }

    private static Socket Listen(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    // What the process said besides its log, whose lines begin with a level.
    private async Task<(int Code, string Said)> Run(string url, string state)
    {
        string file = Path.Combine(_folder.FullName, "host.json");
        await File.WriteAllTextAsync(
            file,
            "{\"site\":\"demo\",\"stateDir\":\"" + Path.Combine(_folder.FullName, state) + "\",\"mqtt\":{\"port\":1},\"http\":{\"urls\":\"" + url + "\"},\"pods\":[],\"logs\":{\"format\":\"json\"}}",
            TestContext.Current.CancellationToken);
        using Process host = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--config", file]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            string said = await host.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await host.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (host.ExitCode, string.Join('\n', said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("{\"time\"", StringComparison.Ordinal) || l.Contains("\"error\"", StringComparison.Ordinal))));
        }
        finally
        {
            if (!host.HasExited)
            {
                host.Kill();
            }
        }
    }

    private sealed class Connects : IMqttConnection
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _starts;

        internal Func<bool> Listens { get; set; } = () => false;

        internal bool Listened { get; private set; }

        internal int Starts => Volatile.Read(ref _starts);

        internal Task Started => _started.Task;

        public bool IsConnected => false;

        public int ConnectCount => 0;

        public MqttConnectResult LastResult => new(MqttConnectCode.None, "Never tried.");

        public void Start(MqttOptions options, IMqttReceiver receiver)
        {
            Listened = Listens();
            Interlocked.Increment(ref _starts);
            _started.TrySetResult();
        }

        public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => MqttPublishResult.NotConnected;

        public void Close()
        {
        }

        public void Dispose()
        {
        }
    }
}
