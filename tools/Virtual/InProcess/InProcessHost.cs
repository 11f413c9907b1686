using Ballast.Host;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ballast.Virtual.InProcess;

/// <summary>The real host without its process: the same core and loop, driven by simulated time. Kill and start it again on its journal.</summary>
public sealed class InProcessHost : IDisposable
{
    private readonly SiteOptions _options;
    private readonly InProcessBroker _broker;
    private readonly SimTimeline _time;
    private readonly int _seed;
    private InProcessConnection? _connection;
    private HostCore? _core;
    private int _starts;

    internal InProcessHost(SiteOptions options, InProcessBroker broker, SimTimeline time, int seed, IJournal journal)
    {
        _options = options;
        _broker = broker;
        _time = time;
        _seed = seed;
        Journal = journal;
    }

    /// <summary>What survives a crash.</summary>
    public IJournal Journal { get; }

    /// <summary>True while the process would run.</summary>
    public bool IsRunning => _core is not null;

    /// <summary>True if it commands the site.</summary>
    public bool Leads => _core is { Dispatcher.Phase: HostPhase.Leading };

    /// <summary>True while a board's watts are reserved for an admission that is not confirmed yet.</summary>
    public bool IsAdmitting => _core is not null && _core.Context.Fleet.Boards.Any(b => b.Phase is AdmissionPhase.Reserved or AdmissionPhase.Asked);

    /// <summary>The host.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public HostCore Core => _core ?? throw new InvalidOperationException("The host is not running.");

    /// <summary>What its last decision saw.</summary>
    public DispatchPicture Picture => Core.Dispatcher.Picture;

    /// <summary>Starts it on its journal.</summary>
    public void Start()
    {
        _connection = new InProcessConnection(_broker, _time, _seed + (++_starts * 101));
        _core = new HostCore(_options, _connection, Journal, _time, NullLogger<HostCore>.Instance, _seed + _starts);
        _core.Begin();
    }

    /// <summary>Ends it at once, as kill -9 does: nothing is said or written any more.</summary>
    public void Kill()
    {
        _connection?.Crash();
        _core?.Dispose();
        _core = null;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Kill();

    internal void Round() => _core?.Round();
}
