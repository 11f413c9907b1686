using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Signals;

/// <summary>
/// One source of signed limits. A silent one means its fallback in addition to what holds; its loss never releases (S17).
/// With a second broker, one of the two has precedence: while this source was heard over that one within its freshness, over the other it
/// may only lower. What counts is when it was heard, not which link is up, so a link that flaps changes nothing. Both share one sequence: a
/// second copy of the last message only shows that the other way works.
/// </summary>
public sealed class SignalSource : Source
{
    private static readonly TimeSpan PatientFor = TimeSpan.FromDays(7);

    private readonly SourceSection _section;
    private readonly SiteDispatcher _dispatcher;
    private readonly LimitDesk _desk;
    private readonly SignalDesk _signals;
    private readonly List<SignalKey> _keys = [];
    private readonly string _fallbackName;
    private JournaledState? _journaled;
    private readonly long?[] _pathMs = new long?[2];
    private bool _fallbackHolds;

    internal SignalSource(SourceSection section, DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk, SignalDesk signals)
        : base(section.Id, "signal", context)
    {
        _section = section;
        _dispatcher = dispatcher;
        _desk = desk;
        _signals = signals;
        _fallbackName = "fallback-" + section.Id;
        TakeKeys();
        dispatcher.Keys.Sources.Changed += id =>
        {
            if (id == Id)
            {
                TakeKeys();
            }
        };
    }

    /// <summary>True if its messages may come under a key of this number: two during a rotation.</summary>
    internal bool Reads(int kid) => KeyOf(kid) is not null;

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        base.Start(journaled);
        _journaled = journaled;
        _keys.ForEach(k => k.Resume(journaled));
        _fallbackHolds = Context.Limits.Find("host", _fallbackName) is { State: EventState.Active or EventState.Scheduled };
    }

    /// <summary>Sets the fallback when it fell silent, and ends it when it is back.</summary>
    public override void Tick()
    {
        bool stale = IsStale(_section.FreshS);
        Context.Alarms.Set(stale, "source-silent", "Source " + Id + " is silent: its fallback holds and nothing of it is released. Check its link.", Id);
        Context.Alarms.Set(
            _dispatcher.Keys.Sources.Ring(Id)?.Rotation is { } rotation && Context.Clock.UtcNow - rotation.BegunUtc > PatientFor,
            "keys",
            "Source " + Id + " has a new key for more than a week and still uses the old one: give it the new one, or take the old one away with 'ballast keys drop'.",
            "source/" + Id);
        if (_section.FallbackW is not { } watts)
        {
            return;
        }

        if (stale && !_fallbackHolds)
        {
            string body = Text($"{{\"id\":\"{_fallbackName}\",\"class\":\"reliability\",\"limitW\":{Math.Min(watts, _desk.LargestW):0},\"reason\":\"{Id} is silent\"}}");
            _fallbackHolds = _desk.Take(Encoding.ASCII.GetBytes(body), "host", true, null, toStandby: true).Limit is not null;
        }
        else if (!stale && _fallbackHolds && HeardMs is not null)
        {
            // Only its own word ends it: a restart of this host does not (S17).
            _fallbackHolds = _desk.Release(_fallbackName, "host", true, toStandby: true).Outcome is LimitOutcome.JournalDown;
        }
    }

    /// <inheritdoc/>
    public override SourceView View() => WithLimits(Common(QualityWithin(_section.FreshS)), l => l.Entry.Source == Id || l.Entry.Id == _fallbackName) with
    {
        FreshS = _section.FreshS,
        FallbackW = _section.FallbackW,
        FallbackHolds = _fallbackHolds,
        MayRaise = _section.MayRaise,
        Via = Context.Options.SignalBroker is null ? null : ViaText(),
    };

    /// <inheritdoc/>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        if (!body.IsEmpty)
        {
            return _signals.Try(body.ToArray(), Id);
        }

        string age = HeardMs is { } at ? Text($"it last spoke {(Context.Clock.NowMs - at) / 1000} s ago") : "it has not spoken since the start";
        string silent = _section.FallbackW is { } watts ? Text($"silent for {_section.FreshS} s it would mean at most {watts:0} W") : "silent it keeps what holds";
        bool linked = Context.Carrier.IsConnected;
        return new SourceTest(
            linked && !IsStale(_section.FreshS),
            (linked ? "The broker is reached" : "The broker is not reached: check mqtt in the configuration")
                + (Context.Options.SignalBroker is null ? "" : _signals.GridLinked ? ", the second one too" : ", the second one is not: check signalBroker") + "; " + age + "; " + silent + ". Send a signed message as the body to have it checked.");
    }

    internal RequestFault? Check(GridSignal signal, byte[] payload, byte[] topic)
    {
        SignalKey key = KeyOf(signal.Kid)!;
        if (signal.Seq <= key.LastSeq)
        {
            return new RequestFault("seq", "Refused: seq " + signal.Seq + " is not above " + key.LastSeq + ".");
        }

        if (!Envelope.VerifyMac(payload, 0, payload.Length, topic, topic.Length, key.Mac))
        {
            return new RequestFault("mac", "Refused: the MAC is wrong.");
        }

        long ageMs = Context.Clock.UtcNow.ToUnixTimeMilliseconds() - signal.SentMs;
        return Math.Abs(ageMs) > _section.FreshS * 1000L
            ? new RequestFault("sent", Text($"Refused: it was sent {ageMs / 1000} s ago by its own clock, and {_section.FreshS} s are allowed. Check both clocks."))
            : null;
    }

    internal SourceTest Try(GridSignal signal, byte[] payload, byte[] topic)
        => Check(signal, payload, topic) is { } fault ? SourceTest.Refused(fault)
            : signal.Op == GridOp.Heartbeat ? new SourceTest(true, "Good: source, key, sequence, MAC and time are right. Nothing was done.")
            : LimitTrial.Of(payload, Context, _desk.LargestW, _section.MayRaise);

    internal SignalVerdict Take(GridSignal signal, byte[] payload, byte[] topic, SignalPath path)
    {
        SignalKey key = KeyOf(signal.Kid)!;
        if (signal.Seq == key.LastSeq && Context.Options.SignalBroker is not null && _pathMs[1 - (int)path] is not null
            && Envelope.VerifyMac(payload, 0, payload.Length, topic, topic.Length, key.Mac) && !IsStale(_section.FreshS))
        {
            _pathMs[(int)path] = Context.Clock.NowMs;
            return new SignalVerdict(true, "A copy of the last message over the other broker.");
        }

        SignalVerdict verdict = Check(signal, payload, topic) is { } fault ? new SignalVerdict(false, fault.Sentence) : Do(signal, payload, path);
        if (!verdict.Taken)
        {
            Refuse(verdict.Sentence);
        }

        return verdict;
    }

    private SignalKey? KeyOf(int kid) => _keys.Find(k => k.Kid == kid);

    // The store's keys count, those of the configuration where it has none. What a key has reached stays with it.
    private void TakeKeys()
    {
        List<SignalKey> had = [.. _keys];
        _keys.Clear();
        foreach ((int kid, string key) in _dispatcher.Keys.Sources.Ring(Id)?.Keys.Select(k => (k.Kid, k.Key)) ?? [(_section.Kid, _section.Key)])
        {
            _keys.Add(had.Find(k => k.Kid == kid) ?? new SignalKey(Id, kid, key, _journaled));
        }
    }

    private static string NameOf(SignalPath path) => path == SignalPath.Grid ? "second broker" : "site's broker";

    private SignalPath Preferred => Context.Options.SignalPrecedence == "site" ? SignalPath.Site : SignalPath.Grid;

    private bool HeardOver(SignalPath path) => _pathMs[(int)path] is { } at && Context.Clock.NowMs - at <= _section.FreshS * 1000L;

    private string ViaText() => string.Join("; ", Enum.GetValues<SignalPath>().Select(p =>
        NameOf(p) + (_pathMs[(int)p] is { } at ? Text($" {(Context.Clock.NowMs - at) / 1000} s ago") : " not heard") + (p == Preferred ? " (has precedence)" : "")));

    private SignalVerdict Do(GridSignal signal, byte[] payload, SignalPath path)
    {
        // Journaled before effect, so that a replay after a crash finds its number used; a fall happens even if the disk is full.
        SignalKey key = KeyOf(signal.Kid)!;
        bool kept = Context.Journal.SaveValue(key.Name, signal.Seq.ToString(CultureInfo.InvariantCulture));
        key.LastSeq = signal.Seq;
        _pathMs[(int)path] = Context.Clock.NowMs;
        if (signal.Op == GridOp.Heartbeat)
        {
            Hear();
            _dispatcher.Keys.Sources.Spoke(Id, key.Kid);
            return new SignalVerdict(true, "Heartbeat.");
        }

        bool lowerOnly = Context.Options.SignalBroker is not null && path != Preferred && HeardOver(Preferred);
        LimitResult result = _desk.Take(payload, Id, _section.MayRaise && kept && !lowerOnly, null, toStandby: true);
        if (result.Outcome == LimitOutcome.Released || result.Raised)
        {
            _dispatcher.HoldRises(_section.DebounceS * 1000L);
        }

        // After what falls: its store is a file.
        _dispatcher.Keys.Sources.Spoke(Id, key.Kid);
        bool taken = result.Outcome is LimitOutcome.Created or LimitOutcome.NotDurable or LimitOutcome.Released;
        Hear(taken);
        if (result.Outcome == LimitOutcome.Forbidden && lowerOnly && _section.MayRaise)
        {
            return new SignalVerdict(false, "Refused: the " + NameOf(Preferred) + " has precedence while this source is heard there; over the " + NameOf(path) + " it may only lower.");
        }

        return taken ? new SignalVerdict(true, result.Outcome.ToString()) : new SignalVerdict(false, result.Fault?.Sentence ?? result.Outcome.ToString());
    }
}
