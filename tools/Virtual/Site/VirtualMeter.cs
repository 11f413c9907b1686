using System.Globalization;
using System.Text;
using Ballast.Hw.Bus;
using Ballast.Mqtt;

namespace Ballast.Virtual.Site;

/// <summary>
/// The site's load meter: once a second the sum of the models' true power plus the base load, to the broker for the host and to the
/// oracle directly. What boards say about themselves never enters it.
/// </summary>
public sealed class VirtualMeter : IMqttReceiver, IDisposable
{
    private readonly IClock _clock;
    private readonly Func<long> _powerMw;
    private readonly Action<long, long> _sampled;
    private readonly MosquittoConnection _link = new();
    private readonly string _topic;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Starts metering.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="host">Address of the broker.</param>
    /// <param name="port">Port of the broker.</param>
    /// <param name="clock">The site's clock.</param>
    /// <param name="powerMw">True power now, mW.</param>
    /// <param name="sampled">Called with now (ms) and the sample (mW), on the meter's thread.</param>
    public VirtualMeter(string site, string host, int port, IClock clock, Func<long> powerMw, Action<long, long> sampled)
    {
        _clock = clock;
        _powerMw = powerMw;
        _sampled = sampled;
        _topic = $"ballast/v1/{site}/meter";
        _link.Start(new MqttOptions { ClientId = $"{site}-meter", Host = host, Port = port, ReconnectMaxMs = 1_500 }, this);
        _thread = new Thread(Run) { IsBackground = true, Name = "virtual meter" };
        _thread.Start();
    }

    /// <summary>True stops publishing while the oracle is still served: a planted fault.</summary>
    public bool Silent { get; set; }

    /// <summary>Ends the thread and the connection.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _link.Dispose();
    }

    /// <inheritdoc/>
    public void OnConnected()
    {
    }

    /// <inheritdoc/>
    public void OnDisconnected(MqttConnectResult reason)
    {
    }

    /// <inheritdoc/>
    public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
    {
    }

    private void Run()
    {
        long next = _clock.NowMs;
        while (!_stop)
        {
            long now = _clock.NowMs;
            if (now < next)
            {
                Thread.Sleep((int)Math.Min(next - now, 100));
                continue;
            }

            // After a stall the missed samples are not made up.
            next = Math.Max(next + 1_000, now);
            long powerMw = _powerMw();
            _sampled(now, powerMw);
            if (!Silent)
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{{\"powerW\":{(powerMw + 500) / 1000},\"sent\":{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}}}");
                _link.Publish(_topic, Encoding.ASCII.GetBytes(text), 0, false);
            }
        }
    }
}
