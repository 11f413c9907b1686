using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Host.Options;

namespace Ballast.Host.Keys;

/// <summary>
/// The site's secrets, encrypted at rest. What <see cref="Current"/> shows is what the file held when it was last read or written here; a
/// change reads the file first, under a lock that the host and the command line share, so neither loses the other's.
/// </summary>
public sealed class SecretStore
{
    /// <summary>Usual name of the file in stateDir.</summary>
    public const string Name = "secrets.store";

    private const int LockTries = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly byte[] _key;

    private SecretStore(string path, byte[] key, SecretSet current)
    {
        Path = path;
        _key = key;
        Current = current;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it held when it was last read or written here.</summary>
    public SecretSet Current { get; private set; }

    /// <summary>The store that a loaded configuration takes its keys from, or null if it has none.</summary>
    public static SecretStore? Of(SiteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Store;
    }

    /// <summary>Opens a store that is there.</summary>
    /// <exception cref="SecretException">It cannot be opened.</exception>
    public static SecretStore Open(string path, string keyFile)
    {
        byte[] key = SecretKeyFile.Read(keyFile);
        return new SecretStore(path, key, Read(path, key));
    }

    /// <summary>Opens a store, or makes an empty one, with a key if that is not there either.</summary>
    /// <exception cref="SecretException">It cannot be opened or made.</exception>
    public static SecretStore OpenOrCreate(string path, string keyFile)
    {
        if (File.Exists(path))
        {
            return Open(path, keyFile);
        }

        byte[] key = File.Exists(keyFile) ? SecretKeyFile.Read(keyFile) : SecretKeyFile.Create(keyFile);
        SecretStore made = new(path, key, new SecretSet());
        SecretFile.Write(path, key, JsonSerializer.SerializeToUtf8Bytes(made.Current, Json));
        return made;
    }

    /// <summary>Changes what is stored; it is on the disk when this returns.</summary>
    /// <param name="change">Gives the new content for the present one; the same object changes nothing.</param>
    /// <param name="patient">True waits up to 2 s for another program; the host's loop does not.</param>
    /// <exception cref="SecretException">It cannot be read or written; then nothing changed.</exception>
    public SecretSet Update(Func<SecretSet, SecretSet> change, bool patient = true)
    {
        ArgumentNullException.ThrowIfNull(change);
        using FileStream locked = Lock(patient ? LockTries : 0);
        SecretSet before = Read(Path, _key);
        SecretSet after = change(before);
        if (!ReferenceEquals(before, after))
        {
            byte[] content = JsonSerializer.SerializeToUtf8Bytes(after, Json);
            SecretFile.Write(Path, _key, content);
            CryptographicOperations.ZeroMemory(content);
        }

        return Current = after;
    }

    private static SecretSet Read(string path, byte[] key)
    {
        byte[] content = SecretFile.Read(path, key);
        try
        {
            return JsonSerializer.Deserialize<SecretSet>(content, Json) is { Version: 1, Rings: not null, Values: not null } set && set.Rings.Values.All(r => r is { IsSound: true })
                ? set
                : throw new SecretException("The secret store '" + path + "' was written by another version of this program: use that one.");
        }
        catch (JsonException error)
        {
            throw new SecretException("The secret store '" + path + "' was written by another version of this program: use that one.", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private FileStream Lock(int most)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < most && File.Exists(Path + ".lock"))
            {
                Thread.Sleep(50);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new SecretException("The secret store '" + Path + "' is being changed by another program, or its folder is not writable for this user: try again.", error);
            }
        }
    }
}
