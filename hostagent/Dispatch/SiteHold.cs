using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <content>
/// The hold: set by an operator, or by a takeover; only an operator lifts it. A host that says good-bye with no limit open and nothing held
/// leaves nothing that its successor would have to know, so then none is set. Of one that died nobody knows what it was told last.
/// </content>
public sealed partial class SiteDispatcher
{
    private const string Operator = "operator";
    private const string Value = "hold";
    private const string FromPrefix = "from:";

    private const string LostAlarm = "limit-lost";

    private string? _takenFrom;
    private bool _holdKept = true;

    /// <summary>An operator's hold: power may fall, nothing rises and nobody is admitted until it is lifted. Survives a restart.</summary>
    public bool Held => _context.RiseHolds.Has(Operator);

    /// <summary>Sets or lifts the hold. False if the journal refused to lift it: what raises must be on the disk first (S19).</summary>
    public bool SetHold(bool held)
    {
        bool kept = _context.Journal.SaveValue(Value, !held ? "0" : _takenFrom is null ? "1" : FromPrefix + _takenFrom);
        _holdKept = kept;
        ShowHold(held || (Held && !kept));
        return kept;
    }

    private bool NothingToLose => !_context.Limits.Open.Any() && !_context.RiseHolds.Any;

    private void StartHold(JournaledState journaled)
    {
        string kept = journaled.Values.GetValueOrDefault(Value, "0");
        _takenFrom = kept.StartsWith(FromPrefix, StringComparison.Ordinal) ? kept[FromPrefix.Length..] : null;
        ShowHold(kept != "0");
    }

    // Orders go on where the other host left them; what it was told by REST stands in its journal only, so nothing may rise above them.
    private void HoldAfter(string hostId)
    {
        _takenFrom = hostId;
        SetHold(true);
        _context.Journal.Note(Value, "set: taken over from " + hostId, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
    }

    // A limit on a node that the configuration does not name any more cannot be held. Whoever set it still counts on it, so nothing rises
    // until an operator has looked; the hold is on the disk before the limit is ended there (S19).
    private void HoldFor(List<JournaledLimit> homeless)
    {
        if (homeless.Count == 0)
        {
            return;
        }

        SetHold(true);
        foreach (JournaledLimit entry in homeless)
        {
            string why = "its node '" + entry.Node + "' is not in the configuration any more";
            _context.Journal.SaveLimit(entry with { State = EventStates.NameOf(EventState.Cancelled), EndUtcMs = _context.Clock.UtcNow.ToUnixTimeMilliseconds(), EndedBy = why, Record = "" });
            _context.Journal.Note(Value, "set: limit " + entry.Id + " of " + entry.Source + " ended, " + why, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
        }

        JournaledLimit first = homeless[0];
        _context.Alarms.Set(
            true,
            LostAlarm,
            "Limit " + first.Id + " of " + first.Source + " was on '" + first.Node + "', which the configuration does not name any more"
                + (homeless.Count > 1 ? ", and " + (homeless.Count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture) + " more limits are like it" : "")
                + ": nothing rises. Set it for another node, then lift the hold.");
    }

    private void ShowHold(bool held)
    {
        if (!held)
        {
            _context.Alarms.Set(false, LostAlarm, "");
        }

        _takenFrom = held ? _takenFrom : null;
        string why = _takenFrom is null ? "An operator holds power where it is."
            : "Taken over from " + _takenFrom + ": limits set there by REST are not known here. Set them again, then lift the hold.";
        _context.RiseHolds.Set(Operator, held ? why : null);
        _context.Alarms.Set(_takenFrom is not null, "taken-over", why);
    }
}
