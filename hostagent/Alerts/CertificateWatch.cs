using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ballast.Host.Metrics;
using Ballast.Host.Options;

namespace Ballast.Host.Alerts;

/// <summary>Reads when certificates expire (F41): those in files of the configuration, the web server's own among them, and those that brokers show.</summary>
internal static class CertificateWatch
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>All that can be read now. What cannot be read is left out: whoever needs it says so itself.</summary>
    internal static async Task<IReadOnlyList<CertificateLife>> Read(SiteOptions options, CancellationToken stop)
    {
        List<CertificateLife> found = [];
        Add(found, "http.certificateFile", options.Http.CertificateFile, authority: false);
        foreach ((string name, MqttSection? broker) in new[] { ("mqtt", options.Mqtt), ("signalBroker", options.SignalBroker) })
        {
            if (broker is null)
            {
                continue;
            }

            Add(found, name + ".caFile", broker.CaFile, authority: true);
            Add(found, name + ".certificateFile", broker.CertificateFile, authority: false);
            if (broker.CaFile is not null && await Shown(broker, stop) is { } notAfter)
            {
                found.Add(new CertificateLife(name + " broker", notAfter));
            }
        }

        return found;
    }

    private static void Add(List<CertificateLife> found, string name, string? file, bool authority)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(file);

            // Of several authorities the last one counts, because old ones may stay in the file; of a chain the first to expire.
            DateTime[] ends = [.. all.Select(c => c.NotAfter.ToUniversalTime())];
            if (ends.Length > 0)
            {
                found.Add(new CertificateLife(name, authority ? ends.Max() : ends.Min()));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The connection that needs it tells what is wrong.
        }
    }

    // A handshake and nothing else: no MQTT, no client certificate, no trust is asked for.
    [SuppressMessage("Security", "CA5359", Justification = "Nothing is sent or believed: an expired certificate is what this looks for.")]
    private static async Task<DateTimeOffset?> Shown(MqttSection broker, CancellationToken stop)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(AnswerWithin);
        DateTimeOffset? notAfter = null;
        try
        {
            using TcpClient socket = new();
            await socket.ConnectAsync(broker.Host, broker.Port, timeout.Token);
            await using SslStream tls = new(socket.GetStream(), false);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = broker.Host,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        notAfter = certificate is X509Certificate2 shown ? shown.NotAfter.ToUniversalTime() : null;
                        return true;
                    },
                },
                timeout.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // Not reached, or it wants a client certificate: what it showed before that still counts.
        }

        return notAfter;
    }
}
