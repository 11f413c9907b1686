using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Ballast.Mqtt;

/// <summary>Our options in MQTTnet's words.</summary>
internal static class MqttNetOptions
{
    // The library's default of 8 KiB is also its socket buffer, and fan-in of a fleet overruns it.
    private const int SocketBufferBytes = 256 * 1024;

    /// <summary>The options of a connection.</summary>
    /// <exception cref="ArgumentException">The will's topic holds wildcards.</exception>
    /// <exception cref="IOException">A TLS file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A TLS file is not what it should be.</exception>
    internal static MqttClientOptions Of(MqttOptions options)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithClientId(options.ClientId)
            .WithCleanSession(options.CleanSession)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveS))
            .WithTimeout(TimeSpan.FromSeconds(options.KeepAliveS))
            .WithTcpServer(tcp =>
            {
                tcp.BufferSize = SocketBufferBytes;
                tcp.NoDelay = true;

                // The library's default resets the connection at its end, which can overtake the DISCONNECT and so send the will.
                tcp.LingerState = new LingerOption(false, 0);
            })
            .WithEndPoint(new DnsEndPoint(options.Host, options.Port));
        if (options.User is not null)
        {
            builder.WithCredentials(options.User, options.Password);
        }

        if (options.Will is { } will)
        {
            if (will.Topic.AsSpan().ContainsAny('#', '+'))
            {
                throw new ArgumentException("the will's topic '" + will.Topic + "' holds wildcards");
            }

            builder.WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillQualityOfServiceLevel((MqttQualityOfServiceLevel)will.Qos).WithWillRetain(will.Retain);
        }

        if (options.Tls is { } tls)
        {
            builder.WithTlsOptions(Tls(tls));
        }

        return builder.Build();
    }

    /// <summary>One subscription.</summary>
    internal static MqttClientSubscribeOptions Of(MqttSubscription subscription)
        => new MqttClientSubscribeOptionsBuilder().WithTopicFilter(subscription.Filter, (MqttQualityOfServiceLevel)subscription.Qos).Build();

    private static MqttClientTlsOptions Tls(MqttTls tls)
    {
        X509Certificate2Collection trusted = [];
        trusted.ImportFromPemFile(tls.CaFile);
        MqttClientTlsOptionsBuilder builder = new MqttClientTlsOptionsBuilder()
            .UseTls()
            .WithTrustChain(trusted)

            // A site's own authority has no revocation service; a stolen certificate is taken out at the broker.
            .WithIgnoreCertificateRevocationErrors();
        if (tls.CertificateFile is not null)
        {
            builder.WithClientCertificates([X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile)]);
        }

        if (tls.SkipHostNameCheck)
        {
            builder.WithCertificateValidationHandler(args => (args.SslPolicyErrors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None);
        }

        return builder.Build();
    }
}
