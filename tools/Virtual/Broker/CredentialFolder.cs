using System.Security.Cryptography;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Broker;

/// <summary>
/// Where the broker's passwords come from: one private file per user, in the form that <c>ballast provision --secrets</c> takes. A password
/// that is there is kept; a missing one is drawn. Whatever else stands in a file (a pool's password) stays.
/// </summary>
public sealed class CredentialFolder(string directory)
{
    private const string Password = "mqttPassword=";
    private const int PasswordBytes = 18; // 144 bits in 24 characters: nobody guesses it, and a board's settings file has room for it.

    /// <summary>The file of a user.</summary>
    public string PathOf(string user) => Path.Combine(directory, user);

    /// <summary>How many passwords were drawn, not found.</summary>
    public int Drawn { get; private set; }

    /// <summary>Files of users that are not among these: of boards that the site has no more.</summary>
    public IReadOnlyList<string> Others(IEnumerable<string> users)
        => Directory.Exists(directory) ? [.. Directory.GetFiles(directory).Select(f => Path.GetFileName(f)).Except(users, StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [];

    /// <summary>A user's password.</summary>
    /// <exception cref="IOException">His file cannot be read or written, is open to others, or has no usable password; the message is one sentence.</exception>
    public string Get(string user)
    {
        string path = PathOf(user);
        if (File.Exists(path))
        {
            if (PrivateFile.IsShared(path))
                throw new IOException($"{path} holds a password and others may read it: chmod 600 {path}, or delete it to draw a new one.");
            string? line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith(Password, StringComparison.Ordinal));
            return line is { Length: > 20 } ? line[Password.Length..] : throw new IOException($"{path} has no line {Password} with at least 8 characters: add one, or delete the file to draw a new one.");
        }

        string drawn = Draw();
        PrivateFile.Write(path, $"mqttUser={user}\n{Password}{drawn}\n", replace: false);
        Drawn++;
        return drawn;
    }

    /// <summary>A new password for a user. Whatever else stands in his file stays.</summary>
    /// <exception cref="IOException">As for <see cref="Get"/>.</exception>
    public string Renew(string user)
    {
        Get(user);
        string drawn = Draw();
        string[] lines = File.ReadAllLines(PathOf(user));
        PrivateFile.Write(PathOf(user), string.Concat(lines.Select(l => (l.StartsWith(Password, StringComparison.Ordinal) ? Password + drawn : l) + "\n")), replace: true);
        return drawn;
    }

    private static string Draw() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(PasswordBytes)).Replace('+', '-').Replace('/', '_');
}
