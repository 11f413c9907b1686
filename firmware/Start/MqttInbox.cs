using System;
using System.Text;
using Ballast.Firmware.Grid;

namespace Ballast.Firmware.Start
{
    /// <summary>
    /// Messages between the library's thread and the control loop: a ring of buffers that are reused. When it is full the oldest is
    /// dropped, because the newest order counts; the repeats of the pod's order make up for it.
    /// </summary>
    public sealed class MqttInbox
    {
        /// <summary>Messages held.</summary>
        public const int Capacity = 8;

        private readonly object _lock = new object();
        private readonly MqttInbound[] _ring = new MqttInbound[Capacity];
        private int _first;
        private int _count;

        /// <summary>An empty box.</summary>
        public MqttInbox()
        {
            for (int i = 0; i < Capacity; i++)
            {
                _ring[i] = new MqttInbound();
            }
        }

        /// <summary>Messages dropped because nobody took them in time.</summary>
        public int Dropped { get; private set; }

        /// <summary>Puts a message in. A topic or payload that does not fit arrives marked as oversize.</summary>
        public void Put(string topic, byte[] payload, bool retained)
        {
            lock (_lock)
            {
                if (_count == Capacity)
                {
                    _first = (_first + 1) % Capacity;
                    _count--;
                    Dropped++;
                }

                MqttInbound m = _ring[(_first + _count) % Capacity];
                _count++;
                m.Retained = retained;

                // Topics are ASCII, so characters are bytes; any other is not for us.
                m.Oversize = topic.Length > MqttInbound.MaxTopic || payload.Length > MqttInbound.MaxPayload || !IsAscii(topic);
                m.TopicLength = m.Oversize ? 0 : Encoding.UTF8.GetBytes(topic, 0, topic.Length, m.Topic, 0);
                m.PayloadLength = m.Oversize ? 0 : payload.Length;
                Array.Copy(payload, 0, m.Payload, 0, m.PayloadLength);
            }
        }

        /// <summary>Takes the oldest message; false when there is none.</summary>
        public bool TryTake(MqttInbound into)
        {
            lock (_lock)
            {
                if (_count == 0)
                {
                    return false;
                }

                MqttInbound m = _ring[_first];
                _first = (_first + 1) % Capacity;
                _count--;
                into.Retained = m.Retained;
                into.Oversize = m.Oversize;
                into.TopicLength = m.TopicLength;
                into.PayloadLength = m.PayloadLength;
                Array.Copy(m.Topic, 0, into.Topic, 0, m.TopicLength);
                Array.Copy(m.Payload, 0, into.Payload, 0, m.PayloadLength);
                return true;
            }
        }

        /// <summary>Empties the box: what an old connection brought is not mixed with a new one's.</summary>
        public void Clear()
        {
            lock (_lock)
            {
                _count = 0;
            }
        }

        private static bool IsAscii(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] > 127)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
