using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast.Host.Access;

/// <summary>
/// The file of API keys in the host's folder, for the running host and `ballast apikey` beside it: every change reads, changes and
/// replaces the whole file under a lock that works between processes. Mode 0600.
/// </summary>
/// <param name="folder">The host's stateDir.</param>
public sealed class ApiKeyFile(string folder)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "apikeys.json";

    /// <summary>Most keys of one host.</summary>
    public const int MostKeys = 500;

    private const string LockName = "apikeys.lock";
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(3);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Where it is.</summary>
    public string FullName { get; } = Path.Combine(folder, FileName);

    /// <summary>Reads all keys; null if no key was ever made here.</summary>
    /// <exception cref="IOException">It cannot be read, or holds something else. The message says what to do.</exception>
    public IReadOnlyList<ApiKey>? Read()
    {
        try
        {
            return !File.Exists(FullName) ? null
                : JsonSerializer.Deserialize<Content>(File.ReadAllText(FullName), Json)?.Keys is { } keys && keys.All(k => k is not null) ? keys
                : throw new JsonException("an entry is empty");
        }
        catch (Exception error) when (error is JsonException or UnauthorizedAccessException or FileNotFoundException or NotSupportedException)
        {
            throw new IOException("The keys in '" + FullName + "' cannot be read (" + error.Message.TrimEnd('.') + "): correct the file or its owner, or delete it to start without keys.", error);
        }
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">Who or what will use it; no other key may have that name.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="now">Time.</param>
    /// <param name="expires">When it ends, or null.</param>
    /// <param name="text">The key itself, to be shown once.</param>
    /// <exception cref="IOException">Nothing was made; the message says why.</exception>
    public ApiKey Add(string name, AccessRole role, DateTimeOffset now, DateTimeOffset? expires, out string text)
    {
        if (NameProblem(name) is { } problem)
        {
            throw new IOException(problem);
        }

        ApiKey made = ApiKey.Draw(name, role, now, expires, out text);
        Change(keys =>
        {
            if (keys.Find(k => k.Name == name) is { } other)
            {
                throw new IOException("A key of the name '" + name + "' is there already (" + other.Id + "): choose another name, or revoke that one first.");
            }

            if (keys.Count >= MostKeys)
            {
                throw new IOException("There are " + MostKeys + " keys: revoke some that nobody uses.");
            }

            keys.Add(made);
        });
        return made;
    }

    /// <summary>Revokes a key by id or name. The file stays, so that the host goes on asking for keys.</summary>
    /// <returns>The key that was there, or null if none was.</returns>
    /// <exception cref="IOException">Nothing was changed; the message says why.</exception>
    public ApiKey? Remove(string idOrName)
    {
        ApiKey? gone = null;
        if (File.Exists(FullName))
        {
            Change(keys =>
            {
                gone = keys.Find(k => k.Id == idOrName) ?? keys.Find(k => k.Name == idOrName);
                keys.RemoveAll(k => k == gone);
            });
        }

        return gone;
    }

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? NameProblem(string? name)
        => name is { Length: >= 1 and <= 40 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@') ? null
            : "A key's name is 1 to 40 of a-z, A-Z, 0-9, '-', '_', '.' and '@': say who or what uses it, like control-room.";

    private void Change(Action<List<ApiKey>> change)
    {
        using FileStream held = Lock();
        List<ApiKey> keys = [.. Read() ?? []];
        change(keys);
        OwnerFile.Write(FullName, JsonSerializer.SerializeToUtf8Bytes(new Content(keys), Json));
    }

    private FileStream Lock()
    {
        DateTime until = DateTime.UtcNow + LockWait;
        while (true)
        {
            try
            {
                return OwnerFile.Open(Path.Combine(folder, LockName), FileMode.OpenOrCreate);
            }
            catch (IOException error) when (error is not DirectoryNotFoundException && DateTime.UtcNow < until)
            {
                Thread.Sleep(20);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new IOException("The keys in '" + folder + "' cannot be changed (" + error.Message.TrimEnd('.') + "): run this as the user that the host runs as.", error);
            }
        }
    }

    private sealed record Content(IReadOnlyList<ApiKey> Keys);
}
