using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ballast.Host.Options;

namespace Ballast.Host.Access;

/// <summary>
/// The web server's certificate and its chain from PEM files, looked at before each handshake at most once a second: who renews them need
/// not restart the host. Files that cannot be used leave the old certificate in place. From any thread.
/// </summary>
internal sealed class WebCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(14);

    private readonly Lock _gate = new();
    private readonly HttpSection _options;
    private readonly TimeProvider _time;
    private (DateTime, DateTime) _stamp;
    private long _looked;
    private SslStreamCertificateContext _context;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CryptographicException">They cannot be used; <see cref="Problem"/> says why.</exception>
    internal WebCertificate(HttpSection options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _stamp = Stamp();
        _looked = time.GetTimestamp();
        _context = Load(options);
    }

    /// <summary>Why files that have changed are not used, or null.</summary>
    internal string? Fault { get; private set; }

    /// <summary>What somebody must do about the certificate, a sentence; null if nothing.</summary>
    internal string? Worry()
    {
        DateTimeOffset ends = Current().TargetCertificate.NotAfter.ToUniversalTime();
        return Fault is { } fault ? fault + " Until then the old certificate is used."
            : ends - _time.GetUtcNow() < RenewBefore ? "The web server's certificate ends on " + ends.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) + ": renew it; the host takes the new files without a restart."
            : null;
    }

    /// <summary>The certificate in use.</summary>
    internal SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_looked) >= LookEvery)
            {
                _looked = _time.GetTimestamp();
                (DateTime, DateTime) stamp = Stamp();
                if (stamp != _stamp || Fault is not null)
                {
                    Reload(stamp);
                }
            }

            return _context;
        }
    }

    /// <summary>A sentence if the files cannot be used, else null.</summary>
    internal static string? Problem(HttpSection options)
    {
        try
        {
            Load(options);
            return null;
        }
        catch (Exception error) when (IsBadFile(error))
        {
            return "http.certificateFile '" + options.CertificateFile + "'" + (options.KeyFile is null ? "" : " with http.keyFile '" + options.KeyFile + "'")
                + " cannot be used (" + error.Message.TrimEnd('.') + "): name PEM files of a certificate and of its private key without a passphrase, readable by the host's user.";
        }
    }

    private void Reload((DateTime, DateTime) stamp)
    {
        Fault = Problem(_options);
        if (Fault is null)
        {
            _context = Load(_options);
            _stamp = stamp;
        }
    }

    private static SslStreamCertificateContext Load(HttpSection options)
    {
        X509Certificate2 leaf = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(options.CertificateFile!);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private (DateTime, DateTime) Stamp() => (File.GetLastWriteTimeUtc(_options.CertificateFile!), _options.KeyFile is null ? default : File.GetLastWriteTimeUtc(_options.KeyFile));

    private static bool IsBadFile(Exception error) => error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}
