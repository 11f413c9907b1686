using System.Runtime.InteropServices;
using Ballast.Mqtt.Native;

namespace Ballast.Mqtt;

/// <summary>
/// One connection over libmosquitto without a thread: the owner calls <see cref="Poll"/> often and decides when to try again.
/// Made for thousands of virtual boards in one process. Not thread-safe, except <see cref="Publish"/> where
/// <see cref="MosquittoConnection"/> guards it.
/// </summary>
public sealed unsafe partial class MosquittoClient : IDisposable
{
    private const int MaxReadsPerPoll = 64;

    // The library asks a silent broker after one of its keep-alives and gives up after another: with three quarters of ours, a broker that
    // accepts and says nothing is noticed within 1.5 times ours, as the other side notices us (F30).
    private const int LeastKeepAliveS = 5;

    private readonly MqttOptions _options;
    private readonly IMqttReceiver _receiver;
    private readonly bool _external;
    private nint _native;
    private GCHandle _self;
    private int _subscriptionsOpen;
    private int _received;
    private volatile MqttClientState _state;
    private MqttConnectResult _result = new(MqttConnectCode.None, "No attempt to connect has ended yet.");
    private bool _failureUnreported;
    private bool _disposed;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="options">The broker, the will and the subscriptions.</param>
    /// <param name="receiver">Called from <see cref="Poll"/> only.</param>
    /// <exception cref="DllNotFoundException">libmosquitto is missing; the message names the package.</exception>
    public MosquittoClient(MqttOptions options, IMqttReceiver receiver)
        : this(options, receiver, external: false)
    {
    }

    internal MosquittoClient(MqttOptions options, IMqttReceiver receiver, bool external)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        if (MosquittoLibrary.Problem is { } problem)
        {
            throw new DllNotFoundException(problem);
        }

        _options = options;
        _receiver = receiver;
        _external = external;
    }

    /// <summary>Where the connection stands.</summary>
    public MqttClientState State => _state;

    /// <summary>Completed connects.</summary>
    public int ConnectCount { get; private set; }

    /// <summary>How the last attempt ended, or why the connection was lost.</summary>
    public MqttConnectResult LastResult => _result;

    /// <summary>Calls of the receiver that threw.</summary>
    public long HandlerFailures { get; private set; }

    /// <summary>What the last of those was, or null.</summary>
    public string? LastHandlerFailure { get; private set; }

    /// <summary>The socket's descriptor for a caller's own wait, or -1.</summary>
    public int SocketFd => _native == 0 ? -1 : MosquittoNative.mosquitto_socket(_native);

    /// <summary>True if <see cref="Poll"/> should also be called when the socket can take bytes.</summary>
    public bool WantWrite => _native != 0 && MosquittoNative.mosquitto_want_write(_native);

    /// <summary>
    /// Starts an attempt without blocking (a host name, not an address, is resolved first and may block). Any earlier connection is
    /// dropped with everything unsent: what was not delivered is stale by then. The receiver hears of a failure at the next
    /// <see cref="Poll"/>, never from here.
    /// </summary>
    public void BeginConnect()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Destroy();
        _self = GCHandle.Alloc(this);
        _native = MosquittoNative.mosquitto_new(_options.ClientId, _options.CleanSession, (void*)GCHandle.ToIntPtr(_self));
        if (_native == 0)
        {
            Destroy();
            Refuse(MqttConnectCode.Configuration, "The client id '" + _options.ClientId + "' cannot be used: it must not be empty or hold non-UTF-8 text.");
            return;
        }

        string? wrong = Configure();
        if (wrong is not null)
        {
            Destroy();
            Refuse(MqttConnectCode.Configuration, wrong);
            return;
        }

        _subscriptionsOpen = 0;
        _state = MqttClientState.Connecting;
        int rc = MosquittoNative.mosquitto_connect_async(_native, _options.Host, _options.Port, Math.Max(LeastKeepAliveS, _options.KeepAliveS * 3 / 4));
        if (rc is not (MosquittoError.Success or MosquittoError.ConnPending))
        {
            (MqttConnectCode code, string sentence) = Explain(rc, Marshal.GetLastPInvokeError());
            Refuse(code, sentence);
        }
    }

    /// <summary>Reads and writes what is ready, without waiting. Calls the receiver.</summary>
    public void Poll()
    {
        if (_failureUnreported)
        {
            _failureUnreported = false;
            _receiver.OnDisconnected(_result);
        }

        if (_native == 0 || _state == MqttClientState.Down)
        {
            return;
        }

        int rc;
        int reads = 0;
        int before;
        do
        {
            before = _received;
            rc = MosquittoNative.mosquitto_loop_read(_native, 1);
        }
        while (rc == MosquittoError.Success && _received != before && ++reads < MaxReadsPerPoll);
        if (rc == MosquittoError.Success && MosquittoNative.mosquitto_want_write(_native))
        {
            rc = MosquittoNative.mosquitto_loop_write(_native, 1);
        }

        int errno = Marshal.GetLastPInvokeError();
        if (rc == MosquittoError.Success)
        {
            rc = MosquittoNative.mosquitto_loop_misc(_native);
        }

        if (rc != MosquittoError.Success && _state != MqttClientState.Down)
        {
            (MqttConnectCode code, string sentence) = Explain(rc, errno);
            Fail(code, sentence);
        }
    }

    /// <summary>Publishes one message; nothing is queued while not connected.</summary>
    /// <param name="topic">Topic, no wildcards.</param>
    /// <param name="payload">Payload; copied.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">True: the broker keeps it.</param>
    public MqttPublishResult Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain)
    {
        if (_native == 0 || _state != MqttClientState.Connected)
        {
            return MqttPublishResult.NotConnected;
        }

        int rc;
        fixed (byte* bytes = payload)
        {
            rc = MosquittoNative.mosquitto_publish(_native, null, topic, payload.Length, bytes, qos, retain);
        }

        return rc switch
        {
            MosquittoError.Success => MqttPublishResult.Taken,
            MosquittoError.NoConnection or MosquittoError.ConnectionLost => MqttPublishResult.NotConnected,
            MosquittoError.Invalid or MosquittoError.PayloadSize or MosquittoError.MalformedUtf8 or MosquittoError.OversizePacket => MqttPublishResult.Invalid,
            _ => MqttPublishResult.Failed,
        };
    }

    /// <summary>Ends with a DISCONNECT: the broker drops the will.</summary>
    public void Close()
    {
        if (_native != 0 && _state != MqttClientState.Down)
        {
            _state = MqttClientState.Down;
            _result = new MqttConnectResult(MqttConnectCode.Closed, "This side closed the connection.");
            _ = MosquittoNative.mosquitto_disconnect(_native);
            if (MosquittoNative.mosquitto_want_write(_native))
            {
                _ = MosquittoNative.mosquitto_loop_write(_native, 1);
            }
        }

        Destroy();
    }

    /// <summary>Cuts the socket without a DISCONNECT, as a crash would: the broker publishes the will.</summary>
    public void Abort()
    {
        _state = MqttClientState.Down;
        _result = new MqttConnectResult(MqttConnectCode.Closed, "This side cut the connection.");
        Destroy();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            Close();
            _disposed = true;
        }
    }

    private string? Configure()
    {
        _ = MosquittoNative.mosquitto_int_option(_native, MosquittoOption.TcpNoDelay, 1);

        // Orders for many pods leave together; the library's default lets only 20 be unacknowledged.
        _ = MosquittoNative.mosquitto_int_option(_native, MosquittoOption.SendMaximum, 65535);
        _ = MosquittoNative.mosquitto_threaded_set(_native, _external);
        if (_options.User is not null
            && MosquittoNative.mosquitto_username_pw_set(_native, _options.User, _options.Password) != MosquittoError.Success)
        {
            return "The MQTT user name or password cannot be used: both must be UTF-8.";
        }

        if (_options.Will is { } will)
        {
            fixed (byte* bytes = will.Payload)
            {
                if (MosquittoNative.mosquitto_will_set(_native, will.Topic, will.Payload.Length, bytes, will.Qos, will.Retain) != MosquittoError.Success)
                {
                    return "The MQTT will on '" + will.Topic + "' cannot be used: check its topic for wildcards.";
                }
            }
        }

        if (_options.Tls is { } tls)
        {
            if (MosquittoNative.mosquitto_tls_set(_native, tls.CaFile, null, tls.CertificateFile, tls.KeyFile, null) != MosquittoError.Success)
            {
                return "The TLS files cannot be used. Check that '" + tls.CaFile + "' and the client certificate with its key exist and can be read.";
            }

            _ = MosquittoNative.mosquitto_tls_insecure_set(_native, tls.SkipHostNameCheck);
        }

        MosquittoNative.mosquitto_connect_callback_set(_native, &OnConnect);
        MosquittoNative.mosquitto_subscribe_callback_set(_native, &OnSubscribe);
        MosquittoNative.mosquitto_message_callback_set(_native, &OnMessage);
        return null;
    }

    private void Destroy()
    {
        _state = MqttClientState.Down;
        if (_native != 0)
        {
            MosquittoNative.mosquitto_destroy(_native);
            _native = 0;
        }

        // Only now: the library may call back until it is destroyed.
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private (MqttConnectCode Code, string Sentence) Explain(int rc, int errno)
    {
        MqttConnectCode code = rc switch
        {
            MosquittoError.Tls or MosquittoError.TlsHandshake => MqttConnectCode.Tls,
            MosquittoError.KeepAlive => MqttConnectCode.KeepAlive,
            MosquittoError.Invalid => MqttConnectCode.Configuration,
            _ => MqttConnectCode.Network,
        };
        string why = rc == MosquittoError.KeepAlive ? "it says nothing any more; it hangs, or the way to it is cut"
            : rc == MosquittoError.Errno && errno != 0
            ? Marshal.GetPInvokeErrorMessage(errno)
            : Marshal.PtrToStringUTF8((nint)MosquittoNative.mosquitto_strerror(rc)) ?? "code " + rc;
        return (code, "No connection to the MQTT broker at " + _options.Host + ":" + _options.Port + ": " + why.TrimEnd('.') + ".");
    }

    private void Refuse(MqttConnectCode code, string sentence)
    {
        _state = MqttClientState.Down;
        _result = new MqttConnectResult(code, sentence);
        _failureUnreported = true;
    }

    private void Fail(MqttConnectCode code, string sentence)
    {
        _state = MqttClientState.Down;
        _result = new MqttConnectResult(code, sentence);
        _receiver.OnDisconnected(_result);
    }

    private void Connected(int rc)
    {
        if (rc != 0)
        {
            (MqttConnectCode code, string why) = rc switch
            {
                1 => (MqttConnectCode.RefusedProtocol, "it does not speak MQTT 3.1.1"),
                2 => (MqttConnectCode.RefusedClientId, "it does not accept the client id '" + _options.ClientId + "'"),
                4 => (MqttConnectCode.RefusedCredentials, "user name or password is wrong"),
                5 => (MqttConnectCode.RefusedNotAuthorized, "user name or password is wrong, or the user may not connect"),
                _ => (MqttConnectCode.RefusedUnavailable, "it is not available (code " + rc + ")"),
            };
            Fail(code, "The MQTT broker at " + _options.Host + ":" + _options.Port + " refused the connection: " + why + ".");
            return;
        }

        _subscriptionsOpen = _options.Subscriptions.Count;
        foreach (MqttSubscription subscription in _options.Subscriptions)
        {
            if (MosquittoNative.mosquitto_subscribe(_native, null, subscription.Filter, subscription.Qos) != MosquittoError.Success)
            {
                Fail(MqttConnectCode.RefusedSubscription, "The topic filter '" + subscription.Filter + "' cannot be subscribed to.");
                return;
            }
        }

        if (_subscriptionsOpen == 0)
        {
            Up();
        }
    }

    private void Up()
    {
        _state = MqttClientState.Connected;
        _result = new MqttConnectResult(MqttConnectCode.Accepted, "Connected to the MQTT broker at " + _options.Host + ":" + _options.Port + ".");
        ConnectCount++;
        _receiver.OnConnected();
    }
}
