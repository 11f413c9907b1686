using System.Security.Cryptography;
using System.Text;

namespace Ballast.Host.Ledger;

/// <summary>The chain: a record's hash is SHA-256 over the 32 bytes of the hash before it and the record's line in UTF-8.</summary>
public static class LedgerHash
{
    /// <summary>Hash of a record.</summary>
    /// <param name="previous">Hash of the record before it, 64 hex digits.</param>
    /// <param name="line">The record as it is stored, without a line end.</param>
    public static string Next(string previous, string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Convert.FromHexString(previous));
        sha.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>SHA-256 of a file's bytes, hex.</summary>
    public static string OfFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    internal static bool IsHex(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    internal static bool IsLowerHex(string text) => text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);
}
