using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Tests.Sim;

/// <summary>A message on the way from the host.</summary>
internal sealed record Sent(long AtMs, string Topic, byte[] Payload, int Qos, bool Retain)
{
    internal string Text => Encoding.ASCII.GetString(Payload);

    internal DispatchOrder? Order
    {
        get
        {
            DispatchOrder order = new();
            return Topic.EndsWith("/dispatch", StringComparison.Ordinal) && Envelope.ParseDispatch(Payload, 0, Payload.Length, false, order) == Reject.None ? order : null;
        }
    }

    internal SetMessage? Set
    {
        get
        {
            SetMessage set = new();
            return Topic.EndsWith("/set", StringComparison.Ordinal) && Envelope.ParseSet(Payload, 0, Payload.Length, false, set) == Reject.None ? set : null;
        }
    }
}

/// <summary>A site of toy boards, a toy broker with delays and a meter, around the real dispatcher, in simulated time.</summary>
internal sealed class ToySite : IOrderCarrier
{
    private readonly PriorityQueue<Action, (long Due, long Order)> _due = new();
    private readonly Random _random;
    private readonly IJournal? _store;
    private long _order;
    private long _nextMeterMs;

    internal ToySite(int boards = 24, int pods = 2, int seed = 1, Func<SiteOptions, SiteOptions>? change = null, double ladderErrorSpread = 0, bool start = true, IJournal? store = null)
    {
        _store = store;
        _random = new Random(seed);
        Options = MakeOptions(boards, pods);
        Options = change?.Invoke(Options) ?? Options;
        foreach (PodSection pod in Options.Pods)
        {
            foreach (BoardSection board in pod.Boards)
            {
                double error = ((_random.NextDouble() * 2) - 1) * ladderErrorSpread;
                Boards.Add(new ToyBoard(pod.Id, board.Id, Convert.FromHexString(pod.Key), Convert.FromHexString(board.Key), MakeLadder(_random), _random.Next(), error));
            }
        }

        NewHost(start);
    }

    internal SiteOptions Options { get; set; }

    internal FakeTime Time { get; } = new();

    internal MemoryJournal Journal { get; } = new();

    internal List<ToyBoard> Boards { get; } = [];

    internal List<Sent> Log { get; } = [];

    internal DispatchContext Context { get; private set; } = null!;

    internal SiteDispatcher Dispatcher { get; private set; } = null!;

    internal LimitDesk Desk { get; private set; } = null!;

    public bool IsConnected { get; set; } = true;

    internal bool MeterWorks { get; set; } = true;

    internal bool HostAlive { get; set; } = true;

    internal double MeterFactor { get; set; } = 1;

    internal double BaseW { get; set; }

    internal int DelayMs { get; set; } = 100;

    internal List<string> Order { get; } = [];

    internal Action<ToySite>? EachSecond { get; set; }

    /// <summary>A second host on the same site, or null.</summary>
    internal ToyHost? Second { get; set; }

    /// <summary>Words of hosts that the broker keeps.</summary>
    internal Dictionary<string, byte[]> Kept { get; } = [];

    /// <summary>True: this message never reaches this board, as when its inbox or the broker's queue for it is full.</summary>
    internal Func<ToyBoard, Sent, bool>? Loses { get; set; }

    internal long NowMs { get; private set; }

    internal double PowerW => Boards.Sum(b => b.PowerMw) / 1000;

    internal double FullW => Boards.Where(b => b.Online).Sum(b => b.Ladder.PowerMw(b.Ladder.Count - 1)) / 1000.0;

    internal double StandbyW => Boards.Sum(b => b.Ladder.PowerMw(0)) / 1000.0;

    internal static string Key(int n) => n.ToString("x2", CultureInfo.InvariantCulture).PadLeft(64, '0');

    internal static SiteOptions MakeOptions(int boards, int pods) => new()
    {
        Site = "demo",
        HostId = "h1",
        StateDir = "unused",
        Meter = new MeterSection { Configured = true },
        Pods = [.. Enumerable.Range(1, pods).Select(p => new PodSection
        {
            Id = "p" + p,
            Kid = 1,
            Key = Key(p),
            Boards = [.. Enumerable.Range(0, boards).Where(b => b % pods == p - 1).Select(b => new BoardSection { Id = "b" + b.ToString("00", CultureInfo.InvariantCulture), Kid = 2, Key = Key(100 + (b % 100)), NameplateW = 25 })],
        })],
    };

    internal static Ladder MakeLadder(Random random)
    {
        double scale = 0.95 + (0.1 * random.NextDouble());
        int[] power = [800, (int)(6000 * scale), (int)(9000 * scale), (int)(13000 * scale), (int)(18000 * scale)];
        int[] hash = [0, 450, 700, 960, 1200];
        return Ladder.TryCreate(power, hash, 5, out _)!;
    }

    /// <summary>A host process starts on the journal that there is.</summary>
    internal void NewHost(bool connect = true)
    {
        IJournal store = _store ?? Journal;
        Context = new DispatchContext(Options, Time, this, store, 7);
        Dispatcher = new SiteDispatcher(Context);
        Desk = new LimitDesk(Context, Dispatcher);
        Dispatcher.Start(store.Load());
        HostAlive = true;
        if (connect)
        {
            Connect();
        }
    }

    internal void Connect()
    {
        IsConnected = true;
        Dispatcher.OnConnected();
        foreach ((string topic, byte[] word) in Kept.Where(k => k.Key.Contains("/hosts/", StringComparison.Ordinal)).ToList())
        {
            Dispatcher.OnHost(topic[(topic.LastIndexOf('/') + 1)..], word, true);
        }

        foreach (ToyBoard board in Boards.Where(b => b.Online && NowMs > 0))
        {
            Deliver(board, "birth", board.Birth(), true);
            Deliver(board, "state", board.State(), true);
        }
    }

    public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => IsConnected && Carry(topic, payload, qos, retain);

    internal bool Carry(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        Sent sent = new(NowMs, topic, payload.ToArray(), qos, retain);
        Log.Add(sent);
        Journal.Log.Add("publish " + topic);
        byte[] bytes = Encoding.ASCII.GetBytes(topic);
        if (retain)
        {
            Kept[topic] = sent.Payload;
        }

        if (topic.Contains("/hosts/", StringComparison.Ordinal))
        {
            At(50, () => HostWord(topic[(topic.LastIndexOf('/') + 1)..], sent.Payload, false));
        }

        At(_random.Next(DelayMs / 2, DelayMs + 1), () =>
        {
            foreach (ToyBoard board in Boards)
            {
                string? ack = Loses?.Invoke(board, sent) == true ? null : board.Hear(bytes, sent.Payload, NowMs);
                if (ack is not null)
                {
                    // Contract section 5: acks of a pod order wait by rank.
                    At(board.AckAfterMs + _random.Next(10, DelayMs), () => Deliver(board, "ack", ack, false));
                }
            }
        });
        return true;
    }

    internal void Deliver(ToyBoard board, string kind, string text, bool retained = false)
    {
        if (HostAlive && IsConnected)
        {
            Dispatcher.OnBoard(Encoding.ASCII.GetBytes(board.Name), Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(text), retained);
        }

        if (IsConnected)
        {
            Second?.Dispatcher.OnBoard(Encoding.ASCII.GetBytes(board.Name), Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(text), retained);
        }
    }

    internal void HostWord(string hostId, byte[] payload, bool retained)
    {
        if (HostAlive && IsConnected)
        {
            Dispatcher.OnHost(hostId, payload, retained);
        }

        Second?.Dispatcher.OnHost(hostId, payload, retained);
    }

    /// <summary>The first host's process is killed: the broker publishes its will.</summary>
    internal void KillHost()
    {
        HostAlive = false;
        byte[] will = Dispatcher.HostWill;
        Kept[Dispatcher.HostTopic] = will;
        Second?.Dispatcher.OnHost(Options.HostId, will, false);
    }

    internal void GoOffline(ToyBoard board)
    {
        board.Online = false;
        Deliver(board, "state", "{\"online\":false,\"boardSerial\":\"s\"}");
    }

    internal void At(long inMs, Action action) => _due.Enqueue(action, (NowMs + inMs, _order++));

    internal void Run(double seconds, Func<bool>? until = null)
    {
        long end = NowMs + (long)(seconds * 1000);
        while (NowMs < end && until?.Invoke() != true)
        {
            Time.Advance(100);
            NowMs += 100;
            while (_due.TryPeek(out Action? action, out (long Due, long Order) due) && due.Due <= NowMs)
            {
                _due.Dequeue();
                action!();
            }

            foreach (ToyBoard board in Boards)
            {
                board.Step(NowMs, 100, (kind, text) => At(_random.Next(10, DelayMs + 1), () => Deliver(board, kind, text)));
            }

            if (NowMs >= _nextMeterMs)
            {
                _nextMeterMs = NowMs + 1000;
                double watts = (PowerW + BaseW) * MeterFactor;
                long sent = NowMs;
                if (MeterWorks)
                {
                    At(_random.Next(200, 900), () => Meter(watts, sent));
                }

                EachSecond?.Invoke(this);
            }

            if (HostAlive)
            {
                Dispatcher.Tick();
            }

            Second?.Dispatcher.Tick();
        }
    }

    internal void Meter(double watts, long sent)
    {
        if (HostAlive && IsConnected)
        {
            TakeMeter(Context, watts, sent);
        }

        if (Second is not null)
        {
            TakeMeter(Second.Context, watts, sent);
        }
    }

    private void TakeMeter(DispatchContext context, double watts, long sent)
        => context.Meter.Take(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{watts:0.0},\"sent\":{sent}}}")), context.Clock.NowMs, (context.FullSiteW * 1.2) + Options.BaseW);

    /// <summary>The broker is gone: nothing passes in either direction, and boards keep their leases.</summary>
    internal void BrokerDown()
    {
        IsConnected = false;
        Dispatcher.OnDisconnected();
    }

    internal LimitResult Limit(double watts, string orderClass = "economic", string node = "site", string id = "a", string extra = "", bool mayRaise = true, string? key = null)
        => Desk.Take(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"op\":\"set\",\"id\":\"{id}\",\"class\":\"{orderClass}\",\"node\":\"{node}\",\"limitW\":{watts:0}{extra}}}")), "rest", mayRaise, key);

    /// <summary>Runs until all boards are admitted and the site runs at full power.</summary>
    internal ToySite UpAndRunning()
    {
        Run(400, () => Boards.All(b => b.Admitted || !b.Online) && PowerW > 0.97 * FullW);
        Assert.True(PowerW > 0.97 * FullW, string.Create(CultureInfo.InvariantCulture, $"The site did not come up: {PowerW:0.0} of {FullW:0.0} W, {Boards.Count(b => b.Admitted)} admitted; {Dispatcher.Picture}"));
        Run(60);
        return this;
    }

    internal IEnumerable<Sent> Dispatches => Log.Where(s => s.Order is not null);
}
