namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// One connection to the local page, without its socket: it collects a request, has it answered, and gives the answer out in pieces.
    /// Memory and time are bounded: a request has <see cref="LocalApi.MaxRequest"/> bytes and <see cref="RequestMs"/>, an answer
    /// <see cref="AnswerMs"/>. Its owner closes the socket once <see cref="Over"/> says so.
    /// </summary>
    public sealed class LocalSession
    {
        /// <summary>Longest time for a request to come whole, ms.</summary>
        public const int RequestMs = 3000;

        /// <summary>Longest time for a client to take its answer, and then to close, ms.</summary>
        public const int AnswerMs = 3000;

        private readonly LocalApi _api;
        private readonly byte[] _request = new byte[LocalApi.MaxRequest];
        private readonly byte[] _answer = new byte[LocalApi.MaxResponse];
        private int _received;
        private int _sent;
        private int _length;
        private long _sinceMs;

        /// <summary>Makes a session of a page; <see cref="Begin"/> starts it, for one connection after the other.</summary>
        public LocalSession(LocalApi api)
        {
            _api = api;
        }

        /// <summary>Where the answer lies: <see cref="Waiting"/> bytes from <see cref="First"/> on.</summary>
        public byte[] Answer => _answer;

        /// <summary>First byte of the answer that was not sent yet.</summary>
        public int First => _sent;

        /// <summary>Bytes of the answer that wait to be sent.</summary>
        public int Waiting => _length - _sent;

        /// <summary>True once the whole answer was sent: the owner ends its direction, and drops what still comes.</summary>
        public bool Sent => _length > 0 && _sent == _length;

        /// <summary>A new connection.</summary>
        public void Begin(long nowMs)
        {
            _received = 0;
            _sent = 0;
            _length = 0;
            _sinceMs = nowMs;
        }

        /// <summary>Takes bytes of the client. What comes after a whole request is dropped.</summary>
        public void Receive(byte[] data, int count, long nowMs)
        {
            if (_length > 0)
            {
                return;
            }

            int room = _request.Length - _received;
            int taken = count < room ? count : room;
            System.Array.Copy(data, 0, _request, _received, taken);
            _received += taken;
            if (LocalApi.IsWhole(_request, _received))
            {
                Start(_api.Respond(_request, _received, _answer), nowMs);
            }
            else if (count >= room)
            {
                Start(_api.TooLong(_answer), nowMs);
            }
        }

        /// <summary>The owner has sent bytes of the answer.</summary>
        public void Took(int count) => _sent += count;

        /// <summary>Looks at the clock: an unfinished request is refused once. True if the connection must be closed now.</summary>
        public bool Over(long nowMs)
        {
            if (_length > 0)
            {
                return nowMs - _sinceMs >= AnswerMs;
            }

            if (nowMs - _sinceMs < RequestMs)
            {
                return false;
            }

            // Whoever said nothing gets no answer.
            if (_received == 0)
            {
                return true;
            }

            Start(_api.TooSlow(_answer), nowMs);
            return false;
        }

        private void Start(int length, long nowMs)
        {
            _length = length;
            _sinceMs = nowMs;
        }
    }
}
