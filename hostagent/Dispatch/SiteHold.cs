using Ballast.Host.Ledger;

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

    private string? _takenFrom;

    /// <summary>An operator's hold: power may fall, nothing rises and nobody is admitted until it is lifted. Survives a restart.</summary>
    public bool Held => _context.RiseHolds.Has(Operator);

    /// <summary>Sets or lifts the hold. False if the journal refused to lift it: what raises must be on the disk first (S19).</summary>
    public bool SetHold(bool held)
    {
        bool kept = _context.Journal.SaveValue(Value, !held ? "0" : _takenFrom is null ? "1" : FromPrefix + _takenFrom);
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

    private void ShowHold(bool held)
    {
        _takenFrom = held ? _takenFrom : null;
        string why = _takenFrom is null ? "An operator holds power where it is."
            : "Taken over from " + _takenFrom + ": limits set there by REST are not known here. Set them again, then lift the hold.";
        _context.RiseHolds.Set(Operator, held ? why : null);
        _context.Alarms.Set(_takenFrom is not null, "taken-over", why);
    }
}
