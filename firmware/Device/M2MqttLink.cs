using System;
using System.Diagnostics;
using System.Text;
using System.Threading;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Start;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace Ballast.Device
{
    /// <summary>
    /// The broker link over M2Mqtt: MQTT 3.1.1, clean session, keep-alive 15 s. Connecting runs in its own thread with 1…4 s jittered pauses.
    /// When a connect that may stop all threads (a name, TLS) is allowed, <see cref="StallRule"/> says (S20).
    /// </summary>
    public sealed class M2MqttLink : IMqttLink
    {
        private const ushort KeepAliveS = 15;
        private const int PollMs = 100;
        private const int PauseMinMs = 1000;
        private const int PauseSpanMs = 3000;

        private readonly BrokerSettings _broker;
        private readonly NameCache _names;
        private readonly IClock _clock;
        private readonly IEntropy _entropy;
        private readonly StallAnswer _answer;
        private readonly Certificates? _certificates;
        private readonly MqttInbox _inbox = new MqttInbox();
        private MqttClient? _client;
        private string _clientId = "";
        private string[] _subscriptions = new string[0];
        private string _willTopic = "";
        private string _will = "";
        private long _retryAtMs;

        /// <summary>A link that connects once <see cref="Configure"/> was called.</summary>
        public M2MqttLink(BrokerSettings broker, BoardDescription board, bool enrolled, NameCache names, IClock clock, IEntropy entropy)
        {
            _answer = StallRule.ForBroker(board, broker, NameCache.IsLiteral(broker.Host), enrolled, out string? why);
            _certificates = Certificates.TryRead(broker, out string? reason);
            if (_certificates == null)
            {
                _answer = StallAnswer.Refused;
                why = reason;
            }

            Why = why;
            _broker = broker;
            _names = names;
            _clock = clock;
            _entropy = entropy;
        }

        /// <summary>Why the link waits or is refused, for the log; null if nothing holds it.</summary>
        public string? Why { get; }

        /// <summary>True while a connect that may stop all threads waits for its moment, and until it is over: the board must not come up (S20).</summary>
        public bool AsksQuiet { get; private set; }

        /// <summary>Set by the control loop every tick: true while the link asks and power is off or at failsafe. False until it says otherwise.</summary>
        public bool MayStall { get; set; }

        /// <inheritdoc/>
        public bool IsConnected
        {
            get { return _client != null && _client.IsConnected; }
        }

        /// <inheritdoc/>
        public int ConnectCount { get; private set; }

        /// <inheritdoc/>
        public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
        {
            bool first = _clientId.Length == 0;
            _subscriptions = subscriptions;
            _willTopic = willTopic;
            _will = Encoding.UTF8.GetString(will, 0, willLength);
            _clientId = clientId;
            if (first && _broker.Host.Length > 0 && _answer != StallAnswer.Refused)
            {
                new Thread(Run).Start();
            }
        }

        /// <inheritdoc/>
        public void Poll(long nowMs)
        {
            // The library has its own threads.
        }

        /// <inheritdoc/>
        public bool TryReceive(MqttInbound into)
        {
            return _inbox.TryTake(into);
        }

        /// <inheritdoc/>
        public bool Publish(string topic, byte[] payload, int length, int qos, bool retain)
        {
            MqttClient? client = _client;
            if (client == null || !client.IsConnected)
            {
                return false;
            }

            try
            {
                // The library queues the array itself, so each message needs its own.
                byte[] message = new byte[length];
                Array.Copy(payload, 0, message, 0, length);
                client.Publish(topic, message, "", null!, qos == 0 ? MqttQoSLevel.AtMostOnce : MqttQoSLevel.AtLeastOnce, retain);
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }

        private void Run()
        {
            try
            {
                while (true)
                {
                    Thread.Sleep(PollMs);
                    bool due = !IsConnected && _clock.NowMs >= _retryAtMs && (!_broker.Tls || HasDate);
                    AsksQuiet = due && _answer != StallAnswer.Now;
                    if (due && (!AsksQuiet || MayStall))
                    {
                        Connect();
                        _retryAtMs = _clock.NowMs + PauseMinMs + (_entropy.NextUInt32() % PauseSpanMs);
                        MayStall = false;
                        AsksQuiet = false;
                    }
                }
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("broker link", e.Message);
            }
        }

        /// <summary>A certificate cannot be judged before the time server answered: the device starts in 1970.</summary>
        private static bool HasDate
        {
            get { return DateTime.UtcNow.Year > 2024; }
        }

        private void Connect()
        {
            Drop();
            try
            {
                // TLS checks the certificate against the name; plain TCP takes the cached address.
                string host = _broker.Host;
                if (!_broker.Tls)
                {
                    System.Net.IPAddress? address = _names.Find(host);
                    if (address == null)
                    {
                        return;
                    }

                    host = address.ToString();
                }

                MqttClient client = new MqttClient(host, _broker.Port, _broker.Tls, _certificates!.Ca!, _certificates.Own!, _broker.Tls ? MqttSslProtocols.TLSv1_2 : MqttSslProtocols.None)
                {
                    ProtocolVersion = MqttProtocolVersion.Version_3_1_1,
                };
                client.MqttMsgPublishReceived += OnMessage;
                _client = client;
                _inbox.Clear();
                MqttReasonCode answer = client.Connect(_clientId, _broker.User!, _broker.Password!, true, MqttQoSLevel.AtLeastOnce, true, _willTopic, _will, true, KeepAliveS);
                if (answer != MqttReasonCode.Success)
                {
                    Debug.WriteLine("broker refused the connection, code " + ((int)answer).ToString());
                    Drop();
                    return;
                }

                MqttQoSLevel[] levels = new MqttQoSLevel[_subscriptions.Length];
                for (int i = 0; i < levels.Length; i++)
                {
                    levels[i] = MqttQoSLevel.AtLeastOnce;
                }

                client.Subscribe(_subscriptions, levels);
                ConnectCount++;
            }
            catch (Exception e)
            {
                Debug.WriteLine("no connection to the broker: " + e.Message);
                _names.Forget(_broker.Host);
                Drop();
            }
        }

        private void OnMessage(object sender, MqttMsgPublishEventArgs e)
        {
            try
            {
                _inbox.Put(e.Topic, e.Message, e.Retain);
            }
            catch (Exception)
            {
                // A message that cannot be taken is lost like one that never came. The library's thread must live: without it the board would
                // look connected and hear nothing.
            }
        }

        private void Drop()
        {
            MqttClient? old = _client;
            _client = null;
            if (old == null)
            {
                return;
            }

            old.MqttMsgPublishReceived -= OnMessage;
            try
            {
                old.Close();
                old.Dispose();
            }
            catch (Exception)
            {
                // It is gone either way.
            }
        }
    }
}
