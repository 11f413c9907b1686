using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ballast.Host.Alerts;
using Ballast.Host.Dispatch;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Host.Tests.Metrics;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ballast.Host.Tests.Alerts;

/// <summary>Alarms about the host itself, in simulated time; and certificates that expire (F41).</summary>
public sealed class HostWatchTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Nobody _broker = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-certificates-");
    private readonly HostCore _core;

    public HostWatchTests()
    {
        SiteOptions options = ToySite.MakeOptions(7, 1) with
        {
            Meter = new MeterSection(),
            Mqtt = new MqttSection { CaFile = Path.Combine(_folder.FullName, "ca.pem"), Port = 1 },
            Sources = [new SourceSection { Id = "tso", Key = ToySite.Key(7), FreshS = 30 }],
        };
        _core = new HostCore(options, _broker, new MemoryJournal(), _time, NullLogger<HostCore>.Instance, 1);
        _core.Begin();
    }

    public void Dispose()
    {
        _core.Dispose();
        _folder.Delete(recursive: true);
    }

    private IEnumerable<string> Up => _core.ActiveAlarms.Select(a => a.Code).Order();

    private string Text(string code) => _core.ActiveAlarms.Single(a => a.Code == code).Text;

    private void Run(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(1000);
            _core.Round();
        }
    }

    [Fact]
    public void A_broker_that_is_not_reached_is_an_alarm_after_five_seconds_with_the_connections_own_sentence()
    {
        Run(4);
        Assert.DoesNotContain("broker-lost", Up);
        Run(4);
        Assert.EndsWith("No connection to the MQTT broker at 127.0.0.1:1883: nobody is there.", Text("broker-lost"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_that_threw_is_an_alarm_for_five_minutes_and_not_the_connections_result()
    {
        (_broker.HandlerFailures, _broker.LastHandlerFailure) = (1, "FormatException: x");
        Run(2);
        Assert.Contains("(FormatException: x)", Text("handler"), StringComparison.Ordinal);
        Run(310);
        Assert.DoesNotContain("handler", Up);
    }

    [Fact]
    public async Task A_request_that_throws_on_the_loop_is_one_too()
    {
        Task<int> asked = _core.Ask<int>(_ => throw new InvalidOperationException("asked wrongly"));
        Run(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked);
        Assert.DoesNotContain("handler", Up);
        ((IMqttReceiver)_core).OnConnected();
        _core.Context.Alarms.Raised += _ => throw new FormatException("a listener of alarms");
        ((IMqttReceiver)_core).OnMessage("ballast/v1/demo/hosts/h2"u8, "no JSON"u8, 1, false);
        _time.Advance(10);
        _core.Round();
        Assert.Equal(1, _core.HandlerFailures);
        Assert.Equal("FormatException: a listener of alarms", _core.LastHandlerFailure);
    }

    [Fact]
    public void Sources_and_boards_that_never_came_are_named_a_while_after_the_broker()
    {
        Run(100);
        Assert.Contains("Source tso is configured and has not been heard", Text("source-unheard"), StringComparison.Ordinal);
        Assert.DoesNotContain("boards-unheard", Up);
        _broker.IsConnected = true;
        ((IMqttReceiver)_core).OnConnected();
        ((IMqttReceiver)_core).OnMessage("ballast/v1/demo/p1/b01/state"u8, "{\"online\":false,\"boardSerial\":\"s\"}"u8, 1, true);
        Run(59);
        Assert.DoesNotContain("boards-unheard", Up);
        Run(10);
        Assert.StartsWith("6 of 7 configured boards have never been heard: p1/b00, p1/b02, p1/b03, p1/b04, p1/b05, …. ", Text("boards-unheard"), StringComparison.Ordinal);
        foreach (int board in (int[])[0, 2, 3, 4, 5, 6])
        {
            ((IMqttReceiver)_core).OnMessage(Encoding.ASCII.GetBytes("ballast/v1/demo/p1/b0" + board + "/state"), "{\"online\":false,\"boardSerial\":\"s\"}"u8, 1, true);
        }

        Run(10);
        Assert.DoesNotContain("boards-unheard", Up);
    }

    [Fact]
    public void Many_suspects_are_one_alarm()
    {
        for (int i = 0; i < 3; i++)
        {
            _core.Context.Alarms.Set(true, "suspect", "x", "p1/b0" + i);
        }

        Run(6);
        Assert.DoesNotContain("suspects", Up);
        _core.Context.Alarms.Set(true, "suspect", "x", "p1/b03");
        Run(6);
        Assert.StartsWith("4 boards draw more", Text("suspects"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F41_a_certificate_is_warned_of_at_30_7_and_1_days_and_when_it_has_expired_and_people_are_told_once_each()
    {
        Certificate(FakeTime.Start.AddDays(40), FakeTime.Start.AddDays(-1));
        _core.Certificates = await CertificateWatch.Read(_core.Context.Options, TestContext.Current.CancellationToken);
        Assert.Equal("mqtt.caFile", Assert.Single(_core.Certificates).Name);
        AlertBook book = new("demo", "h1", new AlertsSection());
        List<(int Day, string State, string Code)> told = [];
        for (int hour = 0; hour < 24 * 45; hour++)
        {
            _time.Advance(3_600_000 - 120_000);
            for (int i = 0; i < 12; i++)
            {
                Run(10);
                AlertMessage? message = book.Step(_core.ActiveAlarms, _core.Context.Clock.NowMs, _time.GetUtcNow());
                told.AddRange((message?.Alerts ?? []).Where(a => a.Code.StartsWith("certificate", StringComparison.Ordinal)).Select(a => (hour / 24, a.State, a.Code)));
            }
        }

        Assert.Equal(
            [(10, "certificate-30"), (33, "certificate-7"), (39, "certificate-1"), (40, "certificate-expired")],
            told.Where(t => t.State == "raised").Select(t => (t.Day, t.Code)));
        Assert.Equal(["certificate-expired"], Up.Where(c => c.StartsWith("certificate", StringComparison.Ordinal)));
        Assert.Contains("expired on 2026-04-10 12:00 UTC", Text("certificate-expired"), StringComparison.Ordinal);

        // A new one ends the alarm.
        Certificate(_time.GetUtcNow().AddDays(400), FakeTime.Start);
        _core.Certificates = await CertificateWatch.Read(_core.Context.Options, TestContext.Current.CancellationToken);
        Run(10);
        Assert.DoesNotContain("certificate-expired", Up);
    }

    [Fact]
    public async Task F41_the_web_servers_own_certificate_is_watched_and_of_its_chain_the_first_to_expire_counts()
    {
        string file = Certificate(FakeTime.Start.AddDays(40), FakeTime.Start.AddDays(-1));
        string authority = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Certificate(FakeTime.Start.AddDays(5), FakeTime.Start.AddDays(-1));
        await File.AppendAllTextAsync(file, authority, TestContext.Current.CancellationToken);
        SiteOptions options = _core.Context.Options with { Mqtt = new MqttSection(), Http = new HttpSection { Urls = "https://127.0.0.1:0", CertificateFile = file, KeyFile = file + ".key" } };
        _core.Certificates = await CertificateWatch.Read(options, TestContext.Current.CancellationToken);
        Assert.Equal(new CertificateLife("http.certificateFile", FakeTime.Start.AddDays(5)), Assert.Single(_core.Certificates));
        Run(10);
        Assert.Contains("http.certificateFile", Text("certificate-7"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F41_at_expiry_the_host_goes_on_without_a_broker_and_its_boards_fall_as_in_F2()
    {
        // The real library at a real broker whose certificate has expired: refused with a sentence, no exception, and the loop turns.
        string server = Certificate(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(-100));
        using TestBroker broker = new(listenerLines: "certfile " + server + "\nkeyfile " + server + ".key");
        SiteOptions options = _core.Context.Options with { Mqtt = new MqttSection { Port = broker.Port, CaFile = server } };
        using MosquittoConnection connection = new();
        using HostCore core = new(options, connection, new MemoryJournal(), TimeProvider.System, NullLogger<HostCore>.Instance, 1);
        core.Begin();
        Wait.Until(
            () =>
            {
                core.Round();
                return connection.LastResult.Code == MqttConnectCode.Tls;
            },
            "the handshake to fail");
        core.Round();
        Assert.Equal((false, HostPhase.Offline, 0L), (core.IsConnected, core.Dispatcher.Phase, core.HandlerFailures));
        IReadOnlyList<CertificateLife> seen = await CertificateWatch.Read(options, TestContext.Current.CancellationToken);
        Assert.Equal(["mqtt.caFile", "mqtt broker"], seen.Select(c => c.Name));
        Assert.All(seen, c => Assert.True(c.NotAfter < DateTimeOffset.UtcNow));
        core.End();

        // What that means for the boards is a broker that stays away: at failsafe when their leases end (F2, S09).
        ToySite site = new ToySite(6, 1).UpAndRunning();
        site.BrokerDown();
        site.Run(site.Options.LeaseS + site.Options.FailSpreadS + 1);
        Assert.All(site.Boards, b => Assert.True(b.PowerMw <= b.Ladder.PowerMw(0)));
    }

    // A certificate that signs itself, with its key beside it; both as one authority and as a server's.
    private string Certificate(DateTimeOffset end, DateTimeOffset start)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(start, end);
        string file = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(file, made.ExportCertificatePem() + "\n");
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }
}
