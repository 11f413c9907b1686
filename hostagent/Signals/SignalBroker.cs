using System.Text;
using Ballast.Host.Options;
using Ballast.Mqtt;

namespace Ballast.Host.Signals;

/// <summary>Which broker a signal came over.</summary>
public enum SignalPath
{
    /// <summary>The site's own.</summary>
    Site,

    /// <summary>The second one, which the grid side runs.</summary>
    Grid,
}

/// <summary>
/// The link to a second broker that only carries `grid/signal`. Its loss changes nothing at once: what it said holds, and a source that is
/// heard nowhere becomes stale like any other (S17).
/// </summary>
internal sealed class SignalBroker(SiteOptions options, IMqttConnection connection, Action<byte[], bool> take, Action<bool, string> linked) : IMqttReceiver, IDisposable
{
    /// <summary>Starts connecting; comes back by itself after every loss.</summary>
    internal void Start()
    {
        MqttSection broker = options.SignalBroker!;
        connection.Start(
            new MqttOptions
            {
                ClientId = "ballast-host-" + options.Site + "-" + options.HostId + "-signal",
                Host = broker.Host,
                Port = broker.Port,
                User = broker.User,
                Password = broker.Password,
                KeepAliveS = Math.Max(5, options.KeepAliveS),
                Tls = broker.CaFile is null ? null : new MqttTls(broker.CaFile, broker.CertificateFile, broker.KeyFile),
                Subscriptions = [new("ballast/v1/" + options.Site + "/grid/signal")],
            },
            this);
    }

    /// <inheritdoc/>
    public void OnConnected() => linked(true, connection.LastResult.Sentence);

    /// <inheritdoc/>
    public void OnDisconnected(MqttConnectResult reason) => linked(false, reason.Sentence);

    /// <inheritdoc/>
    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
        if (payload.Length <= 4096 && topic.EndsWith(Encoding.ASCII.GetBytes("/grid/signal")))
        {
            take(payload.ToArray(), retained);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connection.Close();
        connection.Dispose();
    }
}
