using System.Security.Cryptography;
using System.Text;

namespace Ballast.Host.Keys;

/// <summary>The file with the store's key: 64 hex digits, readable by the host's own user only.</summary>
public static class SecretKeyFile
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    /// <summary>Its usual name.</summary>
    public const string Name = "secrets.key";

    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Where the key is if the configuration does not say; null without a configuration file.</summary>
    /// <param name="configuration">The configuration file, or null.</param>
    public static string? UsualPath(string? configuration)
        => Credentials() is { } folder && File.Exists(Path.Combine(folder, Name)) ? Path.Combine(folder, Name)
            : configuration is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configuration))!, Name);

    /// <summary>Reads the key.</summary>
    /// <exception cref="SecretException">It is not there, open to others, or no key.</exception>
    public static byte[] Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new SecretException("The key file '" + path + "' is not there, so the secret store cannot be opened: put it back, or name the right one as secrets.keyFile.");
        }

        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (IsCredential(path) ? Others : Group | Others)) != 0)
            {
                throw new SecretException("The key file '" + path + "' can be read or written by others: chmod 600 '" + path + "', and if others may have read it, make a new store.");
            }

            byte[] bytes = File.ReadAllBytes(path);
            string text = Encoding.ASCII.GetString(bytes).TrimEnd('\n', '\r');
            CryptographicOperations.ZeroMemory(bytes);
            if (text.Length != 2 * Size || !text.All(char.IsAsciiHexDigit))
            {
                throw new SecretException("The key file '" + path + "' does not hold 64 hex digits: put the right file back.");
            }

            return Convert.FromHexString(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretException("The key file '" + path + "' cannot be read by this user (" + error.Message + "): it must belong to the user that runs this program.", error);
        }
    }

    /// <summary>Draws a key into a new file.</summary>
    /// <exception cref="SecretException">It cannot be written, or is there already.</exception>
    public static byte[] Create(string path)
    {
        byte[] key = RandomNumberGenerator.GetBytes(Size);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using FileStream file = new(path, options);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
            file.Flush(flushToDisk: true);
            return key;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretException("The key file '" + path + "' cannot be made (" + error.Message + "): make its folder writable for this user, or name another place as secrets.keyFile.", error);
        }
    }

    // systemd gives a service its credentials in a folder of its own; some versions let the group bits show an access list.
    private static bool IsCredential(string path)
        => Credentials() is { } folder && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.GetFullPath(folder).TrimEnd('/');

    private static string? Credentials() => Environment.GetEnvironmentVariable(CredentialsVariable) is { Length: > 0 } folder ? folder : null;
}
