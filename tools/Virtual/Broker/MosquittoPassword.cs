using System.Globalization;
using System.Security.Cryptography;

namespace Ballast.Virtual.Broker;

/// <summary>A line of mosquitto's password file: PBKDF2 with HMAC-SHA-512, as mosquitto_passwd 2.0 writes it.</summary>
public static class MosquittoPassword
{
    // mosquitto_passwd's own number. Stretching is for passwords that people choose; these have 144 random bits, and after an outage
    // the broker checks the whole fleet's at once, on its one thread.
    private const int Iterations = 101;
    private const int SaltBytes = 12;
    private const int HashBytes = 64;

    /// <summary>user:$7$iterations$salt$hash, the latter two in Base64.</summary>
    public static string Line(string user, string password) => Line(user, password, RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>The same for a given salt.</summary>
    public static string Line(string user, string password, byte[] salt)
    {
        byte[] hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA512, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{user}:$7${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }
}
