using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Access;

/// <summary>The web server behind TLS of its own, and behind a proxy that does TLS.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-tls-").FullName;
    private readonly string _certificate;
    private readonly string _key;

    public TlsTests()
    {
        (_certificate, _key) = (Path.Combine(_folder, "web.pem"), Path.Combine(_folder, "web.key"));
        Renew("one");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A certificate of an authority below another: without the one between, nobody could check it.
    private string Renew(string name)
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 root = Request("root " + name, rootKey, true).CreateSelfSigned(now.AddDays(-1), now.AddDays(60));
        using X509Certificate2 signed = Request("middle " + name, middleKey, true).Create(root, now.AddHours(-2), now.AddDays(50), [2]);
        using X509Certificate2 middle = signed.CopyWithPrivateKey(middleKey);
        using X509Certificate2 leaf = Request("web " + name, leafKey, false).Create(middle, now.AddHours(-1), now.AddDays(40), [3]);
        File.WriteAllText(_key, leafKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_certificate, leaf.ExportCertificatePem() + "\n" + signed.ExportCertificatePem() + "\n");
        return leaf.Thumbprint;
    }

    private static CertificateRequest Request(string name, ECDsa key, bool authority)
    {
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        return request;
    }

    private HttpSection Section(string urls = "https://127.0.0.1:0") => new() { Urls = urls, CertificateFile = _certificate, KeyFile = _key };

    private static async Task<(string Leaf, int Sent)> Handshake(AccessHost host)
    {
        using TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, host.Rest.Http.BaseAddress!.Port, AccessHost.Stop);
        int sent = 0;
        await using SslStream tls = new(socket.GetStream(), false, (_, shown, chain, _) =>
        {
            sent = chain!.ChainPolicy.ExtraStore.Count;
            return shown is not null;
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, AccessHost.Stop);
        return (tls.RemoteCertificate!.GetCertHashString(), sent);
    }

    [Fact]
    public async Task The_page_is_served_over_TLS_with_its_chain_and_a_renewed_certificate_is_taken_without_a_restart()
    {
        AccessHost host = new(o => o with { Http = Section() }, withKeys: true);
        await host.InitializeAsync();
        try
        {
            (string first, int sent) = await Handshake(host);
            Assert.True(sent >= 2, sent + " certificates sent");
            HttpResponseMessage login = await host.Send("", "POST", "/api/session", "{\"key\":\"" + host.Key("viewer") + "\"}");
            string cookie = login.Headers.GetValues("Set-Cookie").Single();
            Assert.StartsWith("__Host-ballast=", cookie, StringComparison.Ordinal);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);

            // Half of a renewal, as every tool leaves it for a moment: the old one stays.
            await File.WriteAllTextAsync(_certificate, "-----BEGIN CERTIFICATE-----\nMIIB", AccessHost.Stop);
            await AccessHost.Until(
                async () =>
                {
                    Assert.Equal(first, (await Handshake(host)).Leaf);
                    return await host.Rest.Core.Ask(c => c.Context.Alarms.IsUp("certificate"));
                },
                "the alarm");

            string second = Renew("two");
            await AccessHost.Until(async () => (await Handshake(host)).Leaf == second, "the new certificate");

            Assert.NotEqual(first, second);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Behind_a_proxy_that_does_TLS_nobody_is_local_and_the_caller_is_who_the_proxy_names()
    {
        AccessHost host = new(o => o with { Http = new HttpSection { Urls = "http://127.0.0.1:0", TlsProxies = ["127.0.0.1"] } }, withKeys: false);
        await host.InitializeAsync();
        try
        {
            // No key was ever made, and all the same nobody gets in: behind the proxy everybody looks local.
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("", "GET", "/api/site", from: "127.0.0.1")).StatusCode);
            string key = host.Make("a", "viewer");
            const string Wrong = "bk_00000000_0000000000000000000000000000000000000000000000000000000000000000";
            Task<HttpResponseMessage> For(string client, string with) => host.Send("GET", "/api/site", null, r =>
            {
                r.Headers.Add("X-Forwarded-For", "1.2.3.4, " + client);
                AccessHost.Authorize(r, with);
            }, from: "127.0.0.1");
            for (int i = 0; i < 6; i++)
            {
                await For("10.0.0.7", Wrong);
            }

            Assert.Equal((HttpStatusCode)429, (await For("10.0.0.7", key)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await For("10.0.0.8", key)).StatusCode);
            HttpResponseMessage login = await host.Send("", "POST", "/api/session", "{\"key\":\"" + key + "\"}");
            Assert.Contains("secure", login.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "overheard")]
    [InlineData("http://*:8080", "overheard")]
    [InlineData("http://+:8080", "overheard")]
    [InlineData("http://[::]:8080", "overheard")]
    [InlineData("http://10.0.0.5:8080", "overheard")]
    [InlineData("http://site.example:8080", "overheard")]
    [InlineData("http://127.0.0.1:8080;http://10.0.0.5:8080", "overheard")]
    [InlineData("https://10.0.0.5:8443", "http.certificateFile")]
    [InlineData("ftp://127.0.0.1", "use http or https")]
    [InlineData("127.0.0.1:8080", "use addresses like")]
    [InlineData("", "is empty")]
    public void A_configuration_by_which_keys_could_be_overheard_is_refused(string urls, string words)
    {
        IReadOnlyList<string> problems = Problems(new HttpSection { Urls = urls });
        Assert.Contains(problems, p => p.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080;http://[::1]:8080")]
    [InlineData("http://unix:/run/ballast/web.sock")]
    public void Plain_http_is_for_this_machine(string urls) => Assert.Empty(Problems(new HttpSection { Urls = urls }));

    [Fact]
    public void Elsewhere_it_is_for_TLS_or_for_a_proxy_that_is_named()
    {
        Assert.Empty(Problems(Section("https://0.0.0.0:8443")));
        Assert.Empty(Problems(new HttpSection { Urls = "http://0.0.0.0:8080", TlsProxies = ["10.0.0.2"] }));
        Assert.NotEmpty(Problems(new HttpSection { Urls = "http://0.0.0.0:8080", TlsProxies = ["proxy"] }));
        Assert.Contains("cannot be used", Problems(Section() with { KeyFile = Path.Combine(_folder, "none") }).Single(), StringComparison.Ordinal);
        Assert.Contains("cannot be used", Problems(Section() with { KeyFile = _certificate }).Single(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Problems(HttpSection http) => OptionsCheck.Problems(Sim.ToySite.MakeOptions(2, 1) with { Http = http });
}
