using Ballast.Host.Dispatch;
using Ballast.Host.Options;

namespace Ballast.Host.Keys;

/// <summary>
/// Changes keys of signed sources while the site runs. The host only reads under them, so both count from the rotation on; the first good
/// message under the new one retires the old one, or an operator drops it. The store has each step before it counts.
/// <code>
///   one key ──rotate──► both are read ──first message under the new one, or drop──► one key
/// </code>
/// </summary>
public sealed class SourceKeys
{
    private readonly DispatchContext _context;
    private readonly SecretStore? _store;

    internal SourceKeys(DispatchContext context)
    {
        _context = context;
        _store = context.Options.Store;
    }

    /// <summary>Says that the keys of a source changed.</summary>
    internal event Action<string>? Changed;

    /// <summary>The source that a node of the interface means, or null: its id, or "source/ID" where a pod has the same.</summary>
    internal string? Find(string node)
        => _context.Tree.Find(node) is not null ? null
            : _context.Options.Sources.FirstOrDefault(s => s.Id == node || SecretSet.OfSource(s.Id) == node)?.Id;

    /// <summary>The keys of a source: those of the store, else null.</summary>
    internal KeyRing? Ring(string id) => _store?.Current.Ring(SecretSet.OfSource(id));

    /// <summary>Draws a new key, which counts beside the old one from now on. A new one that nothing was heard under yet is replaced.</summary>
    /// <returns>Null if done; else what is wrong and what to do. Then nothing changed.</returns>
    internal string? Rotate(string id, string who)
        => Missing(id) ?? Change(id, set => KeyPlan.RotateSource(set, id, _context.Clock.UtcNow), "rotation of source " + id + " begun by " + who);

    /// <summary>The old key counts no more.</summary>
    /// <returns>Null if done; else what is wrong and what to do. Then nothing changed.</returns>
    internal string? Drop(string id, string who)
        => Missing(id) ?? (Ring(id)!.Rotation is { } rotation
            ? Change(id, set => KeyPlan.FinishSource(set, id), "key " + rotation.OldKid + " of source " + id + " dropped by " + who)
            : "Source " + id + " has one key only, and dropping it would leave none: 'ballast keys rotate' gives it another first.");

    /// <summary>A good message came under a key.</summary>
    internal void Spoke(string id, int kid)
    {
        if (Ring(id)?.Rotation is { } rotation && rotation.NewKid == kid
            && Change(id, set => KeyPlan.FinishSource(set, id), "source " + id + " speaks under key " + kid + ": key " + rotation.OldKid + " is forgotten") is { } problem)
        {
            // Tried again with its next message; until then the store, and a restart, know both.
            _context.Alarms.Set(true, "secrets", problem);
        }
    }

    /// <summary>The store was read again.</summary>
    internal void Reload()
    {
        foreach (SourceSection source in _context.Options.Sources)
        {
            Changed?.Invoke(source.Id);
        }
    }

    private string? Missing(string id)
        => _store is null ? "This host has no secret store, so a new key could not be kept: make one with 'ballast keys create' and start the host again."
            : Ring(id) is null ? "The secret store has no key of source " + id + " yet: 'ballast keys create' takes it over from the configuration."
            : null;

    private string? Change(string id, Func<SecretSet, SecretSet> change, string note)
    {
        try
        {
            _store!.Update(change, patient: false);
        }
        catch (SecretException error)
        {
            return error.Message;
        }

        _context.Alarms.Set(false, "secrets", "");
        _context.Journal.Note("keys", note, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
        Changed?.Invoke(id);
        return null;
    }
}
