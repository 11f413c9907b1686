namespace Ballast.Host.Limits;

/// <summary>
/// Reasons for which nothing may rise: an operator's hold, a source that was not read again after a start. Power may still fall. Only the
/// host's loop calls this.
/// </summary>
public sealed class RiseHolds
{
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>The reasons by who holds.</summary>
    public IReadOnlyDictionary<string, string> All => _reasons;

    /// <summary>True if nothing may rise.</summary>
    public bool Any => _reasons.Count > 0;

    /// <summary>Holds, or lets go with null.</summary>
    /// <param name="who">Id of the source, or "operator".</param>
    /// <param name="why">A sentence for the page, or null to let go.</param>
    public void Set(string who, string? why)
    {
        if (why is null)
        {
            _reasons.Remove(who);
        }
        else
        {
            _reasons[who] = why;
        }
    }

    /// <summary>True if this one holds.</summary>
    public bool Has(string who) => _reasons.ContainsKey(who);
}
