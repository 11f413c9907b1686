using System.Globalization;
using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Signals;

/// <summary>A source of limits as the API shows it.</summary>
public sealed record SourceView(string Id, bool Fresh, long? AgeMs, double? FallbackW, bool FallbackHolds, bool MayRaise, uint LastSeq, long Taken, long Refused, string LastRefusal);

/// <summary>What came of a signal.</summary>
/// <param name="Taken">True if it was good.</param>
/// <param name="Sentence">What was done, or why not.</param>
public sealed record SignalVerdict(bool Taken, string Sentence);

/// <summary>
/// Signed limits on `grid/signal` (contract section 6). Checks in the order of section 2; a message that fails changes nothing but a
/// counter (S14). A silent source means its fallback in addition to what holds; its loss never releases (S17).
/// </summary>
public sealed class SignalDesk
{
    private readonly DispatchContext _context;
    private readonly SiteDispatcher _dispatcher;
    private readonly LimitDesk _desk;
    private readonly byte[] _topic;
    private readonly GridSignal _signal = new();
    private readonly List<Source> _sources = [];

    /// <summary>Makes the sources of the configuration; none has spoken yet.</summary>
    public SignalDesk(DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _dispatcher = dispatcher;
        _desk = desk;
        _topic = Encoding.ASCII.GetBytes("ballast/v1/" + context.Options.Site + "/grid/signal");
        foreach (SourceSection section in context.Options.Sources)
        {
            _sources.Add(new Source(section));
        }
    }

    /// <summary>Messages that no source could be found for.</summary>
    public long Unknown { get; private set; }

    /// <summary>Takes the sequence numbers of earlier runs.</summary>
    public void Start(JournaledState journaled)
    {
        ArgumentNullException.ThrowIfNull(journaled);
        foreach (Source source in _sources)
        {
            if (journaled.Values.TryGetValue(source.SeqName, out string? seq))
            {
                source.LastSeq = uint.Parse(seq, CultureInfo.InvariantCulture);
                source.HasSeq = true;
            }

            source.HeardMs = _context.Clock.NowMs;
        }
    }

    /// <summary>Takes a message; with <paramref name="dryRun"/> it only says what it would do.</summary>
    public SignalVerdict Take(byte[] payload, bool retained, bool dryRun = false)
    {
        Reject reject = Envelope.ParseGridSignal(payload, 0, payload.Length, retained, _signal);
        if (reject != Reject.None)
        {
            Unknown += dryRun ? 0 : 1;
            return new SignalVerdict(false, "Refused: " + RejectName.Of(reject) + ". See the contract, section 6.");
        }

        string id = Encoding.ASCII.GetString(payload, _signal.Source.Off, _signal.Source.Length);
        Source? source = _sources.Find(s => s.Section.Id == id && s.Section.Kid == _signal.Kid);
        if (source is null)
        {
            Unknown += dryRun ? 0 : 1;
            return new SignalVerdict(false, "Refused: no source '" + id + "' with key " + _signal.Kid + " is configured.");
        }

        SignalVerdict verdict = Check(source, payload) ?? (dryRun ? new SignalVerdict(true, "Good: source, key, sequence, MAC and time are right. Nothing was done.") : Do(source, payload));
        if (!dryRun)
        {
            source.Taken += verdict.Taken ? 1 : 0;
            source.Refused += verdict.Taken ? 0 : 1;
            source.LastRefusal = verdict.Taken ? source.LastRefusal : verdict.Sentence;
        }

        return verdict;
    }

    /// <summary>Sets the fallback of sources that fell silent, and ends it when they are back. Call it once a second.</summary>
    public void Step()
    {
        long now = _context.Clock.NowMs;
        foreach (Source source in _sources)
        {
            bool stale = now - source.HeardMs > source.Section.FreshS * 1000L;
            _context.Alarms.Set(stale, "source-silent", "Source " + source.Section.Id + " is silent: its fallback holds and nothing of it is released. Check its link.", source.Section.Id);
            if (source.Section.FallbackW is not { } watts || stale == source.FallbackHolds)
            {
                continue;
            }

            string name = "fallback-" + source.Section.Id;
            if (stale)
            {
                string body = string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"{name}\",\"class\":\"reliability\",\"limitW\":{Math.Min(watts, _desk.LargestW):0},\"reason\":\"{source.Section.Id} is silent\"}}");
                source.FallbackHolds = _desk.Take(Encoding.ASCII.GetBytes(body), "host", true, null, toStandby: true).Limit is not null;
            }
            else
            {
                source.FallbackHolds = _desk.Release(name, "host", true, toStandby: true).Outcome is LimitOutcome.JournalDown;
            }
        }
    }

    /// <summary>All sources.</summary>
    public IReadOnlyList<SourceView> View()
    {
        long now = _context.Clock.NowMs;
        return [.. _sources.Select(s => new SourceView(
            s.Section.Id, now - s.HeardMs <= s.Section.FreshS * 1000L, s.Taken > 0 ? now - s.HeardMs : null, s.Section.FallbackW, s.FallbackHolds, s.Section.MayRaise, s.LastSeq, s.Taken, s.Refused, s.LastRefusal))];
    }

    private SignalVerdict? Check(Source source, byte[] payload)
    {
        if (source.HasSeq && _signal.Seq <= source.LastSeq)
        {
            return new SignalVerdict(false, "Refused: seq " + _signal.Seq + " is not above " + source.LastSeq + ".");
        }

        if (!Envelope.VerifyMac(payload, 0, payload.Length, _topic, _topic.Length, source.Mac))
        {
            return new SignalVerdict(false, "Refused: the MAC is wrong.");
        }

        long ageMs = _context.Clock.UtcNow.ToUnixTimeMilliseconds() - _signal.SentMs;
        return Math.Abs(ageMs) > source.Section.FreshS * 1000L
            ? new SignalVerdict(false, "Refused: it was sent " + (ageMs / 1000).ToString(CultureInfo.InvariantCulture) + " s ago by its own clock, and " + source.Section.FreshS + " s are allowed. Check both clocks.")
            : null;
    }

    private SignalVerdict Do(Source source, byte[] payload)
    {
        // Journaled before effect, so that a replay after a crash finds its number used; a fall happens even if the disk is full.
        bool kept = _context.Journal.SaveValue(source.SeqName, _signal.Seq.ToString(CultureInfo.InvariantCulture));
        source.LastSeq = _signal.Seq;
        source.HasSeq = true;
        source.HeardMs = _context.Clock.NowMs;
        if (_signal.Op == GridOp.Heartbeat)
        {
            return new SignalVerdict(true, "Heartbeat.");
        }

        bool mayRaise = source.Section.MayRaise && kept;
        LimitResult result = _desk.Take(payload, source.Section.Id, mayRaise, null, toStandby: true);
        if (result.Outcome == LimitOutcome.Released || result.Raised)
        {
            _dispatcher.HoldRises(source.Section.DebounceS * 1000L);
        }

        return result.Outcome is LimitOutcome.Created or LimitOutcome.NotDurable or LimitOutcome.Released
            ? new SignalVerdict(true, result.Outcome.ToString())
            : new SignalVerdict(false, result.Fault?.Sentence ?? result.Outcome.ToString());
    }

    private sealed class Source(SourceSection section)
    {
        internal SourceSection Section { get; } = section;

        internal HmacSha256 Mac { get; } = new(Convert.FromHexString(section.Key));

        internal string SeqName { get; } = "seq/" + section.Id + "/" + section.Kid.ToString(CultureInfo.InvariantCulture);

        internal uint LastSeq { get; set; }

        internal bool HasSeq { get; set; }

        internal long HeardMs { get; set; }

        internal bool FallbackHolds { get; set; }

        internal long Taken { get; set; }

        internal long Refused { get; set; }

        internal string LastRefusal { get; set; } = "";
    }
}
