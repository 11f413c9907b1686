using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ballast.Virtual.Processes;

/// <summary>A mosquitto of its own on the loopback interface, with its own configuration and without persistence.</summary>
public sealed class MosquittoBroker : IDisposable
{
    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];

    private readonly string _config;
    private readonly string _program;
    private ChildProcess? _process;

    /// <summary>Writes the configuration; <see cref="Start"/> starts it.</summary>
    /// <param name="directory">An empty directory for its files.</param>
    /// <param name="listenerLines">Lines for the listener, such as its certificates.</param>
    /// <param name="generalLines">Lines for the broker, such as who may connect.</param>
    /// <exception cref="DemoException">mosquitto is not installed.</exception>
    public MosquittoBroker(string directory, string listenerLines = "", string generalLines = "allow_anonymous true")
    {
        _program = Installed();
        Port = FreePorts.Take();
        _config = Path.Combine(directory, "mosquitto.conf");
        File.WriteAllText(_config, string.Create(CultureInfo.InvariantCulture, $"""
            user {Environment.UserName}
            listener {Port} 127.0.0.1
            {listenerLines}
            {generalLines}
            persistence false
            log_dest stderr
            log_type error
            log_type warning
            set_tcp_nodelay true
            max_inflight_messages 1000
            max_queued_messages 200000

            """));
    }

    /// <summary>A broker with a configuration that is there.</summary>
    /// <param name="config">mosquitto.conf, used as it is.</param>
    /// <param name="port">A port on the loopback interface that it names.</param>
    /// <exception cref="DemoException">mosquitto is not installed.</exception>
    public MosquittoBroker(string config, int port)
    {
        _program = Installed();
        _config = config;
        Port = port;
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Its process; 0 before it was started.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>True if it was started and has ended on its own.</summary>
    public bool HasDied => _process is { HasExited: true };

    /// <summary>Its last lines.</summary>
    public string LastOutput => _process?.LastOutput ?? "";

    /// <summary>Where mosquitto is; null if it is not installed.</summary>
    public static string? Find()
        => Places.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "mosquitto"))).FirstOrDefault(File.Exists);

    private static string Installed()
        => Find() ?? throw new DemoException("mosquitto is not installed. Install the Debian package: apt-get install mosquitto");

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <exception cref="DemoException">It ended at once, or does not answer.</exception>
    public void Start()
    {
        _process = ChildProcess.Start("mosquitto", _program, ["-c", _config]);
        long startMs = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startMs) < TimeSpan.FromSeconds(60))
        {
            if (_process.HasExited)
                throw new DemoException($"mosquitto ended at once: {_process.LastOutput}");
            using var probe = new TcpClient();
            try
            {
                probe.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(20);
            }
        }

        throw new DemoException($"mosquitto does not answer on port {Port}: {_process.LastOutput}");
    }

    /// <summary>Has it read its passwords and access list again.</summary>
    public void Reload() => _process?.Signal("HUP");

    /// <summary>Kills it, as a crash would.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _process?.Dispose();
}
