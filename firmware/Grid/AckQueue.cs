using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>
    /// Answers that wait for their moment. A newer answer of the dispatch stream replaces an older one that was not sent; those of the
    /// set stream queue, the oldest giving way. A refusal is answered at most once in 10 s per reason.
    /// </summary>
    public sealed class AckQueue
    {
        /// <summary>Answers of the set stream that wait at most.</summary>
        public const int Capacity = 8;

        /// <summary>Shortest time between two answers of one reason, ms.</summary>
        public const int RefuseEveryMs = 10000;

        private readonly AckMessage[] _set = new AckMessage[Capacity];
        private readonly AckMessage _dispatch = new AckMessage();
        private readonly long[] _refusedAt = new long[RejectName.Count];
        private int _first;
        private int _count;
        private long _dispatchAtMs = -1;

        /// <summary>Makes an empty queue; every answer is allocated here.</summary>
        public AckQueue()
        {
            for (int i = 0; i < Capacity; i++)
            {
                _set[i] = new AckMessage();
            }

            for (int i = 0; i < _refusedAt.Length; i++)
            {
                _refusedAt[i] = long.MinValue / 2;
            }
        }

        /// <summary>Queues an answer for a moment.</summary>
        public void Answer(OrderStream stream, uint epoch, uint seq, uint orderId, AckResult result, string reason, long atMs)
        {
            AckMessage to = _dispatch;
            if (stream == OrderStream.Dispatch)
            {
                // A repeat of what is already waiting, or an "again", does not push back or hide what waits.
                if (_dispatchAtMs >= 0 && result != AckResult.Applied)
                {
                    return;
                }

                _dispatchAtMs = _dispatchAtMs >= 0 && _dispatchAtMs < atMs ? _dispatchAtMs : atMs;
            }
            else
            {
                if (_count == Capacity)
                {
                    _first = (_first + 1) % Capacity;
                    _count--;
                }

                to = _set[(_first + _count) % Capacity];
                _count++;
            }

            to.Stream = stream;
            to.Epoch = epoch;
            to.Seq = seq;
            to.OrderId = orderId;
            to.Result = result;
            to.Reason = reason;
        }

        /// <summary>Queues a refusal after the MAC was found right.</summary>
        public void Refuse(OrderStream stream, uint epoch, uint seq, uint orderId, Reject why, long nowMs)
        {
            if (nowMs - _refusedAt[(int)why] < RefuseEveryMs)
            {
                return;
            }

            _refusedAt[(int)why] = nowMs;
            Answer(stream, epoch, seq, orderId, AckResult.Rejected, RejectName.Of(why), nowMs);
        }

        /// <summary>The answer that is due, or null.</summary>
        public AckMessage? Due(long nowMs)
        {
            if (_count > 0)
            {
                return _set[_first];
            }

            return _dispatchAtMs >= 0 && nowMs >= _dispatchAtMs ? _dispatch : null;
        }

        /// <summary>Marks an answer as sent.</summary>
        public void Sent(AckMessage ack)
        {
            if (ack.Stream == OrderStream.Dispatch)
            {
                _dispatchAtMs = -1;
            }
            else if (_count > 0)
            {
                _first = (_first + 1) % Capacity;
                _count--;
            }
        }
    }
}
