using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ballast.Host.Alerts;
using Ballast.Host.Options;
using Ballast.Host.Tests.Mqtt;
using Ballast.Virtual.Processes;

namespace Ballast.Host.Tests.Alerts;

/// <summary>
/// Mail over TLS from a host of its own process: what a machine trusts is read once in a process, so only there can a test's own authority
/// be trusted.
/// </summary>
public sealed class MailTlsTests : IDisposable
{
    private static readonly string Login = "AUTH PLAIN " + Convert.ToBase64String("\0ballast\0p4ss"u8);

    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-mail-").FullName;
    private readonly TestAuthority _authority;

    public MailTlsTests() => _authority = new TestAuthority(_folder);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, true);
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_mail_and_its_password_go_over_TLS_to_a_server_that_the_machine_trusts(string tls)
    {
        using TlsMailServer server = new(_authority.ServerFile, _authority.ServerKeyFile, tls == "tls") { AtLogin = "535 no such user" };
        using HttpClient http = new();
        using ChildProcess host = Start(server, tls, "127.0.0.1", _authority.CaFile, http);
        Assert.Equal((false, "The mail server refused user or password (535: no such user): check alerts.mail."), await Test(http));
        Assert.Empty(server.Mails);
        server.AtLogin = "235 welcome";
        Assert.Equal((true, "The mail server took it."), await Test(http));
        Assert.Contains("Subject: [Ballast s] ", Assert.Single(server.Mails), StringComparison.Ordinal);
        Assert.Equal(2, server.Encrypted.Count(c => c == Login));
        Assert.Contains(server.Encrypted, c => c.StartsWith("MAIL FROM:<ballast@plant.example>", StringComparison.Ordinal));
        Assert.All(server.Clear, c => Assert.True(c == "STARTTLS" || c.StartsWith("EHLO ", StringComparison.Ordinal), c));
        Assert.Equal(tls == "starttls", server.Clear.Count > 0);
    }

    [Theory]
    [InlineData("starttls", "127.0.0.1", false, "PartialChain")]
    [InlineData("tls", "localhost", true, "it is not for the name localhost")]
    public async Task A_server_of_an_unknown_authority_or_another_name_gets_neither_password_nor_mail(string tls, string name, bool trusted, string fault)
    {
        using TlsMailServer server = new(_authority.ServerFile, _authority.ServerKeyFile, tls == "tls");
        string nothing = Path.Combine(_folder, "nothing.pem");
        File.WriteAllText(nothing, "");
        using HttpClient http = new();
        using ChildProcess host = Start(server, tls, name, trusted ? _authority.CaFile : nothing, http);
        (bool good, string sentence) = await Test(http);
        Assert.False(good);
        Assert.Equal("The mail server's certificate is not accepted (" + fault + "): check alerts.mail.host, and that this machine trusts the authority that signed it.", sentence);
        Assert.Empty(server.Mails);
        Assert.DoesNotContain(server.Clear.Concat(server.Encrypted), c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_on_its_port_is_told_from_a_bad_certificate()
    {
        using MailServer server = new();
        using MailChannel channel = new(new MailSection { Host = "127.0.0.1", Port = server.Port, Tls = "tls", From = "ballast@plant.example", To = ["ops@plant.example"] });
        Delivery delivery = await channel.Send(new AlertMessage { Id = "a", Site = "s", Host = "h1", Sent = DateTimeOffset.UnixEpoch, Alerts = [new AlertNotice("raised", "critical", "journal", "", "No space.", DateTimeOffset.UnixEpoch, 0)] }, TestContext.Current.CancellationToken);
        Assert.StartsWith("The mail server does not speak TLS as alerts.mail.tls says (", delivery.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("): check port and tls.", delivery.Sentence, StringComparison.Ordinal);
        Assert.True(delivery.Again);
        Assert.Empty(server.Mails);
    }

    private ChildProcess Start(TlsMailServer server, string tls, string name, string trusted, HttpClient http)
    {
        string configuration = Path.Combine(_folder, "ballast.json"), empty = Directory.CreateDirectory(Path.Combine(_folder, "none")).FullName;
        File.WriteAllText(configuration, JsonSerializer.Serialize(new
        {
            site = "s",
            stateDir = Path.Combine(_folder, "state"),
            mqtt = new { port = FreePorts.Take() },
            http = new { urls = "http://127.0.0.1:0" },
            pods = Array.Empty<int>(),
            alerts = new { mail = new { host = name, port = server.Port, tls, user = "ballast", password = "p4ss", from = "ballast@plant.example", to = new[] { "ops@plant.example" } }, raiseAfterS = 3600 },
        }));
        using ManualResetEventSlim listening = new();
        string script = FormattableString.Invariant($"SSL_CERT_FILE='{trusted}' SSL_CERT_DIR='{empty}' exec dotnet '{typeof(Program).Assembly.Location}' --config '{configuration}'");
        ChildProcess host = ChildProcess.Start("host", "/bin/sh", ["-c", script], line =>
        {
            const string Mark = "listening on ";
            int at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at >= 0 && http.BaseAddress is null)
            {
                http.BaseAddress = new Uri(line[(at + Mark.Length)..].Trim());
                listening.Set();
            }
        });
        Assert.True(listening.Wait(240_000, TestContext.Current.CancellationToken), host.LastOutput);
        return host;
    }

    private static async Task<(bool Good, string Sentence)> Test(HttpClient http)
    {
        using StringContent body = new("{\"channel\":\"mail\"}", Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await http.PostAsync(new Uri("/api/alerts/test", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        JsonElement channel = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("channels")[0];
        return (channel.GetProperty("good").GetBoolean(), channel.GetProperty("sentence").GetString()!);
    }
}
