using System.Collections.Concurrent;
using System.Text.Json;

namespace Ballast.Host.Access;

/// <summary>
/// When each key was last used, to the hour: enough to find keys that nobody needs, too coarse to tell when somebody works. Kept in a file
/// of its own, which only the host writes. From any thread.
/// </summary>
public sealed class KeyUse
{
    /// <summary>Name of the file in stateDir.</summary>
    public const string FileName = "apikeys-used.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly ConcurrentDictionary<string, DateTimeOffset> _hours = new(StringComparer.Ordinal);
    private volatile bool _changed;

    /// <summary>Notes a use.</summary>
    internal void Note(string keyId, DateTimeOffset now)
    {
        DateTimeOffset hour = new(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        if (!_hours.TryGetValue(keyId, out DateTimeOffset kept) || kept != hour)
        {
            _hours[keyId] = hour;
            _changed = true;
        }
    }

    /// <summary>Beginning of the hour in which a key was last used, or null.</summary>
    public DateTimeOffset? Of(string keyId) => _hours.TryGetValue(keyId, out DateTimeOffset hour) ? hour : null;

    /// <summary>Reads the file of a folder; what cannot be read counts as never.</summary>
    public void Load(string folder)
    {
        try
        {
            foreach ((string id, DateTimeOffset hour) in JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(File.ReadAllText(Path.Combine(folder, FileName)), Json) ?? [])
            {
                _hours.TryAdd(id, hour);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // It only helps to tidy up.
        }
    }

    /// <summary>Writes the file if something changed, without keys that are gone.</summary>
    internal void Save(string folder, IEnumerable<string> living)
    {
        if (!_changed)
        {
            return;
        }

        _changed = false;
        HashSet<string> keep = [.. living];
        foreach (string gone in _hours.Keys.Where(id => !keep.Contains(id)))
        {
            _hours.TryRemove(gone, out _);
        }

        try
        {
            OwnerFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, DateTimeOffset>(_hours, StringComparer.Ordinal), Json));
        }
        catch (IOException)
        {
            _changed = true;
        }
    }
}
