using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Events;

/// <summary>A time without a break in which one source that speaks all the time made what held.</summary>
/// <param name="Source">Source: a surplus, the air, or "price".</param>
/// <param name="Node">Node.</param>
/// <param name="Unit">"W" for a cap, "mJ/TH" for the highest number.</param>
/// <param name="FromUtcMs">Start, UTC ms.</param>
/// <param name="ToUtcMs">End, UTC ms.</param>
/// <param name="Lowest">Lowest value.</param>
/// <param name="Highest">Highest value.</param>
/// <param name="Last">Last value.</param>
/// <param name="Why">What the source said last.</param>
/// <param name="GoesOn">True if it was only cut because it lasted.</param>
public sealed record CapPeriod(string Source, string Node, string Unit, long FromUtcMs, long ToUtcMs, double Lowest, double Highest, double Last, string Why, bool GoesOn);

/// <summary>
/// Surplus, air and prices replace what they ask every second, so they are no events; the record of what limited the site would have holes.
/// Here each time without a break becomes one record of the ledger, and a long one is cut every hour. Pauses of less than a minute are none.
/// </summary>
/// <param name="context">The host.</param>
internal sealed class CapPeriods(DispatchContext context)
{
    private const long PauseMs = 60_000;
    private const long CutMs = 3_600_000;

    private readonly Dictionary<(string Source, string Node), Open> _open = [];

    /// <summary>Call it once a second.</summary>
    /// <param name="nowMs">Host's ms.</param>
    /// <param name="leads">True while this host commands the site: what a standby would do is not recorded.</param>
    internal void Tick(long nowMs, bool leads)
    {
        if (leads)
        {
            foreach (StandingCap cap in context.Limits.Standing)
            {
                if (context.Limits.CapOf(cap.Node).Standing == cap)
                {
                    Note(cap.Source, cap.Node.Id, "W", cap.W, cap.Why, nowMs);
                }
            }

            foreach (INumberSource number in context.Numbers)
            {
                if (number.CeilingMjPerTh < int.MaxValue)
                {
                    Note((number as Signals.ISource)?.Id ?? "number", context.Tree.Site.Id, "mJ/TH", number.CeilingMjPerTh, number.Why, nowMs);
                }
            }
        }

        foreach (((string Source, string Node) key, Open open) in _open.ToList())
        {
            if (!leads || nowMs - open.LastMs >= PauseMs)
            {
                Write(key, open, goesOn: false);
                _open.Remove(key);
            }
            else if (open.LastMs - open.FromMs >= CutMs)
            {
                Write(key, open, goesOn: true);
                _open.Remove(key);
            }
        }
    }

    /// <summary>Writes what is open: the host stops.</summary>
    internal void End()
    {
        foreach (((string Source, string Node) key, Open open) in _open)
        {
            Write(key, open, goesOn: false);
        }

        _open.Clear();
    }

    private void Note(string source, string node, string unit, double value, string why, long nowMs)
    {
        long utcMs = context.Clock.UtcNow.ToUnixTimeMilliseconds();
        if (!_open.TryGetValue((source, node), out Open? open))
        {
            _open[(source, node)] = open = new Open { Unit = unit, FromMs = nowMs, FromUtcMs = utcMs, Lowest = value, Highest = value };
        }

        (open.LastMs, open.ToUtcMs, open.Last, open.Why) = (nowMs, utcMs, value, why);
        (open.Lowest, open.Highest) = (Math.Min(open.Lowest, value), Math.Max(open.Highest, value));
    }

    private void Write((string Source, string Node) key, Open open, bool goesOn) => context.Journal.Record(
        RecordKind.Cap, new CapPeriod(key.Source, key.Node, open.Unit, open.FromUtcMs, open.ToUtcMs, open.Lowest, open.Highest, open.Last, open.Why, goesOn));

    private sealed class Open
    {
        internal required string Unit { get; init; }

        internal required long FromMs { get; init; }

        internal required long FromUtcMs { get; init; }

        internal long LastMs { get; set; }

        internal long ToUtcMs { get; set; }

        internal double Lowest { get; set; }

        internal double Highest { get; set; }

        internal double Last { get; set; }

        internal string Why { get; set; } = "";
    }
}
