namespace Ballast.Virtual.Oracle;

/// <summary>
/// Watches a site from outside and fails on what must never happen: S16 after the settling time, a board above its effective point,
/// power that rises after an emergency or without admission, a rejected message that changed anything, an order not taken, a lease outlived.
/// It trusts the model's power and its own reading of the messages, never a board's word. Time is handed in. One caller at a time.
/// </summary>
public sealed class SiteOracle
{
    private const int KeptFindings = 200;
    private const long BlindTailMs = 2_000;

    private readonly Lock _gate = new();
    private readonly OracleOptions _options;
    private readonly MessageJudge _judge;
    private readonly SiteWatch _site;
    private readonly Dictionary<string, PodLog> _pods = [];
    private readonly Dictionary<string, BoardWatch> _boards = [];
    private readonly List<Finding> _findings = [];
    private readonly HashSet<(string, string)> _reported = [];

    /// <summary>Makes an oracle for a site whose keys <paramref name="judge"/> knows.</summary>
    public SiteOracle(OracleOptions options, MessageJudge judge)
    {
        _options = options;
        _judge = judge;
        _site = new SiteWatch(options, Stalls);
    }

    /// <summary>Stalls of the machine.</summary>
    public StallLog Stalls { get; } = new();

    /// <summary>Orders and actions read.</summary>
    public int Messages { get; private set; }

    /// <summary>Messages that boards had to leave.</summary>
    public int MessagesToLeave { get; private set; }

    /// <summary>Acknowledgements of orders to pods.</summary>
    public int Acknowledgements { get; private set; }

    /// <summary>State messages.</summary>
    public int States { get; private set; }

    /// <summary>Looks into boards.</summary>
    public int Probes { get; private set; }

    /// <summary>Meter samples.</summary>
    public int Samples { get; private set; }

    /// <summary>Meter samples that were due under a cap.</summary>
    public int SamplesUnderCap => _site.SamplesChecked;

    /// <summary>Findings in all, also those that repeat one that is kept.</summary>
    public int FindingCount { get; private set; }

    /// <summary>True while nothing was found.</summary>
    public bool Held => FindingCount == 0;

    /// <summary>The first finding of each rule and place, oldest first.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get
        {
            lock (_gate)
                return [.. _findings];
        }
    }

    /// <summary>Boards that have taken the newest content of their pod.</summary>
    public int BoardsUnderCommand
    {
        get
        {
            lock (_gate)
                return _boards.Values.Count(b => b.UnderCommand);
        }
    }

    /// <summary>What the newest orders allow the admitted boards, and standby of the others, mW.</summary>
    public long OrderedMw
    {
        get
        {
            lock (_gate)
                return _boards.Values.Sum(b => b.OrderedMw);
        }
    }

    /// <summary>Makes a board known.</summary>
    public void AddBoard(BoardFacts facts)
    {
        lock (_gate)
        {
            var watch = new BoardWatch(facts, Pod(facts.Pod), _options, Stalls);
            _boards[watch.Name] = watch;
            _site.SetFloor(_boards.Values.Sum(b => b.Facts.PowerMw[0] + _options.CoolingMw));
        }
    }

    /// <summary>The grid side set a cap (mW), or released it with null.</summary>
    public void OnCap(long nowMs, long? capMw, GridClass gridClass)
    {
        lock (_gate)
            _site.Cap(nowMs, capMw, gridClass);
    }

    /// <summary>A message arrived on the oracle's own connection; it looks only at orders and actions.</summary>
    /// <returns>The message as judged; null if it was of another kind.</returns>
    public SeenMessage? OnMessage(long nowMs, string topic, ReadOnlySpan<byte> payload, bool retained)
    {
        lock (_gate)
        {
            if (_judge.Judge(nowMs, topic, payload, retained) is not { } message)
                return null;
            Messages++;
            if (message.Judgement != Judgement.Genuine)
                MessagesToLeave++;
            if (message.Board is null)
                Dispatch(message);
            else if (message.Judgement == Judgement.Genuine && _boards.TryGetValue($"{message.Pod}/{message.Board}", out BoardWatch? board))
                board.OnSet(message);
            return message;
        }
    }

    /// <summary>A board acknowledged an order to its pod.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="board">"pod/board".</param>
    /// <param name="pair">Epoch and seq that it names, epoch in the upper half.</param>
    /// <param name="applied">True if it says that it obeys.</param>
    public void OnAck(long nowMs, string board, ulong pair, bool applied)
    {
        lock (_gate)
        {
            Acknowledgements++;
            if (_boards.TryGetValue(board, out BoardWatch? watch) && watch.OnAck(nowMs, pair, applied) is { } finding)
                Report(finding);
        }
    }

    /// <summary>A board published its state.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="board">"pod/board".</param>
    /// <param name="admitted">It says that it is admitted.</param>
    /// <param name="bootNonce">The nonce that it names.</param>
    public void OnState(long nowMs, string board, bool admitted, uint bootNonce)
    {
        lock (_gate)
        {
            States++;
            if (_boards.TryGetValue(board, out BoardWatch? watch) && watch.OnState(nowMs, admitted, bootNonce) is { } finding)
                Report(finding);
        }
    }

    /// <summary>A sample of the site meter, true power, mW.</summary>
    public void OnMeter(long nowMs, long powerMw)
    {
        lock (_gate)
        {
            Samples++;
            if (_site.Sample(nowMs, powerMw) is { } finding)
                Report(finding);
        }
    }

    /// <summary>A look into a board.</summary>
    public void OnProbe(long nowMs, BoardProbe probe)
    {
        lock (_gate)
        {
            Probes++;
            foreach (Finding finding in _boards[$"{probe.Pod}/{probe.Board}"].OnProbe(nowMs, probe))
                Report(finding);
        }
    }

    /// <summary>The machine itself stood still for so long.</summary>
    public void OnStall(long nowMs, long lengthMs)
    {
        lock (_gate)
            Stalls.Add(nowMs, lengthMs);
    }

    /// <summary>The oracle's own connection was lost.</summary>
    public void OnConnectionLost()
    {
        lock (_gate)
        {
            foreach (PodLog pod in _pods.Values)
                pod.Gap();
            foreach (BoardWatch board in _boards.Values)
                board.BlindUntilMs = long.MaxValue;
        }
    }

    /// <summary>The oracle's own connection is up, for the first time or again.</summary>
    public void OnConnected(long nowMs)
    {
        lock (_gate)
        {
            // Boards may have heard until now what the oracle did not; they show it a little later.
            foreach (BoardWatch board in _boards.Values)
                board.BlindUntilMs = board.BlindUntilMs == long.MaxValue ? nowMs + BlindTailMs : 0;
        }
    }

    /// <summary>The broker takes connections again.</summary>
    public void OnBrokerBack(long nowMs)
    {
        lock (_gate)
        {
            foreach (BoardWatch board in _boards.Values)
                board.OnBrokerBack(nowMs);
        }
    }

    private void Dispatch(SeenMessage message)
    {
        Pod(message.Pod).Add(message);
        if (message.Judgement != Judgement.Genuine)
            return;
        _site.Order(message);
        foreach (BoardWatch board in _boards.Values.Where(b => b.Facts.Pod == message.Pod))
            board.OnDispatch(message);
    }

    private PodLog Pod(string pod)
    {
        if (!_pods.TryGetValue(pod, out PodLog? log))
            _pods[pod] = log = new PodLog();
        return log;
    }

    private void Report(Finding finding)
    {
        FindingCount++;
        if (_findings.Count < KeptFindings && _reported.Add((finding.Rule, finding.Where)))
            _findings.Add(finding);
    }
}
