using System.Text;
using Ballast.Mqtt;

namespace Ballast.Virtual.InProcess;

/// <summary>How messages travel between clients and the in-process broker.</summary>
public sealed record TransportOptions
{
    /// <summary>Shortest time of one way, ms.</summary>
    public int DelayMinMs { get; init; } = 2;

    /// <summary>Longest time of one way, ms.</summary>
    public int DelayMaxMs { get; init; } = 40;

    /// <summary>Share of messages that get lost on a way, ‰. At QoS 0 they are gone; at QoS 1 they come <see cref="RetransmitMs"/> later, and what follows waits.</summary>
    public int LossPermille { get; init; }

    /// <summary>What a lost message at QoS 1 costs, ms: TCP sends it again.</summary>
    public int RetransmitMs { get; init; } = 1_000;
}

/// <summary>
/// A broker without sockets, in simulated time: topics with wildcards, retained messages, wills, one order per connection, and a delay
/// and loss that a seed repeats. What mosquitto may do beyond that is not in here.
/// </summary>
/// <param name="time">Simulated time.</param>
/// <param name="options">Delay and loss.</param>
/// <param name="seed">Seed of delay and loss.</param>
public sealed class InProcessBroker(SimTimeline time, TransportOptions options, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Session> _sessions = [];
    private readonly Dictionary<string, Session[]>[] _routes = [[], []];
    private readonly Dictionary<string, (byte[] Payload, int Qos)>[] _kept = [[], []];
    private readonly Dictionary<string, byte[]> _names = [];

    /// <summary>True while it takes connections.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>True while it is cut into two halves that do not hear each other.</summary>
    public bool IsSplit { get; private set; }

    /// <summary>Messages that were delivered.</summary>
    public long Delivered { get; private set; }

    /// <summary>Messages that got lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Clients for whom this is true are in the second half while the broker is split.</summary>
    public Func<string, bool> SecondHalf { get; set; } = _ => false;

    /// <summary>Clients for whom this is true cannot connect: their network is gone.</summary>
    public Func<string, bool> Unreachable { get; set; } = _ => false;

    /// <summary>The broker dies: every connection breaks, and what it kept is gone.</summary>
    public void Kill()
    {
        IsUp = false;
        foreach (Session session in _sessions.ToList())
            Break(session, tellClient: true);
        _kept[0].Clear();
        _kept[1].Clear();
    }

    /// <summary>It takes connections again.</summary>
    public void Start() => IsUp = true;

    /// <summary>Cuts the broker into two halves, each with what was kept so far.</summary>
    public void Split(Func<string, bool> secondHalf)
    {
        SecondHalf = secondHalf;
        IsSplit = true;
        foreach ((string topic, (byte[], int) message) in _kept[0])
            _kept[1][topic] = message;
        foreach (Session session in _sessions)
            session.Half = secondHalf(session.ClientId) ? 1 : 0;
        Forget();
    }

    /// <summary>Joins the halves again; of what both kept, the second half's stays where it is the only one.</summary>
    public void Heal()
    {
        IsSplit = false;
        foreach ((string topic, (byte[], int) message) in _kept[1])
            _kept[0].TryAdd(topic, message);
        _kept[1].Clear();
        foreach (Session session in _sessions)
            session.Half = 0;
        Forget();
    }

    /// <summary>The network of some clients goes away without a word: they notice, and the broker publishes their wills, after 1.5 times their keep-alive.</summary>
    public void Cut(Func<string, bool> clients)
    {
        foreach (Session session in _sessions.Where(s => clients(s.ClientId)).ToList())
        {
            session.Mute = true;
            time.At(time.NowMs + (session.KeepAliveS * 1_500L), () =>
            {
                if (session.Alive)
                {
                    Break(session, tellClient: true);
                    Will(session);
                }
            });
        }
    }

    internal Session? Connect(MqttOptions wanted, IMqttReceiver receiver)
    {
        if (!IsUp || Unreachable(wanted.ClientId))
            return null;
        if (_sessions.Find(s => s.ClientId == wanted.ClientId) is { } older)
        {
            Break(older, tellClient: true);
            Will(older);
        }

        var session = new Session(wanted, receiver) { Half = IsSplit && SecondHalf(wanted.ClientId) ? 1 : 0 };
        _sessions.Add(session);
        Forget();
        time.At(time.NowMs + Delay(), () =>
        {
            if (!session.Alive)
                return;
            receiver.OnConnected();
            foreach ((string topic, (byte[] payload, int qos)) in _kept[session.Half].Where(k => session.Wants(k.Key)).ToList())
                Deliver(session, topic, payload, qos, retained: true);
        });
        return session;
    }

    /// <summary>The client goes: with a word, or as a crash.</summary>
    internal void Leave(Session session, bool withWord)
    {
        if (!session.Alive)
            return;
        Break(session, tellClient: false);
        if (!withWord)
            Will(session);
    }

    internal bool Publish(Session from, string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        if (!from.Alive)
            return false;
        byte[] copy = payload.ToArray();
        if (from.Mute || Loses(qos, out int late))
            return true;
        from.SendDueMs = Math.Max(from.SendDueMs, time.NowMs + Delay() + late);
        time.At(from.SendDueMs, () =>
        {
            if (IsUp && from.Alive)
                Route(from.Half, topic, copy, qos, retain);
        });
        return true;
    }

    private void Will(Session session)
    {
        if (IsUp && session.Will is { } will)
            time.At(time.NowMs, () => Route(session.Half, will.Topic, will.Payload, will.Qos, will.Retain));
    }

    private void Route(int half, string topic, byte[] payload, int qos, bool retain)
    {
        if (retain && payload.Length == 0)
            _kept[half].Remove(topic);
        else if (retain)
            _kept[half][topic] = (payload, qos);
        if (!_routes[half].TryGetValue(topic, out Session[]? to))
            _routes[half][topic] = to = [.. _sessions.Where(s => s.Half == half && s.Wants(topic))];
        foreach (Session session in to)
            Deliver(session, topic, payload, qos, retained: false);
    }

    private void Deliver(Session to, string topic, byte[] payload, int qos, bool retained)
    {
        if (to.Mute || Loses(qos, out int late))
            return;
        to.ReceiveDueMs = Math.Max(to.ReceiveDueMs, time.NowMs + Delay() + late);
        time.At(to.ReceiveDueMs, () =>
        {
            if (!to.Alive || to.Mute)
                return;
            Delivered++;
            if (!_names.TryGetValue(topic, out byte[]? name))
                _names[topic] = name = Encoding.UTF8.GetBytes(topic);
            to.Receiver.OnMessage(name, payload, qos, retained);
        });
    }

    private bool Loses(int qos, out int lateMs)
    {
        lateMs = 0;
        if (options.LossPermille == 0 || _random.Next(1_000) >= options.LossPermille)
            return false;
        Lost++;
        lateMs = options.RetransmitMs;
        return qos == 0;
    }

    private int Delay() => _random.Next(options.DelayMinMs, options.DelayMaxMs + 1);

    private void Break(Session session, bool tellClient)
    {
        session.Alive = false;
        _sessions.Remove(session);
        Forget();
        if (tellClient)
            session.Receiver.OnDisconnected(new MqttConnectResult(MqttConnectCode.Network, "The in-process broker is gone."));
    }

    private void Forget()
    {
        _routes[0].Clear();
        _routes[1].Clear();
    }

    /// <summary>One connection.</summary>
    internal sealed class Session(MqttOptions wanted, IMqttReceiver receiver)
    {
        private readonly string[][] _filters = [.. wanted.Subscriptions.Select(s => s.Filter.Split('/'))];

        public string ClientId => wanted.ClientId;

        public MqttWill? Will => wanted.Will;

        public int KeepAliveS => wanted.KeepAliveS;

        public IMqttReceiver Receiver => receiver;

        public bool Alive { get; set; } = true;

        public bool Mute { get; set; }

        public int Half { get; set; }

        public long SendDueMs { get; set; }

        public long ReceiveDueMs { get; set; }

        public bool Wants(string topic)
        {
            string[] parts = topic.Split('/');
            foreach (string[] filter in _filters)
            {
                if (Matches(filter, parts))
                    return true;
            }

            return false;
        }

        private static bool Matches(string[] filter, string[] parts)
        {
            for (int i = 0; i < filter.Length; i++)
            {
                if (filter[i] == "#")
                    return true;
                if (i >= parts.Length || (filter[i] != "+" && filter[i] != parts[i]))
                    return false;
            }

            return filter.Length == parts.Length;
        }
    }
}
