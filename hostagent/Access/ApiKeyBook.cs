using System.Collections.Frozen;

namespace Ballast.Host.Access;

/// <summary>
/// The keys as the running host knows them. It looks at the file before every answer, so a key that was revoked beside the host opens
/// nothing any more. From any thread.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="time">Clock.</param>
public sealed class ApiKeyBook(ApiKeyFile file, TimeProvider time)
{
    // A file that is younger than this when it is read may change again under the same time stamp.
    private static readonly TimeSpan StampIsSure = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private FrozenDictionary<string, ApiKey> _keys = FrozenDictionary<string, ApiKey>.Empty;
    private (DateTime Written, long Length) _stamp;
    private bool _sure;
    private volatile bool _required;
    private volatile string? _problem;

    /// <summary>True once a key was made: from then on nobody gets in without one, also after the last was revoked or the file was lost.</summary>
    public bool Required
    {
        get
        {
            Refresh();
            return _required;
        }
    }

    /// <summary>Why the file cannot be read, or null. While it cannot, no key is good.</summary>
    public string? Problem => _problem;

    /// <summary>All keys now.</summary>
    public IReadOnlyCollection<ApiKey> All => Refresh().Values;

    /// <summary>A key that may be used, by its id; or null.</summary>
    public ApiKey? Find(string id) => Refresh().TryGetValue(id, out ApiKey? key) && key.IsGood(time.GetUtcNow()) ? key : null;

    /// <summary>True if a key has this id, expired or not.</summary>
    public bool Has(string id) => Refresh().ContainsKey(id);

    /// <summary>Looks a key up by its whole text.</summary>
    /// <param name="text">What the caller sent.</param>
    /// <param name="id">Its public part, or "" if it has not the form of a key.</param>
    /// <param name="expired">True: it was a key of this host until it expired.</param>
    /// <returns>The key, or null.</returns>
    public ApiKey? Check(string? text, out string id, out bool expired)
    {
        bool formed = ApiKey.TryParse(text, out id, out string secret);
        ApiKey? kept = formed ? Refresh().GetValueOrDefault(id) : null;
        bool right = ApiKey.Matches(kept, id, secret);
        expired = right && !kept!.IsGood(time.GetUtcNow());
        return right && !expired ? kept : null;
    }

    private FrozenDictionary<string, ApiKey> Refresh()
    {
        FileInfo info = new(file.FullName);
        (DateTime, long) stamp = info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
        lock (_gate)
        {
            if (stamp != _stamp || !_sure)
            {
                // Not the injected clock: file times are the machine's.
                _sure = !info.Exists || DateTime.UtcNow - stamp.Item1 > StampIsSure;
                _stamp = stamp;
                Read();
            }

            return _keys;
        }
    }

    private void Read()
    {
        try
        {
            IReadOnlyList<ApiKey>? read = file.Read();
            _required |= read is not null;
            _keys = (read ?? []).DistinctBy(k => k.Id).ToFrozenDictionary(k => k.Id, StringComparer.Ordinal);
            _problem = null;
        }
        catch (IOException error)
        {
            // A door whose list cannot be read stays shut.
            _required = true;
            _keys = FrozenDictionary<string, ApiKey>.Empty;
            _problem = error.Message;
            _sure = false;
        }
    }
}
