using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Broker;

/// <summary>A certificate authority of the site's own, and the broker's certificate by it. P-256, which an ESP32 can check.</summary>
public static class SiteAuthority
{
    private const int AuthorityYears = 20;
    private const int ServerYears = 5;
    private const int RenewDays = 180;

    /// <summary>Makes what is missing; a broker's certificate is renewed when it runs out within 180 days or its names changed.</summary>
    /// <param name="site">Site id, for the authority's name.</param>
    /// <param name="names">Names and addresses of the broker.</param>
    /// <param name="certificates">Folder of ca.pem, server.pem and server.key.</param>
    /// <param name="keyFile">Key of the authority.</param>
    /// <returns>When the broker's certificate runs out.</returns>
    /// <exception cref="IOException">A file cannot be used; the message is one sentence.</exception>
    public static DateTimeOffset Ensure(string site, IReadOnlyList<string> names, string certificates, string keyFile)
    {
        string caFile = Path.Combine(certificates, "ca.pem"), serverFile = Path.Combine(certificates, "server.pem"), serverKey = Path.Combine(certificates, "server.key");
        try
        {
            if (!File.Exists(caFile))
                MakeAuthority(site, caFile, keyFile);
            if (File.Exists(serverFile) && File.Exists(serverKey))
            {
                using X509Certificate2 present = X509Certificate2.CreateFromPemFile(serverFile, serverKey);
                if (present.NotAfter.ToUniversalTime() > DateTime.UtcNow.AddDays(RenewDays) && Names(present).SetEquals(names))
                    return present.NotAfter;
            }

            if (!File.Exists(keyFile))
                throw new IOException($"The broker needs a new certificate and the authority's key is not at {keyFile}: bring it back for this run, or give your own certificate with --ca, --cert and --key.");
            return Issue(names, caFile, keyFile, serverFile, serverKey);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"The certificates in {certificates} cannot be used with {keyFile}: restore what belongs together, or delete all of them to make new ones (every board then needs the new ca.pem).", e);
        }
    }

    /// <summary>Checks a broker's certificate that somebody else made.</summary>
    /// <exception cref="IOException">It cannot be used; the message is one sentence.</exception>
    public static DateTimeOffset Check(string caFile, string certificateFile, string keyFile)
    {
        string? missing = new[] { caFile, certificateFile, keyFile }.FirstOrDefault(f => !File.Exists(f));
        if (missing is not null)
            throw new IOException($"There is no file {missing}.");
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(caFile);
            var between = new X509Certificate2Collection();
            between.ImportFromPemFile(certificateFile);
            using X509Certificate2 server = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.ExtraStore.AddRange(between);
            return chain.Build(server) ? server.NotAfter : throw new IOException($"{certificateFile} does not follow from {caFile}: {chain.ChainStatus[0].StatusInformation.TrimEnd('.', '\n')}.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{caFile}, {certificateFile} and {keyFile} are not certificates in PEM with the private key of the second.", e);
        }
    }

    private static void MakeAuthority(string site, string caFile, string keyFile)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Ballast site {site}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(AuthorityYears));
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n", replace: false);
        PrivateFile.Write(caFile, made.ExportCertificatePem() + "\n", replace: false);
    }

    private static DateTimeOffset Issue(IReadOnlyList<string> names, string caFile, string caKeyFile, string serverFile, string serverKey)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(caFile, caKeyFile);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Ballast broker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false)); // server authentication
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var subject = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                subject.AddIpAddress(address);
            else
                subject.AddDnsName(name);
        }

        request.CertificateExtensions.Add(subject.Build());
        DateTimeOffset end = DateTimeOffset.UtcNow.AddYears(ServerYears);
        end = end < authority.NotAfter ? end : authority.NotAfter;
        using X509Certificate2 made = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), end, RandomNumberGenerator.GetBytes(16));
        PrivateFile.Write(serverKey, key.ExportPkcs8PrivateKeyPem() + "\n", replace: true);
        PrivateFile.Write(serverFile, made.ExportCertificatePem() + "\n", replace: true);
        return made.NotAfter;
    }

    private static HashSet<string> Names(X509Certificate2 certificate)
    {
        X509SubjectAlternativeNameExtension? all = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return all is null ? [] : [.. all.EnumerateDnsNames(), .. all.EnumerateIPAddresses().Select(a => a.ToString())];
    }
}
