using System.Security.Cryptography;
using System.Text;

namespace Ballast.Host.Access;

/// <summary>
/// An API key as it is kept. Of the secret only a hash is: it is 256 random bits, so there is no dictionary to try and a plain SHA-256
/// is as hard to turn round as a slow password hash, without giving strangers a way to keep the host busy.
/// </summary>
/// <param name="Id">Public part, 8 hex digits; it stands in the key and in lists.</param>
/// <param name="Name">Who or what uses it; 1 to 40 characters.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Hash">SHA-256 of id and secret, lower-case hex.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends, or null.</param>
public sealed record ApiKey(string Id, string Name, AccessRole Role, string Hash, DateTimeOffset Created, DateTimeOffset? Expires)
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "bk_";

    private const int IdLength = 8;
    private const int SecretLength = 64;

    // Stands for keys that do not exist, so that a wrong id takes as long as a wrong secret.
    private static readonly byte[] Nothing = new byte[SHA256.HashSizeInBytes];

    /// <summary>Draws a key.</summary>
    /// <param name="name">Who or what will use it.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="now">Time.</param>
    /// <param name="expires">When it ends, or null.</param>
    /// <param name="text">The key itself; it exists nowhere else.</param>
    public static ApiKey Draw(string name, AccessRole role, DateTimeOffset now, DateTimeOffset? expires, out string text)
    {
        string id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        string secret = RandomNumberGenerator.GetHexString(SecretLength, lowercase: true);
        text = Prefix + id + "_" + secret;
        return new ApiKey(id, name, role, Convert.ToHexStringLower(Digest(id, secret)), now, expires);
    }

    /// <summary>Takes a text apart.</summary>
    /// <returns>False if it has not the form of a key.</returns>
    public static bool TryParse(string? text, out string id, out string secret)
    {
        (id, secret) = ("", "");
        if (text is null || text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        (id, secret) = (text.Substring(Prefix.Length, IdLength), text[^SecretLength..]);
        return id.All(char.IsAsciiHexDigitLower) && secret.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>True if the secret is this key's. Takes as long for a key that does not exist.</summary>
    public static bool Matches(ApiKey? key, string id, string secret)
    {
        byte[] kept = Nothing;
        if (key is { Hash.Length: SHA256.HashSizeInBytes * 2 } && key.Hash.All(char.IsAsciiHexDigit))
        {
            kept = Convert.FromHexString(key.Hash);
        }

        return CryptographicOperations.FixedTimeEquals(Digest(id, secret), kept) && key is not null;
    }

    /// <summary>True while it may be used.</summary>
    public bool IsGood(DateTimeOffset now) => Expires is null || now < Expires;

    // The id is hashed too: a hash copied to another entry of the file opens nothing.
    private static byte[] Digest(string id, string secret) => SHA256.HashData(Encoding.ASCII.GetBytes("ballast api key\0" + id + "\0" + secret));
}
