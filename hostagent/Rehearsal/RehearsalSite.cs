using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ballast.Host.Options;

namespace Ballast.Host.Rehearsal;

/// <summary>The site of a rehearsal: one pod, a board and one that was never heard, a source of signed limits and a contact. Its keys are drawn and live as long as it.</summary>
internal sealed class RehearsalSite
{
    internal const string Pod = "pod";
    internal const string Board = "board";
    private const string Name = "rehearsal";
    private const string Source = "grid";

    private readonly byte[] _sourceKey = RandomNumberGenerator.GetBytes(32);
    private uint _seq;

    /// <param name="folder">Folder of its own.</param>
    /// <param name="tls">True: its web server speaks TLS, with a certificate that is drawn here and never leaves the folder.</param>
    internal RehearsalSite(string folder, bool tls)
    {
        string? pem = tls ? Path.Combine(folder, "web.pem") : null;
        if (pem is not null)
        {
            Certificate = Draw(pem);
        }

        Options = new SiteOptions
        {
            Site = Name,
            StateDir = folder,

            // A socket in a folder of its own: no port is open meanwhile.
            Http = new HttpSection { Urls = (tls ? "https" : "http") + "://unix:" + Path.Combine(folder, "web"), CertificateFile = pem },
            Meter = new MeterSection { Configured = false },
            RampS = 0,
            SpreadS = 0,
            Sources = [new SourceSection { Id = Source, Key = Convert.ToHexString(_sourceKey), MayRaise = true }],
            Contacts = [new ContactSection { Id = "contact", DebounceMs = 0, ReleaseAfterS = 0, LimitW = 3 }],
            Pods = [new PodSection { Id = Pod, Key = Hex(), Boards = [Of(Board), Of("absent")] }],
        };
    }

    internal SiteOptions Options { get; }

    /// <summary>Thumbprint of its web server's certificate; null without TLS.</summary>
    internal string? Certificate { get; }

    /// <summary>A topic of this site.</summary>
    internal static string Topic(string below) => "ballast/v1/" + Name + "/" + below;

    /// <summary>A signed limit, or its release (contract section 6).</summary>
    internal byte[] Signal(string rest, DateTimeOffset sent)
    {
        string text = "{\"v\":1,\"source\":\"" + Source + "\",\"seq\":" + ++_seq + "," + rest + ",\"sent\":" + sent.ToUnixTimeMilliseconds() + ",\"kid\":1";
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(_sourceKey, Encoding.ASCII.GetBytes(Topic("grid/signal") + "\0" + text)));
        return Encoding.ASCII.GetBytes(text + ",\"mac\":\"" + mac + "\"}");
    }

    private static string Draw(string pem)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = new CertificateRequest("CN=" + Name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return certificate.Thumbprint;
    }

    private static BoardSection Of(string id) => new() { Id = id, Key = Hex(), NameplateW = 25 };

    private static string Hex() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
