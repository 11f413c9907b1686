using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ballast.Host.Access;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Access;

/// <summary>The web server's certificate is named fourteen days before it ends, and a renewed one ends the warning.</summary>
public sealed class CertificateWarningTests : IDisposable
{
    private static readonly DateTimeOffset Ends = new(2027, 3, 15, 8, 30, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-certificate-").FullName;
    private readonly MovedClock _clock = new();
    private readonly HttpSection _options;

    public CertificateWarningTests()
    {
        _options = new HttpSection { CertificateFile = Path.Combine(_folder, "web.pem"), KeyFile = Path.Combine(_folder, "web.key") };
        Write(Ends);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(DateTimeOffset ends)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = new CertificateRequest("CN=web", key, HashAlgorithmName.SHA256).CreateSelfSigned(ends.AddDays(-90), ends);
        File.WriteAllText(_options.KeyFile!, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_options.CertificateFile!, made.ExportCertificatePem());
    }

    private string? At(DateTimeOffset now)
    {
        _clock.Now = now;
        return new WebCertificate(_options, _clock).Worry();
    }

    [Fact]
    public void Fourteen_days_before_its_end_nobody_is_warned_and_a_second_later_the_day_is_named()
    {
        Assert.Null(At(Ends.AddDays(-60)));
        Assert.Null(At(Ends.AddDays(-14)));
        string? warning = At(Ends.AddDays(-14).AddSeconds(1));
        Assert.Contains("ends on 2027-03-15", warning, StringComparison.Ordinal);
        Assert.Contains("renew it", warning, StringComparison.Ordinal);
        Assert.Equal(warning, At(Ends.AddDays(3)));
    }

    [Fact]
    public void A_renewed_certificate_ends_the_warning()
    {
        Assert.NotNull(At(Ends.AddDays(-1)));
        Write(Ends.AddDays(90));
        Assert.Null(At(Ends.AddDays(-1)));
        Assert.Null(At(Ends.AddDays(76)));
        Assert.Contains("2027-06-13", At(Ends.AddDays(76).AddSeconds(1)), StringComparison.Ordinal);
    }
}
