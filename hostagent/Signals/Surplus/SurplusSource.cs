using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Signals.Surplus;

/// <summary>A cap that follows a surplus; a stale one may only lower it (S17).</summary>
public sealed class SurplusSource : Source
{
    private const long MeterSpanMs = 5000;

    private readonly SurplusSection _section;
    private readonly SurplusFollower _follower;
    private readonly SiteDispatcher _dispatcher;
    private readonly LimitNode _node;
    private readonly Queue<(long AtMs, double Watts)> _metered = new();
    private readonly double _largestW;
    private long _sent = -1;

    internal SurplusSource(SurplusSection section, DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
        : base(section.Id, "surplus", context)
    {
        _section = section;
        _dispatcher = dispatcher;
        _follower = new SurplusFollower(section);
        _node = context.Tree.Find(section.Node) ?? throw new ArgumentException("There is no node '" + section.Node + "'.", nameof(section));
        _largestW = section.LargestW ?? desk.LargestW;
    }

    /// <summary>Topic below the site's root.</summary>
    public string Topic => _section.Topic;

    private string Member => _section.From == "export" ? "exportW" : "powerW";

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        base.Start(journaled);
        ShowWaiting();
    }

    /// <summary>Takes a message; one that is refused changes nothing (S14, F7).</summary>
    public SignalVerdict Take(ReadOnlyMemory<byte> json, bool retained)
    {
        if (retained)
        {
            return Refused("a kept reading has no age");
        }

        if (!TryRead(json, out double watts, out long sent, out RequestFault? fault))
        {
            return Refused(fault!.Sentence);
        }

        // A gateway that restarted may count from a new start: after 10 s of silence its word is taken again.
        long now = Context.Clock.NowMs;
        if (sent <= _sent && !(now - (HeardMs ?? now) > 10_000 && sent != _sent))
        {
            return Refused("its sent is not above the last one");
        }

        if (_section.From == "export")
        {
            if (!Context.Meter.IsFresh(now))
            {
                return Refused("the site meter is stale, so what the load itself draws is not known");
            }

            // Export and meter are not read at the same moment: the lowest of some seconds errs on the side of less.
            NoteMeter(now);
            watts += _metered.Min(m => m.Watts);
        }

        _sent = sent;
        Hear();
        _follower.Hear(watts, now);
        Apply();
        ShowWaiting();
        return new SignalVerdict(true, _follower.Why);
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        long now = Context.Clock.NowMs;
        NoteMeter(now);
        bool stale = IsStale(_section.FreshS);
        Context.Alarms.Set(stale, "source-silent", "Source " + Id + " is silent: its fallback holds and nothing of it is released. Check its link.", Id);
        if (HeardMs is not null || stale)
        {
            _follower.Step(now, !stale);
            Apply();
        }

        ShowWaiting();
    }

    /// <inheritdoc/>
    public override SourceView View() => Common(QualityWithin(_section.FreshS)) with
    {
        FreshS = _section.FreshS,
        FallbackW = _section.FallbackW,
        FallbackHolds = IsStale(_section.FreshS),
        MayRaise = true,
        Node = _node.Id,
        AsksW = _follower.CapW,
        Why = _follower.Why,
    };

    /// <summary>Body as on the topic; empty tells of the present.</summary>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            string quality = QualityWithin(_section.FreshS);
            string heard = quality == SourceQuality.Waiting ? "Nothing was heard on " + _section.Topic + " since the start" : "What " + _section.Topic + " last said is " + quality;
            return new SourceTest(quality == SourceQuality.Good, heard + "; " + _follower.Why + ".", _follower.CapW);
        }

        if (!TryRead(body, out double watts, out _, out RequestFault? fault))
        {
            return SourceTest.Refused(fault!);
        }

        if (_section.From == "export")
        {
            if (!Context.Meter.IsFresh(Context.Clock.NowMs))
            {
                return new SourceTest(false, "The site meter is stale, so what the load itself draws is not known: such a reading would be refused.");
            }

            watts += Context.Meter.Watts;
        }

        double would = Math.Max(0, watts - _section.MarginW);
        bool falls = _follower.CapW is not { } cap || would < cap;
        return new SourceTest(true, Text($"Good: {_node.Id} would be held at {would:0} W {(falls ? "at once" : Text($"after {_section.RiseAfterS} s of such readings"))}. Nothing was done."), would);
    }

    private SignalVerdict Refused(string why)
    {
        string sentence = "Refused: " + why + ".";
        Refuse(sentence);
        return new SignalVerdict(false, sentence);
    }

    private bool TryRead(ReadOnlyMemory<byte> json, out double watts, out long sent, out RequestFault? fault)
    {
        (watts, sent) = (double.NaN, -1);
        fault = new RequestFault("", "this is not {\"" + Member + "\":watts,\"sent\":milliseconds}");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("sent", out JsonElement at) || at.ValueKind != JsonValueKind.Number || !at.TryGetInt64(out sent) || sent < 0)
            {
                fault = new RequestFault("sent", "sent is missing or no whole number of milliseconds");
                return false;
            }

            if (!root.TryGetProperty(Member, out JsonElement power) || power.ValueKind != JsonValueKind.Number)
            {
                fault = new RequestFault(Member, Member + " is missing or no number: give plain watts");
                return false;
            }

            watts = power.GetDouble();
        }
        catch (JsonException)
        {
            return false;
        }

        double least = _section.From == "export" ? -_largestW : 0;
        bool good = watts >= least && watts <= _largestW;
        fault = good ? null : new RequestFault(Member, Text($"{Member} is {watts}, outside {least:0}…{_largestW:0} W: give plain watts, or raise largestW of this source"));
        return good;
    }

    private void NoteMeter(long now)
    {
        if (_section.From == "export" && Context.Meter.IsFresh(now))
        {
            _metered.Enqueue((now, Context.Meter.Watts));
        }

        while (_metered.TryPeek(out (long AtMs, double Watts) first) && now - first.AtMs > MeterSpanMs)
        {
            _metered.Dequeue();
        }
    }

    private void Apply()
    {
        if (_follower.CapW is not { } cap)
        {
            return;
        }

        StandingCap? had = Context.Limits.Standing.FirstOrDefault(s => s.Source == Id);
        Context.Limits.SetStanding(Id, new StandingCap(Id, _node, cap, _section.Class == "reliability" ? OrderClass.Reliability : OrderClass.Economic, _follower.Why));

        // A fall acts now; one below the dead band of step 8 may wait for the next second, so that noise makes no order each time.
        if ((had?.W ?? double.MaxValue) - cap >= 0.003 * Context.FullSiteW)
        {
            _dispatcher.CapChanged();
        }
    }

    // A start raises nothing before each source has spoken or is known to be silent.
    private void ShowWaiting()
        => Context.RiseHolds.Set(Id, QualityWithin(_section.FreshS) == SourceQuality.Waiting ? "Source " + Id + " has not spoken since the start." : null);
}
