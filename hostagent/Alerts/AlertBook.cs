using System.Globalization;
using Ballast.Host.Dispatch;
using Ballast.Host.Options;

namespace Ballast.Host.Alerts;

/// <summary>
/// Decides when people are told of alarms. An alarm is told when it has been up for a while, its end when it has been gone for a while;
/// what stays up is told again; what comes and goes is told at most <see cref="MostRaises"/> times in that time, and then again when the
/// time is over, so that it is never lost. Nothing here waits: the caller steps it once a second.
/// <code>
///   quiet ──up──► pending ──raiseAfter──► firing ⇄ clearing ──clearAfter──► quiet
///     ▲              │ gone                  told: raised, repeated             told: cleared, if raised was told
///     └──────────────┘
/// </code>
/// </summary>
public sealed class AlertBook(string site, string host, AlertsSection options)
{
    /// <summary>Most times that one alarm is told as raised within the repeat time.</summary>
    public const int MostRaises = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Code, string Subject), Entry> _entries = [];
    private readonly List<AlertNotice> _waiting = [];
    private readonly Dictionary<string, AlertRuleSection> _rules = options.Rules.GroupBy(r => r.Code).ToDictionary(g => g.Key, g => g.Last());
    private readonly AlertSeverity _least = Enum.Parse<AlertSeverity>(options.Severity, ignoreCase: true);
    private long _firstWaitingMs;
    private long _number;

    private enum Stand
    {
        Quiet,
        Pending,
        Firing,
        Clearing,
    }

    /// <summary>Takes the alarms that are up now.</summary>
    /// <param name="active">All that are up.</param>
    /// <param name="nowMs">Monotonic time.</param>
    /// <param name="utc">Wall clock, for the message.</param>
    /// <returns>A message to send now, or null.</returns>
    public AlertMessage? Step(IEnumerable<Alarm> active, long nowMs, DateTimeOffset utc)
    {
        ArgumentNullException.ThrowIfNull(active);
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                entry.Up = false;
            }

            foreach (Alarm alarm in active)
            {
                See(alarm);
            }

            foreach (Entry entry in _entries.Values)
            {
                Step(entry, nowMs);
            }

            // A quiet one is kept while its history counts, and no longer.
            foreach ((string, string) gone in _entries.Where(e => e.Value.Stand == Stand.Quiet && e.Value.Forgettable(nowMs)).Select(e => e.Key).ToList())
            {
                _entries.Remove(gone);
            }

            return Flush(nowMs, utc);
        }
    }

    /// <summary>Alarms that are followed now, for people.</summary>
    public IReadOnlyList<AlertView> View()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Where(e => e.Stand != Stand.Quiet)
                .OrderByDescending(e => e.Severity).ThenBy(e => e.Alarm.SinceUtc)
                .Select(e => new AlertView(e.Alarm.Code, e.Alarm.Subject, Word(e.Severity), e.Stand.ToString().ToLowerInvariant(), e.Told, e.Alarm.SinceUtc, e.Alarm.Text))];
        }
    }

    /// <summary>Severity as messages say it.</summary>
    internal static string Word(AlertSeverity severity) => severity.ToString().ToLowerInvariant();

    /// <summary>A message with one notice that is no alarm.</summary>
    internal AlertMessage Trial(DateTimeOffset utc)
        => Message([new AlertNotice("raised", "info", "test", "", "This is a test of the alert channels; nothing is wrong.", utc, 0)], utc);

    private void See(Alarm alarm)
    {
        if (!_entries.TryGetValue((alarm.Code, alarm.Subject), out Entry? entry))
        {
            AlertCode code = AlertCodes.Of(alarm.Code);
            AlertRuleSection? rule = _rules.GetValueOrDefault(alarm.Code);
            AlertSeverity severity = rule?.Severity is { } word ? Enum.Parse<AlertSeverity>(word, ignoreCase: true) : code.Severity;
            if (severity < _least || rule?.Mute == true)
            {
                return;
            }

            _entries[(alarm.Code, alarm.Subject)] = entry = new Entry
            {
                Alarm = alarm,
                Severity = severity,
                RaiseMs = (long)((rule?.RaiseAfterS ?? options.RaiseAfterS) * 1000),
                ClearMs = (long)((rule?.ClearAfterS ?? options.ClearAfterS) * 1000),
                RepeatMs = (long)((code.RepeatHours > 0 ? code.RepeatHours * 60 : options.RepeatMinutes) * 60_000),
            };
        }

        entry.Up = true;
        entry.Alarm = alarm;
    }

    private void Step(Entry entry, long nowMs)
    {
        switch (entry.Stand)
        {
            case Stand.Quiet when entry.Up:
                (entry.Stand, entry.SinceMs) = (Stand.Pending, nowMs);
                break;
            case Stand.Pending when !entry.Up:
                entry.Stand = Stand.Quiet;
                entry.Untold += entry.RaisedMs.Count > 0 ? 1 : 0;
                return;
            case Stand.Firing when !entry.Up:
                (entry.Stand, entry.SinceMs) = (Stand.Clearing, nowMs);
                break;
            case Stand.Clearing when entry.Up:
                entry.Stand = Stand.Firing;
                break;
            default:
                break;
        }

        if (entry.Stand == Stand.Pending && nowMs - entry.SinceMs >= entry.RaiseMs)
        {
            entry.Stand = Stand.Firing;
        }

        if (entry.Stand == Stand.Firing && !entry.Told && entry.MayRaise(nowMs))
        {
            entry.RaisedMs.Enqueue(nowMs);
            Tell(entry, "raised", nowMs);
            entry.Told = true;
        }
        else if (entry.Stand == Stand.Firing && entry.Told && nowMs - entry.ToldMs >= entry.RepeatMs)
        {
            Tell(entry, "repeated", nowMs);
        }
        else if (entry.Stand == Stand.Clearing && nowMs - entry.SinceMs >= entry.ClearMs)
        {
            entry.Stand = Stand.Quiet;
            if (entry.Told)
            {
                Tell(entry, "cleared", nowMs);
            }
            else
            {
                entry.Untold++;
            }

            entry.Told = false;
        }
    }

    private void Tell(Entry entry, string state, long nowMs)
    {
        if (_waiting.Count == 0)
        {
            _firstWaitingMs = nowMs;
        }

        entry.ToldMs = nowMs;
        _waiting.Add(new AlertNotice(state, Word(entry.Severity), entry.Alarm.Code, entry.Alarm.Subject, entry.Alarm.Text, entry.Alarm.SinceUtc, entry.Untold));
        entry.Untold = 0;
    }

    private AlertMessage? Flush(long nowMs, DateTimeOffset utc)
    {
        if (_waiting.Count == 0 || nowMs - _firstWaitingMs < options.GroupS * 1000)
        {
            return null;
        }

        AlertMessage message = Message(_waiting, utc);
        _waiting.Clear();
        return message;
    }

    private AlertMessage Message(List<AlertNotice> notices, DateTimeOffset utc) => new()
    {
        Id = host + "-" + utc.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + "-" + (++_number).ToString(CultureInfo.InvariantCulture),
        Site = site,
        Host = host,
        Sent = utc,
        Alerts = [.. notices.OrderByDescending(n => Enum.Parse<AlertSeverity>(n.Severity, ignoreCase: true)).Take(AlertMessage.MostNotices)],
        More = Math.Max(0, notices.Count - AlertMessage.MostNotices),
    };

    private sealed class Entry
    {
        internal required Alarm Alarm;
        internal required AlertSeverity Severity;
        internal required long RaiseMs;
        internal required long ClearMs;
        internal required long RepeatMs;
        internal readonly Queue<long> RaisedMs = new();
        internal Stand Stand;
        internal bool Up;
        internal bool Told;
        internal int Untold;
        internal long SinceMs;
        internal long ToldMs;

        internal bool MayRaise(long nowMs)
        {
            Expire(nowMs);
            return RaisedMs.Count < MostRaises;
        }

        internal bool Forgettable(long nowMs)
        {
            Expire(nowMs);
            return RaisedMs.Count == 0;
        }

        private void Expire(long nowMs)
        {
            while (RaisedMs.TryPeek(out long first) && nowMs - first >= RepeatMs)
            {
                RaisedMs.Dequeue();
            }
        }
    }
}

/// <summary>An alarm as GET /api/alerts shows it.</summary>
/// <param name="Code">Code.</param>
/// <param name="Subject">What it is about; "" for the site.</param>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="State">pending, firing or clearing.</param>
/// <param name="Told">True if people were told.</param>
/// <param name="Since">When it began.</param>
/// <param name="Text">What, and what to do.</param>
public sealed record AlertView(string Code, string Subject, string Severity, string State, bool Told, DateTimeOffset Since, string Text);
