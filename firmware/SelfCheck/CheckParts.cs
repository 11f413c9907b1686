using System;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Grid;
using Ballast.Hw.Bus;
using Ballast.Wire;

namespace Ballast.SelfCheck
{
    /// <summary>A broker link that holds one message and takes whatever is published.</summary>
    internal sealed class CheckLink : IMqttLink
    {
        private readonly byte[] _payload = new byte[MqttInbound.MaxPayload];
        private byte[] _topic = new byte[0];
        private int _length = -1;

        /// <inheritdoc/>
        public bool IsConnected => true;

        /// <inheritdoc/>
        public int ConnectCount => 1;

        /// <inheritdoc/>
        public void Configure(string clientId, string[] subscriptions, string willTopic, byte[] will, int willLength)
        {
        }

        /// <inheritdoc/>
        public void Poll(long nowMs)
        {
        }

        /// <summary>Puts a message where the agent finds it in its next step.</summary>
        internal void Deliver(string topic, byte[] payload, int length)
        {
            _topic = Ascii.Bytes(topic);
            Array.Copy(payload, 0, _payload, 0, length);
            _length = length;
        }

        /// <inheritdoc/>
        public bool TryReceive(MqttInbound into)
        {
            if (_length < 0)
                return false;
            Array.Copy(_topic, 0, into.Topic, 0, _topic.Length);
            into.TopicLength = _topic.Length;
            Array.Copy(_payload, 0, into.Payload, 0, _length);
            into.PayloadLength = _length;
            into.Retained = false;
            into.Oversize = false;
            _length = -1;
            return true;
        }

        /// <inheritdoc/>
        public bool Publish(string topic, byte[] payload, int length, int qos, bool retain) => true;
    }

    /// <summary>Storage that lasts as long as the program.</summary>
    internal sealed class MemoryStore : IStore
    {
        private readonly byte[]?[] _slots = new byte[]?[2];

        /// <inheritdoc/>
        public int Read(int slot, byte[] buffer)
        {
            byte[]? data = _slots[slot];
            if (data == null)
                return 0;
            int count = data.Length < buffer.Length ? data.Length : buffer.Length;
            Array.Copy(data, 0, buffer, 0, count);
            return count;
        }

        /// <inheritdoc/>
        public bool Write(int slot, byte[] buffer, int count)
        {
            byte[] data = new byte[count];
            Array.Copy(buffer, 0, data, 0, count);
            _slots[slot] = data;
            return true;
        }
    }

    /// <summary>The firmware's own SHA-256 for the chip model: the device has no other.</summary>
    internal sealed class OwnDigest : IDigest
    {
        /// <inheritdoc/>
        public void DoubleSha256(byte[] data, int offset, int count, byte[] hash, int hashOffset) =>
            Sha256.DoubleHash(data, offset, count, hash, hashOffset);
    }
}
