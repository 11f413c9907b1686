namespace Ballast.Firmware.Grid
{
    /// <summary>One message that arrived, in buffers that the receiver owns and reuses.</summary>
    public sealed class MqttInbound
    {
        /// <summary>Largest topic, bytes.</summary>
        public const int MaxTopic = 128;

        /// <summary>Largest payload kept; a longer one arrives with <see cref="Oversize"/> set and no payload.</summary>
        public const int MaxPayload = 1024;

        /// <summary>The topic in UTF-8.</summary>
        public readonly byte[] Topic = new byte[MaxTopic];

        /// <summary>Bytes used of <see cref="Topic"/>.</summary>
        public int TopicLength;

        /// <summary>The payload.</summary>
        public readonly byte[] Payload = new byte[MaxPayload];

        /// <summary>Bytes used of <see cref="Payload"/>.</summary>
        public int PayloadLength;

        /// <summary>True if the broker marked it as retained.</summary>
        public bool Retained;

        /// <summary>True if topic or payload did not fit; it was dropped and only counts.</summary>
        public bool Oversize;
    }

    /// <summary>
    /// The board's connection to its broker. Whoever implements it reconnects by itself with 1…4 s jittered back-off, clean session,
    /// sets the will and subscribes again; nothing here blocks the control loop beyond a socket write.
    /// </summary>
    public interface IMqttLink
    {
        /// <summary>True while subscribed and able to publish.</summary>
        bool IsConnected { get; }

        /// <summary>Counts completed connects, so that a follower sees a reconnect and publishes birth and state again.</summary>
        int ConnectCount { get; }

        /// <summary>Sets what the next connect uses. The will is retained, QoS 1.</summary>
        void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength);

        /// <summary>Lets an implementation without its own thread do its input and output. Called every control tick.</summary>
        void Poll(long nowMs);

        /// <summary>Takes the oldest message; false when there is none.</summary>
        bool TryReceive(MqttInbound into);

        /// <summary>Publishes. False if it was not taken (not connected, queue full): the caller decides whether to try again.</summary>
        bool Publish(string topic, byte[] payload, int length, int qos, bool retain);
    }
}
