using System.Security.Cryptography;
using System.Text;

namespace Ballast.Host.Ledger;

/// <summary>
/// The key that signs segment heads: ECDSA on P-256 with SHA-256, signatures in DER. The private file has mode 0600; the public one
/// is what an auditor is given.
/// </summary>
public sealed class LedgerKey : IDisposable
{
    /// <summary>Name of the private file.</summary>
    public const string PrivateName = "ledger-key.pem";

    /// <summary>Name of the public file.</summary>
    public const string PublicName = "ledger-public.pem";

    private readonly ECDsa _key;

    private LedgerKey(ECDsa key)
    {
        _key = key;
        Public = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public key: SubjectPublicKeyInfo, DER in base 64.</summary>
    public string Public { get; }

    /// <summary>Opens the key of a folder, or draws one at the first start.</summary>
    /// <exception cref="CryptographicException">The file is not a key.</exception>
    public static LedgerKey Open(string folder)
    {
        string path = Path.Combine(folder, PrivateName);
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
            }
            catch (ArgumentException error)
            {
                key.Dispose();
                throw new CryptographicException("'" + path + "' holds no private key: put the right file back, or move this one away to start with a new key.", error);
            }

            if (!OperatingSystem.IsWindows())
            {
                // A copy from elsewhere may have come with the wrong mode.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        else
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using FileStream file = new(path, options);
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }

        string publicPath = Path.Combine(folder, PublicName);
        string pem = key.ExportSubjectPublicKeyInfoPem() + "\n";
        if (!File.Exists(publicPath) || File.ReadAllText(publicPath) != pem)
        {
            File.WriteAllText(publicPath, pem);
        }

        return new LedgerKey(key);
    }

    /// <summary>Signature over a line's UTF-8 bytes, DER in lower-case hex.</summary>
    public string Sign(string line)
        => Convert.ToHexStringLower(_key.SignData(Encoding.UTF8.GetBytes(line), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>True if the signature is this key's over this line.</summary>
    /// <param name="publicKey">As in <see cref="Public"/>.</param>
    /// <param name="line">What was signed.</param>
    /// <param name="signature">DER, lower-case hex.</param>
    public static bool Verify(string publicKey, string line, string signature)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(signature);
        if (!LedgerHash.IsLowerHex(signature))
        {
            return false;
        }

        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.VerifyData(Encoding.UTF8.GetBytes(line), Convert.FromHexString(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception error) when (error is CryptographicException or FormatException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Reads a public key from a PEM file; null if it holds none.</summary>
    public static string? ReadPublic(string path)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or PlatformNotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
