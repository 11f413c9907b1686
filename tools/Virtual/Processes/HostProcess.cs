using System.Diagnostics;
using System.Text.Json.Nodes;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Processes;

/// <summary>Times that a virtual site gives its host, s. The defaults are those of a demo that a person watches.</summary>
public sealed record SiteTimes
{
    /// <summary>Ramp of economic orders.</summary>
    public int RampS { get; init; } = 15;

    /// <summary>Random start of a rise.</summary>
    public int SpreadS { get; init; } = 10;

    /// <summary>Spread of falls at lease end.</summary>
    public int FailSpreadS { get; init; } = 10;

    /// <summary>Lease of an order.</summary>
    public int LeaseS { get; init; } = 60;

    /// <summary>Time between repeats of an order.</summary>
    public int RepeatS { get; init; } = 10;

    /// <summary>Rise of the whole site, W/s; 0 is the host's own default.</summary>
    public int RampUpWPerS { get; init; }
}

/// <summary>The real host agent, started with a configuration of its own, ended by its id.</summary>
public sealed class HostProcess : IDisposable
{
    private readonly ManualResetEventSlim _listening = new();
    private readonly JsonObject _config;
    private ChildProcess? _process;

    /// <summary>Makes the configuration; <see cref="Start"/> starts the program.</summary>
    public HostProcess(
        string directory, string site, int brokerPort, IReadOnlyList<BoardIdentity> boards, int nameplateW, int baseW, SiteTimes times, Action<JsonObject>? configure = null)
    {
        ConfigPath = Path.Combine(directory, "host.json");
        StateDir = Directory.CreateDirectory(Path.Combine(directory, "host-state")).FullName;
        var pods = new JsonArray();
        foreach (IGrouping<string, BoardIdentity> pod in boards.GroupBy(b => b.Pod))
        {
            pods.Add(new JsonObject
            {
                ["id"] = pod.Key,
                ["kid"] = SiteKeys.Kid,
                ["key"] = Convert.ToHexStringLower(pod.First().PodKey),
                ["boards"] = new JsonArray([.. pod.Select(b => (JsonNode)new JsonObject
                {
                    ["id"] = b.Board,
                    ["kid"] = SiteKeys.Kid,
                    ["key"] = Convert.ToHexStringLower(b.BoardKey),
                    ["nameplateW"] = nameplateW,
                })]),
            });
        }

        _config = new JsonObject
        {
            ["site"] = site,
            ["hostId"] = "h1",
            ["stateDir"] = StateDir,
            ["mqtt"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = brokerPort, ["user"] = null, ["password"] = null },
            ["http"] = new JsonObject { ["urls"] = FormattableString.Invariant($"http://127.0.0.1:{FreePorts.Take()}") },
            ["meter"] = new JsonObject { ["topic"] = "meter", ["configured"] = true, ["classErrorPercent"] = 1 },
            ["baseW"] = baseW,
            ["rampS"] = times.RampS,
            ["spreadS"] = times.SpreadS,
            ["failSpreadS"] = times.FailSpreadS,
            ["leaseS"] = times.LeaseS,
            ["repeatS"] = times.RepeatS,
            ["rampUpWPerS"] = times.RampUpWPerS,
            ["pods"] = pods,
        };
        configure?.Invoke(_config);
    }

    /// <summary>Its configuration, written at each start.</summary>
    public string ConfigPath { get; }

    /// <summary>Its folder.</summary>
    public string StateDir { get; }

    /// <summary>Address of its page and REST interface; a second start keeps it.</summary>
    public Uri? Page { get; private set; }

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process?.HasExited ?? true;

    /// <summary>Its process id; 0 before the start.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>Its last lines.</summary>
    public string LastOutput => _process?.LastOutput ?? "";

    /// <summary>Starts it and waits until it listens. The time only bounds a failure: on a busy machine it rehearses for half a minute first.</summary>
    /// <exception cref="DemoException">It is not built, or ended at once.</exception>
    public void Start()
    {
        (string file, string[] arguments) = Find();
        _process?.Dispose();
        _listening.Reset();
        // The directory is readable by its owner only, so the keys are.
        File.WriteAllText(ConfigPath, _config.ToJsonString());
        _process = ChildProcess.Start("host agent", file, [.. arguments, "--config", ConfigPath], Take);
        long start = Stopwatch.GetTimestamp();
        while (!_listening.Wait(100))
        {
            if (_process.HasExited)
                throw new DemoException($"The host agent ended at once: {_process.LastOutput}");
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(150))
                throw new DemoException($"The host agent does not say where it listens: {_process.LastOutput}");
        }
    }

    /// <summary>Kills it, as a crash would.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Stops it where it stands, as a hung machine would: its sockets stay open and nothing answers.</summary>
    public void Freeze() => _process?.Signal("STOP");

    /// <summary>Lets it run on.</summary>
    public void Thaw() => _process?.Signal("CONT");

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process?.Dispose();
        _listening.Dispose();
    }

    private void Take(string line)
    {
        const string Mark = "listening on ";
        int at = line.IndexOf(Mark, StringComparison.Ordinal);
        if (at >= 0 && Uri.TryCreate(line[(at + Mark.Length)..].Trim(), UriKind.Absolute, out Uri? page) && page.Port > 0)
        {
            Page = page;
            _listening.Set();
        }
    }

    // Beside this program when it was published together, otherwise in the host agent's own build output of the same configuration.
    private static (string File, string[] Arguments) Find()
    {
        string here = AppContext.BaseDirectory;
        string configuration = here.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        for (DirectoryInfo? folder = new(here); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
                continue;
            string built = Path.Combine(folder.FullName, "hostagent", "bin", configuration, "net10.0", "Ballast.Host.dll");
            if (File.Exists(built))
                return ("dotnet", [built]);
        }

        // A package brings its own runtime, so the program there starts without dotnet.
        string packaged = Path.Combine(here, "Ballast.Host");
        if (File.Exists(packaged) && File.Exists(Path.Combine(here, "libcoreclr.so")))
            return (packaged, []);

        string beside = Path.Combine(here, "Ballast.Host.dll");
        return File.Exists(beside)
            ? ("dotnet", [beside])
            : throw new DemoException($"The host agent is not built: run dotnet build -c {configuration} hostagent");
    }
}
