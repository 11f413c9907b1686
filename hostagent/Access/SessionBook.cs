using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ballast.Host.Access;

/// <summary>A session of the page.</summary>
/// <param name="Hash">SHA-256 of the cookie's value, lower-case hex.</param>
/// <param name="KeyId">Key that opened it; the session is worth what the key is worth at each request.</param>
/// <param name="Ends">When it ends.</param>
public sealed record PageSession(string Hash, string KeyId, DateTimeOffset Ends);

/// <summary>
/// Sessions of the page. The cookie is 256 random bits; kept are hashes only, in a file, so that a restart of the host logs nobody out and
/// a stolen file opens nothing. From any thread.
/// </summary>
/// <param name="folder">The host's stateDir.</param>
/// <param name="time">Clock.</param>
public sealed class SessionBook(string folder, TimeProvider time)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "sessions.json";

    private const int MostSessions = 200;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(folder, FileName);
    private Dictionary<string, PageSession>? _sessions;

    /// <summary>Opens a session; if there are too many, the oldest of the key that has most goes.</summary>
    /// <param name="keyId">Key that opens it.</param>
    /// <param name="ends">When it ends.</param>
    /// <returns>The cookie's value.</returns>
    public string Open(string keyId, DateTimeOffset ends)
    {
        string value = RandomNumberGenerator.GetHexString(64, lowercase: true);
        lock (_gate)
        {
            Dictionary<string, PageSession> sessions = Loaded();
            DateTimeOffset now = time.GetUtcNow();
            foreach (PageSession over in sessions.Values.Where(s => s.Ends <= now).ToList())
            {
                sessions.Remove(over.Hash);
            }

            while (sessions.Count >= MostSessions)
            {
                // Of the key that has most: who logs in again and again ends his own sessions, not others'.
                sessions.Remove(sessions.Values.GroupBy(s => s.KeyId).MaxBy(g => g.Count())!.MinBy(s => s.Ends)!.Hash);
            }

            string hash = Hash(value);
            sessions[hash] = new PageSession(hash, keyId, ends);
            Keep(sessions);
        }

        return value;
    }

    /// <summary>The key id of a session that goes on; null for any other value.</summary>
    public string? KeyOf(string? value)
    {
        if (value is not { Length: 64 })
        {
            return null;
        }

        lock (_gate)
        {
            return Loaded().TryGetValue(Hash(value), out PageSession? session) && session.Ends > time.GetUtcNow() ? session.KeyId : null;
        }
    }

    /// <summary>Ends a session.</summary>
    public void Close(string? value)
    {
        lock (_gate)
        {
            if (value is { Length: 64 } && Loaded().Remove(Hash(value)))
            {
                Keep(_sessions!);
            }
        }
    }

    private Dictionary<string, PageSession> Loaded()
    {
        if (_sessions is null)
        {
            try
            {
                PageSession[] kept = File.Exists(_path) ? JsonSerializer.Deserialize<PageSession[]>(File.ReadAllText(_path), Json) ?? [] : [];
                _sessions = kept.DistinctBy(s => s.Hash).ToDictionary(s => s.Hash, StringComparer.Ordinal);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
            {
                // Then everybody logs in again.
                _sessions = [];
            }
        }

        return _sessions;
    }

    // A session that cannot be kept lasts until the host ends: logging in must work on a full disk, too.
    private void Keep(Dictionary<string, PageSession> sessions)
    {
        try
        {
            OwnerFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(sessions.Values, Json));
        }
        catch (IOException)
        {
        }
    }

    private static string Hash(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("ballast session\0" + value)));
}
