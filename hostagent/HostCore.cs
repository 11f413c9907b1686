using System.Diagnostics;
using Ballast.Host.Alerts;
using Ballast.Host.Dispatch;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Logs;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Inputs;
using Ballast.Mqtt;

namespace Ballast.Host;

/// <summary>
/// The one loop that owns fleet, limits and dispatch. The broker's thread and web requests hand their work to it; nothing else touches
/// that state.
/// </summary>
public sealed class HostCore : BackgroundService, IHostedLifecycleService, IMqttReceiver, IOrderCarrier
{
    private const int TickMs = 50;
    private const int MostSaid = 5000;

    // Stands for the topic where a signal came over the second broker.
    private static readonly byte[] SecondBroker = [];

    private readonly HostInbox _inbox;
    private readonly IMqttConnection _connection;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger<HostCore> _logger;
    private readonly BrokerLog _brokerLog;
    private readonly byte[] _root;
    private readonly SignalBroker? _signalBroker;

    private readonly byte[][] _readings;
    private readonly Events.CapPeriods _capPeriods;

    private long _sourcesMs;
    private readonly HostWatch _watch;
    private readonly InboxWatch _inboxWatch;

    private HostPhase _phaseSaid;
    private long _alarmsSeen = -1;
    private string? _lastFailure;
    private long _lastPublish;
    private long _heartbeatMs = -1;

    /// <summary>Puts the host together; it connects when it is started. Without inputs, those of the machine are opened if any are configured.</summary>
    public HostCore(SiteOptions options, IMqttConnection connection, IJournal journal, TimeProvider time, ILogger<HostCore> logger, IHostInputs? inputs = null)
        : this(options, connection, journal, time, logger, Environment.TickCount, inputs)
    {
    }

    /// <summary>The same with a seed, for runs that must repeat.</summary>
    internal HostCore(SiteOptions options, IMqttConnection connection, IJournal journal, TimeProvider time, ILogger<HostCore> logger, int seed, IHostInputs? inputs = null)
    {
        _connection = connection;
        _logger = logger;
        _brokerLog = new BrokerLog(logger);
        _inbox = new HostInbox(options.Pods.Sum(p => p.Boards.Count));
        _root = System.Text.Encoding.ASCII.GetBytes("ballast/v1/" + options.Site + "/");
        LoopCounts counts = new();
        Context = new DispatchContext(options, time, this, new MeteredJournal(journal, counts), seed, counts);
        Dispatcher = new SiteDispatcher(Context);
        Desk = new LimitDesk(Context, Dispatcher);
        Sources = new SourceBook(Context, Dispatcher, Desk, inputs, Post);
        _readings = [System.Text.Encoding.ASCII.GetBytes(options.Meter.Topic), .. Sources.Topics.Select(System.Text.Encoding.ASCII.GetBytes)];
        if (options.SignalBroker is not null)
        {
            _signalBroker = new SignalBroker(
                options,
                MqttLibrary.Create(),
                (payload, retained) => _inbox.Put(Lane.Signals, new Work(SecondBroker, payload, retained, null)),
                (up, sentence) => Post(() => Sources.Signals.Link(up, sentence)));
        }

        _capPeriods = new Events.CapPeriods(Context);
        Energy = new EnergyBook(
            [.. Context.Fleet.Pods.Select(p => new EnergyPod(p.Id, [.. p.BoardList.Select(b => (b.Id, b.Energy))]))], options.Meter.Configured, options.Ledger.EnergyMinutes * 60);
        Home = new HomeLink(this);
        Pictures = new PictureTaker(this);
        _watch = new HostWatch(this);
        _inboxWatch = new InboxWatch(_inbox, Context.Alarms);
        Desk.Answered += (source, result) =>
        {
            counts.LimitRequests[(int)result.Outcome]++;
            HostLog.Answered(_logger, source, result);
        };
        Context.Alarms.Raised += alarm => HostLog.Raised(_logger, alarm.Code, alarm.Subject, alarm.Text);
        Context.Alarms.Cleared += alarm => HostLog.Cleared(_logger, alarm.Code, alarm.Subject);
    }

    /// <summary>State; only on the loop.</summary>
    public DispatchContext Context { get; }

    /// <summary>Dispatcher; only on the loop.</summary>
    public SiteDispatcher Dispatcher { get; }

    /// <summary>Limits; only on the loop.</summary>
    public LimitDesk Desk { get; }

    /// <summary>Where limits come from; only on the loop.</summary>
    public SourceBook Sources { get; }

    /// <summary>Energy of boards and site; only on the loop.</summary>
    public EnergyBook Energy { get; }

    /// <summary>What Home Assistant is told; only on the loop.</summary>
    internal HomeLink Home { get; }

    /// <summary>What waits for the loop.</summary>
    internal HostInbox Inbox => _inbox;

    /// <summary>Messages taken in since the start.</summary>
    public long MessagesIn { get; private set; }

    /// <summary>Time since the loop last came round, ms, 0 before it was told to begin; from any thread.</summary>
    public long LoopAgeMs => Volatile.Read(ref _heartbeatMs) is >= 0 and long at ? Environment.TickCount64 - at : 0;

    /// <summary>Completed connects to the broker.</summary>
    public int Connects => _connection.ConnectCount;

    /// <summary>Messages and requests whose handling failed with an error of the host itself.</summary>
    public long HandlerFailures => Context.Counts.HandlerFailures + _connection.HandlerFailures;

    /// <summary>What the last of those was, or null.</summary>
    public string? LastHandlerFailure => _lastFailure ?? _connection.LastHandlerFailure;

    /// <summary>Alarms that are up, as of the last second; from any thread.</summary>
    internal IReadOnlyList<Alarm> ActiveAlarms { get; private set; } = [];

    /// <summary>Certificates that the host was given; from any thread.</summary>
    internal IReadOnlyList<CertificateLife> Certificates { get; set; } = [];

    /// <summary>What scrapes show.</summary>
    internal PictureTaker Pictures { get; }

    /// <inheritdoc/>
    public bool IsConnected => _connection.IsConnected;

    /// <summary>How the last attempt to reach the broker ended.</summary>
    public MqttConnectResult Broker => _connection.LastResult;

    /// <summary>Runs work on the loop and gives back its result.</summary>
    public Task<T> Ask<T>(Func<HostCore, T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool taken = _inbox.Put(Lane.Asks, new Work(null, null, false, () =>
        {
            try
            {
                answer.SetResult(question(this));
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        }));
        if (!taken)
        {
            answer.SetException(new InvalidOperationException("The host is stopping."));
        }

        return answer.Task;
    }

    /// <inheritdoc/>
    public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        bool taken = _connection.Publish(topic, payload, qos, retain) == MqttPublishResult.Taken;
        _lastPublish = Stopwatch.GetTimestamp();
        return taken;
    }

    void IMqttReceiver.OnConnected() => _inbox.Put(Lane.Words, new Work(null, null, false, () =>
    {
        _brokerLog.Connected(_connection.LastResult.Sentence, Context.Clock.NowMs);
        Dispatcher.OnConnected();
    }));

    void IMqttReceiver.OnDisconnected(MqttConnectResult reason) => _inbox.Put(Lane.Words, new Work(null, null, false, () =>
    {
        _brokerLog.Lost(reason.Sentence, Context.Clock.NowMs);
        Dispatcher.OnDisconnected();
    }));

    void IMqttReceiver.OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        // Longer than anything the contract knows: dropped before it costs memory.
        if (payload.Length <= 4096)
        {
            _inbox.Put(TopicRouter.LaneOf(topic, _root, _readings), new Work(topic.ToArray(), payload.ToArray(), retained, null));
        }
        else
        {
            Interlocked.Increment(ref Context.Counts.Oversize);
        }
    }

    /// <summary>
    /// The web server listens, so its addresses are this host's: now the loop may begin. A second host that was started by mistake ends at the
    /// taken address, before it takes the first one's session at the broker.
    /// </summary>
    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _heartbeatMs, Environment.TickCount64);
        _listening.TrySetResult();
        return Task.CompletedTask;
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _listening.Task.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The start failed or was given up: nothing has begun.
            return;
        }

        Begin();
        using Timer timer = new(_ => _inbox.Wake(), null, TickMs, TickMs);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _inbox.Wait(stoppingToken);
                Round();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is being stopped.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Reads the journal and starts connecting. Once, before the first <see cref="Round"/>.</summary>
    internal void Begin()
    {
        Context.Alarms.Set(Context.Options.Pods.Count == 0, "no-pods", "The configuration has no pods, so this host commands nobody: add each pod with its key and boards.");
        JournaledState journaled = Context.Journal.Load();
        Dispatcher.Start(journaled);
        Sources.Start(journaled);
        Home.Start(journaled);
        string root = "ballast/v1/" + Context.Options.Site + "/";
        MqttSection mqtt = Context.Options.Mqtt;
        _connection.Start(
            new MqttOptions
            {
                ClientId = "ballast-host-" + Context.Options.Site + "-" + Context.Options.HostId,
                Host = mqtt.Host,
                Port = mqtt.Port,
                User = mqtt.User,
                Password = mqtt.Password,
                KeepAliveS = Math.Max(5, Context.Options.KeepAliveS),
                Tls = mqtt.CaFile is null ? null : new MqttTls(mqtt.CaFile, mqtt.CertificateFile, mqtt.KeyFile),
                Will = new MqttWill(Dispatcher.HostTopic, Dispatcher.HostWill),
                Subscriptions =
                [
                    new(root + "hosts/+"), new(root + "+/+/birth"), new(root + "+/+/state"), new(root + "+/+/telemetry", 0),
                    new(root + "+/+/ack"), new(root + "+/+/event"), new(root + Context.Options.Meter.Topic, 0), new(root + "+/meter", 0), new(root + "grid/signal"),
                    .. Sources.Topics.Select(t => new MqttSubscription(root + t, 0)),
                    .. Home.Subscriptions,
                ],
                ReconnectMinMs = 250,
                ReconnectMaxMs = 1000,
            },
            this);
        _signalBroker?.Start();
        Sources.StartReading();
    }

    /// <summary>Takes in what has arrived and does what is due. The loop calls it; a simulation that owns time does so instead of the loop.</summary>
    internal void Round()
    {
        long startedAt = Stopwatch.GetTimestamp();
        TakeIn();
        Volatile.Write(ref _heartbeatMs, Environment.TickCount64);
        Sources.Watch();
        long now = Context.Clock.NowMs;
        bool second = now >= _sourcesMs;
        if (second)
        {
            _sourcesMs = now + 1000;
            _inboxWatch.Step(now);
            Sources.Tick();
            Energy.Tick(now, Context.Clock.UtcNow.ToUnixTimeMilliseconds());
            _capPeriods.Tick(now, Dispatcher.Phase == HostPhase.Leading);
        }

        Dispatcher.Tick();

        // One record a round: the end of an interval never holds the loop.
        Energy.WriteOne(Context.Journal);
        if (second)
        {
            Home.Tick();
            _watch.Step(now);
            Publish(now);
        }

        Context.Counts.RoundSeconds?.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    /// <summary>Says good-bye to the broker and takes nothing more in.</summary>
    internal void End()
    {
        _inbox.Close();
        Dispatcher.Stop();
        _connection.Close();
        _signalBroker?.Dispose();
        Sources.Dispose();
        _capPeriods.End();
        Energy.End(Context.Clock.NowMs);
        while (Energy.WriteOne(Context.Journal))
        {
            // The last interval of this run; a journal that refuses ends it.
        }
    }

    private void Post(Action action) => _inbox.Put(Lane.Asks, new Work(null, null, false, action));

    // Requests and signed limits first: neither waits behind what boards say (F29).
    private void TakeIn()
    {
        bool more = false;
        foreach (Lane urgent in (ReadOnlySpan<Lane>)[Lane.Asks, Lane.Signals])
        {
            int done = 0;
            for (; done < HostInbox.MostUrgent && _inbox.TryTake(urgent, out Work work); done++)
            {
                Do(work);
            }

            more |= done == HostInbox.MostUrgent;
        }

        int said = 0;
        for (; said < MostSaid && _inbox.TryTakeSaid(out Work work); said++)
        {
            Do(work);
        }

        if (more || said == MostSaid)
        {
            _inbox.Wake();
        }
    }

    // What other threads read.
    private void Publish(long now)
    {
        if (_alarmsSeen != Context.Alarms.Version)
        {
            (_alarmsSeen, ActiveAlarms) = (Context.Alarms.Version, [.. Context.Alarms.Active]);
        }

        if (_phaseSaid != Dispatcher.Phase)
        {
            _phaseSaid = Dispatcher.Phase;
            HostLog.Phase(_logger, _phaseSaid.ToString().ToLowerInvariant(), Context.Sender.Epoch, Dispatcher.WhyNotLeading ?? "it commands the boards.");
        }

        Pictures.Take(now);
    }

    private void Do(in Work work)
    {
        long changes = Dispatcher.OrderChanges;
        try
        {
            if (work.Action is not null)
            {
                work.Action();
            }
            else if (work.Topic == SecondBroker)
            {
                MessagesIn++;
                Sources.Signals.Take(work.Payload!, work.Retained, SignalPath.Grid);
            }
            else if (work.Topic is not null)
            {
                MessagesIn++;
                TopicRouter.Route(this, work.Topic.AsSpan(), _root, work.Payload!, work.Retained);
            }
        }
        catch (Exception error)
        {
            // One bad message must not stop the loop that curtails the site.
            Context.Counts.HandlerFailures++;
            _lastFailure = error.GetType().Name + ": " + error.Message;
            HostLog.Failed(_logger, error);
        }

        if (Dispatcher.OrderChanges != changes && _lastPublish >= work.At)
        {
            Context.Counts.DecisionSeconds?.Record(Stopwatch.GetElapsedTime(work.At, _lastPublish).TotalSeconds);
        }
    }
}
