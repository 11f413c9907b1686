using System.Buffers;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Ballast.Mqtt;

/// <summary>The stack of <c>-p:MqttStack=mqttnet</c> behind <see cref="IMqttConnection"/>: MQTTnet 5, without any native library.</summary>
public sealed class MqttNetConnection : IMqttConnection
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random = new();
    private readonly Lock _calls = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private TaskCompletionSource<MqttClientDisconnectedEventArgs> _lost = NewLoss();
    private MqttOptions? _options;
    private IMqttReceiver? _receiver;
    private Task? _loop;
    private volatile bool _up;
    private bool _disposed;

    /// <inheritdoc/>
    public bool IsConnected => _up && _client.IsConnected;

    /// <inheritdoc/>
    public int ConnectCount { get; private set; }

    /// <inheritdoc/>
    public MqttConnectResult LastResult { get; private set; } = new(MqttConnectCode.None, "Not started.");

    /// <inheritdoc/>
    public long HandlerFailures { get; private set; }

    /// <inheritdoc/>
    public string? LastHandlerFailure { get; private set; }

    /// <inheritdoc/>
    public void Start(MqttOptions options, IMqttReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        if (_loop is not null)
        {
            throw new InvalidOperationException("This MQTT connection has already been started.");
        }

        _options = options;
        _receiver = receiver;
        _client.ApplicationMessageReceivedAsync += Received;
        _client.DisconnectedAsync += args =>
        {
            _lost.TrySetResult(args);
            return Task.CompletedTask;
        };
        _loop = Task.Run(Run);
    }

    /// <inheritdoc/>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        if (!IsConnected || _stop.IsCancellationRequested)
        {
            return MqttPublishResult.NotConnected;
        }

        MqttApplicationMessage message = new()
        {
            Topic = topic,
            PayloadSegment = payload.ToArray(),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            Retain = retain,
        };
        try
        {
            // Packets leave in the order of these calls; what is waited for later is only the broker's acknowledgement.
            Task<MqttClientPublishResult> sent = _client.PublishAsync(message, _stop.Token);
            if (sent.IsFaulted)
            {
                return Result(sent.Exception.GetBaseException());
            }

            // A message that fails later failed with its connection, and the loss is reported.
            _ = sent.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return MqttPublishResult.Taken;
        }
        catch (Exception error) when (error is MqttProtocolViolationException or MqttCommunicationException or ObjectDisposedException or OperationCanceledException or ArgumentException)
        {
            return Result(error);
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        if (_loop is null || _stop.IsCancellationRequested)
        {
            return;
        }

        if (_up)
        {
            // Queued packets go first: the client writes in order.
            Disconnect();
        }

        _stop.Cancel();
        _loop.Wait(CloseTimeout);
        _up = false;
        LastResult = new MqttConnectResult(MqttConnectCode.Closed, "This side closed the connection.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            Close();
            _client.Dispose();
            _stop.Dispose();
            _disposed = true;
        }
    }

    private static TaskCompletionSource<MqttClientDisconnectedEventArgs> NewLoss() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static MqttPublishResult Result(Exception error) => error switch
    {
        MqttProtocolViolationException or ArgumentException => MqttPublishResult.Invalid,
        MqttCommunicationException or ObjectDisposedException or OperationCanceledException => MqttPublishResult.NotConnected,
        _ => MqttPublishResult.Failed,
    };

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            _lost = NewLoss();
            MqttConnectResult result = await Connect().ConfigureAwait(false);
            if (result.IsAccepted)
            {
                LastResult = result;
                ConnectCount++;
                _up = true;
                Call(r => r.OnConnected());
                result = MqttNetWords.OfLoss(_options!, await Lost().ConfigureAwait(false));
                _up = false;
            }

            if (_stop.IsCancellationRequested)
            {
                return;
            }

            LastResult = result;
            Call(r => r.OnDisconnected(result));
            int waitMs = _random.Next(_options!.ReconnectMinMs, Math.Max(_options.ReconnectMinMs, _options.ReconnectMaxMs) + 1);
            await Task.Delay(waitMs, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<MqttClientDisconnectedEventArgs?> Lost()
    {
        using CancellationTokenRegistration stopped = _stop.Token.Register(() => _lost.TrySetCanceled());
        try
        {
            return await _lost.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<MqttConnectResult> Connect()
    {
        MqttOptions options = _options!;
        MqttClientOptions native;
        try
        {
            native = MqttNetOptions.Of(options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            return new MqttConnectResult(MqttConnectCode.Configuration, "The MQTT configuration cannot be used: " + error.Message.TrimEnd('.') + ".");
        }

        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.KeepAliveS));
        try
        {
            MqttClientConnectResult answer = await _client.ConnectAsync(native, timeout.Token).ConfigureAwait(false);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
            {
                return MqttNetWords.OfRefusal(options, answer.ResultCode);
            }

            foreach (MqttSubscription subscription in options.Subscriptions)
            {
                MqttClientSubscribeResult granted = await _client.SubscribeAsync(MqttNetOptions.Of(subscription), timeout.Token).ConfigureAwait(false);
                if (granted.Items.Any(i => (int)i.ResultCode >= 128))
                {
                    Disconnect();
                    return new MqttConnectResult(MqttConnectCode.RefusedSubscription, "The MQTT broker refused a subscription. Check the access list for user '" + options.User + "'.");
                }
            }

            return new MqttConnectResult(MqttConnectCode.Accepted, "Connected to the MQTT broker at " + options.Host + ":" + options.Port + ".");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return MqttNetWords.OfFailure(options, error);
        }
    }

    private Task Received(MqttApplicationMessageReceivedEventArgs args)
    {
        MqttApplicationMessage message = args.ApplicationMessage;
        ReadOnlySequence<byte> payload = message.Payload;
        ReadOnlySpan<byte> bytes = payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray();
        byte[] topic = Encoding.UTF8.GetBytes(message.Topic);
        lock (_calls)
        {
            try
            {
                _receiver!.OnMessage(topic, bytes, (int)message.QualityOfServiceLevel, message.Retain);
            }
            catch (Exception error)
            {
                ReceiverFailed(error);
            }
        }

        return Task.CompletedTask;
    }

    private void Call(Action<IMqttReceiver> action)
    {
        lock (_calls)
        {
            try
            {
                action(_receiver!);
            }
            catch (Exception error)
            {
                ReceiverFailed(error);
            }
        }
    }

    private void ReceiverFailed(Exception error)
    {
        LastHandlerFailure = error.GetType().Name + ": " + error.Message;
        HandlerFailures++;
    }

    private void Disconnect()
    {
        try
        {
            _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None).Wait(CloseTimeout);
        }
        catch (AggregateException)
        {
            // The connection broke meanwhile: there is nobody left to say goodbye to.
        }
    }
}
