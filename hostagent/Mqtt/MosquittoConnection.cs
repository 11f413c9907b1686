namespace Ballast.Mqtt;

/// <summary>
/// The default stack behind <see cref="IMqttConnection"/>: a <see cref="MosquittoClient"/> on one background thread.
/// The library's own thread is not used: it ends for good on some errors, waits with select (1,024 descriptors) and reconnects
/// without jitter.
/// </summary>
public sealed class MosquittoConnection : IMqttConnection
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Random _random = new();
    private MosquittoClient? _client;
    private WakePipe? _wake;
    private Thread? _thread;
    private MqttOptions? _options;

    /// <inheritdoc/>
    public bool IsConnected => _client is { State: MqttClientState.Connected };

    /// <inheritdoc/>
    public int ConnectCount => _client?.ConnectCount ?? 0;

    /// <inheritdoc/>
    public MqttConnectResult LastResult => _client?.LastResult ?? new MqttConnectResult(MqttConnectCode.None, "Not started.");

    /// <inheritdoc/>
    public long HandlerFailures => _client?.HandlerFailures ?? 0;

    /// <inheritdoc/>
    public string? LastHandlerFailure => _client?.LastHandlerFailure;

    /// <inheritdoc/>
    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        if (_thread is not null)
        {
            throw new InvalidOperationException("This MQTT connection has already been started.");
        }

        _options = options;
        _client = new MosquittoClient(options, receiver, external: true);
        _wake = new WakePipe();
        _thread = new Thread(Run) { IsBackground = true, Name = "mqtt " + options.ClientId };
        _thread.Start();
    }

    /// <inheritdoc/>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        MqttPublishResult result;
        lock (_gate)
        {
            if (_client is null || _stop.IsSet)
            {
                return MqttPublishResult.NotConnected;
            }

            result = _client.Publish(topic, payload, qos, retain);
            _wake!.Wake();
        }

        return result;
    }

    /// <inheritdoc/>
    public void Close()
    {
        Thread? thread = _thread;
        if (thread is null || _stop.IsSet)
        {
            return;
        }

        _stop.Set();
        _wake!.Wake();
        if (thread != Thread.CurrentThread)
        {
            thread.Join();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        lock (_gate)
        {
            _wake?.Dispose();
            _wake = null;
            _client?.Dispose();
        }
    }

    private void Run()
    {
        MosquittoClient client = _client!;
        WakePipe wake = _wake!;
        while (!_stop.IsSet)
        {
            // The gate keeps publishers away while the native client is replaced. It is never held while the receiver is called
            // from Poll, so a receiver that takes its own locks cannot meet a publisher that holds them.
            lock (_gate)
            {
                client.BeginConnect();
            }

            client.Poll();
            while (!_stop.IsSet && client.State != MqttClientState.Down)
            {
                wake.Wait(client.SocketFd, client.WantWrite, 500);
                client.Poll();
            }

            if (!_stop.IsSet)
            {
                _stop.Wait(_random.Next(_options!.ReconnectMinMs, Math.Max(_options.ReconnectMinMs, _options.ReconnectMaxMs) + 1));
            }
        }

        // What publishers left in the queue goes out before the DISCONNECT.
        for (int i = 0; i < 100 && client.State == MqttClientState.Connected && client.WantWrite; i++)
        {
            client.Poll();
        }

        lock (_gate)
        {
            client.Close();
        }
    }
}
