namespace Ballast.Firmware.Start
{
    /// <summary>How far a request is.</summary>
    public enum HttpProgress
    {
        /// <summary>More bytes are needed.</summary>
        More = 0,

        /// <summary>The head is there; a body is not read.</summary>
        Complete = 1,

        /// <summary>Too long or too slow: answer 400 and close.</summary>
        Refused = 2,
    }

    /// <summary>The head of one HTTP request, bounded in bytes and time. One object serves one connection after the other.</summary>
    public sealed class HttpRequest
    {
        /// <summary>Longest head, bytes.</summary>
        public const int MaxBytes = 1024;

        /// <summary>Time for the whole head, ms.</summary>
        public const int MaxMs = 2000;

        private long _begunMs;
        private int _lineEnds;

        /// <summary>What came so far.</summary>
        public byte[] Bytes { get; } = new byte[MaxBytes];

        /// <summary>Bytes of it.</summary>
        public int Count { get; private set; }

        /// <summary>Bytes that still fit.</summary>
        public int Room
        {
            get { return MaxBytes - Count; }
        }

        /// <summary>A new connection.</summary>
        public void Begin(long nowMs)
        {
            _begunMs = nowMs;
            _lineEnds = 0;
            Count = 0;
        }

        /// <summary>Bytes were received into <see cref="Bytes"/> at <see cref="Count"/>; 0 if the wait for them ended without any.</summary>
        public HttpProgress Took(int received, long nowMs)
        {
            int end = Count + received;
            while (Count < end)
            {
                byte b = Bytes[Count++];
                if (b == (byte)'\n')
                {
                    _lineEnds++;
                }
                else if (b != (byte)'\r')
                {
                    _lineEnds = 0;
                }

                if (_lineEnds == 2)
                {
                    return HttpProgress.Complete;
                }
            }

            return Count == MaxBytes || nowMs - _begunMs >= MaxMs ? HttpProgress.Refused : HttpProgress.More;
        }
    }
}
