namespace Ballast.Firmware.Pool
{
    /// <summary>Where a session is between an open stream and shares.</summary>
    public enum PoolPhase
    {
        /// <summary>No stream; waiting for the next try.</summary>
        Waiting = 0,

        /// <summary>Opening the stream.</summary>
        Connecting = 1,

        /// <summary>Asking for version rolling.</summary>
        Configuring = 2,

        /// <summary>Asking for an extranonce.</summary>
        Subscribing = 3,

        /// <summary>Logging in.</summary>
        Authorizing = 4,

        /// <summary>Logged in: jobs are mined and shares are sent.</summary>
        Ready = 5,
    }

    /// <summary>
    /// One Stratum V1 session on an open stream: what the pool said, and what was asked of it. Order: configure, subscribe, authorize, then the
    /// optional requests. An error answer to an optional request changes nothing; nothing here throws, whatever the pool sends.
    /// </summary>
    public sealed class StratumSession
    {
        private readonly PoolSettings _settings;
        private readonly PoolCounters _counters;
        private readonly PoolEvents _events;
        private readonly JsonTokens _json = new JsonTokens();
        private readonly StratumSender _sender;
        private readonly PoolDifficulty _difficulty = new PoolDifficulty();
        private readonly byte[] _extranonce1 = new byte[PoolJob.MaxExtranonce];
        private PoolJob _job = new PoolJob();
        private PoolJob _spare = new PoolJob();
        private int _extranonce1Length;
        private int _extranonce2Length;
        private long _deadlineMs;
        private long _lastNotifyMs;
        private long _lastMessageMs;
        private bool _skipOptional;

        internal StratumSession(PoolSettings settings, ITcpLink link, PoolCounters counters, PoolEvents events)
        {
            _settings = settings;
            _counters = counters;
            _events = events;
            _sender = new StratumSender(settings, link, counters);
        }

        /// <summary>Where the session is.</summary>
        public PoolPhase Phase { get; private set; }

        /// <summary>True once a job of this session has arrived.</summary>
        public bool HasJob { get; private set; }

        /// <summary>The newest job; meaningful with <see cref="HasJob"/>.</summary>
        public PoolJob Job { get { return _job; } }

        /// <summary>Counts jobs over all sessions; a new value is a new job.</summary>
        public int JobSerial { get; private set; }

        /// <summary>Version bits that may be rolled; 0 if the pool grants none.</summary>
        public uint VersionMask { get; private set; }

        /// <summary>Why the session has to end, as a sentence; null while it is well.</summary>
        public string? Failure { get; private set; }

        /// <summary>True if the end is the pool's refusal of us, so that trying again soon is pointless.</summary>
        public bool Refused { get; private set; }

        /// <summary>Where client.reconnect wants us; null if it did not ask. Port 0 is the present one.</summary>
        internal string? ReconnectHost { get; private set; }

        internal int ReconnectPort { get; private set; }

        internal int ReconnectWaitS { get; private set; }

        /// <summary>True while an optional request is the last thing that the pool got: a close now is its answer.</summary>
        internal bool OptionalOpen { get; private set; }

        /// <summary>Forgets extranonce, difficulty, mask, job and open requests.</summary>
        internal void Reset()
        {
            _counters.Unanswered += _sender.Pending.Clear();
            _difficulty.Reset();
            _extranonce1Length = 0;
            _extranonce2Length = 0;
            VersionMask = 0;
            HasJob = false;
            Failure = null;
            Refused = false;
            ReconnectHost = null;
            OptionalOpen = false;
            Phase = PoolPhase.Waiting;
        }

        /// <summary>Begins on a stream that has just opened.</summary>
        internal void Begin(PoolEndpoint endpoint, bool skipOptional, long nowMs)
        {
            Reset();
            _sender.Begin(endpoint);
            _skipOptional = skipOptional;
            _lastNotifyMs = nowMs;
            if (skipOptional || _settings.VersionMask == 0)
            {
                Subscribe(nowMs);
                return;
            }

            Phase = PoolPhase.Configuring;
            _deadlineMs = nowMs + _settings.ConfigureTimeoutMs;
            OptionalOpen = true;
            _sender.Configure(nowMs);
        }

        internal void ForgetReconnect()
        {
            ReconnectHost = null;
        }

        /// <summary>Watches the stream and the deadlines.</summary>
        internal void Tick(long nowMs)
        {
            if (_sender.Failed && Failure == null)
            {
                Failure = "the pool's stream took no more data";
            }

            if (Phase == PoolPhase.Ready)
            {
                if (nowMs - _lastNotifyMs >= _settings.SilentMs)
                {
                    Failure = "no job from the pool for " + (_settings.SilentMs / 1000).ToString() + " s";
                }
            }
            else if (nowMs >= _deadlineMs)
            {
                if (Phase == PoolPhase.Configuring)
                {
                    Subscribe(nowMs);
                }
                else
                {
                    Failure = "the pool did not answer the login";
                }
            }
        }

        /// <summary>Handles one line.</summary>
        internal void OnLine(byte[] text, int offset, int length, long nowMs)
        {
            if (!_json.Parse(text, offset, length) || _json.Kind(0) != JsonKind.Object)
            {
                _counters.Malformed++;
                return;
            }

            int method = _json.Member(0, StratumText.Method);
            if (_json.Kind(method) == JsonKind.String)
            {
                OnCall(method, _json.Member(0, StratumText.Params), nowMs);
                return;
            }

            if (!JsonValues.TryUInt32(_json, _json.Member(0, StratumText.Id), out uint id))
            {
                _counters.Malformed++;
                return;
            }

            RequestKind kind = _sender.Pending.Take(id, out long sentMs, out bool flag);
            int result = _json.Member(0, StratumText.Result);
            int error = _json.Member(0, StratumText.Error);
            bool failed = _json.Kind(error) != JsonKind.None && _json.Kind(error) != JsonKind.Null;
            switch (kind)
            {
                case RequestKind.Configure:
                    OptionalOpen = false;
                    OnConfigured(result);
                    if (Phase == PoolPhase.Configuring)
                    {
                        Subscribe(nowMs);
                    }

                    break;
                case RequestKind.Subscribe:
                    OnSubscribed(result, failed, nowMs);
                    break;
                case RequestKind.Authorize:
                    OnAuthorized(result, failed, nowMs);
                    break;
                case RequestKind.Suggest:
                case RequestKind.Extranonce:
                    OptionalOpen = false;
                    break;
                case RequestKind.Submit:
                    _counters.LastReplyMs = (int)(nowMs - sentMs);
                    OnSubmitted(!failed && _json.Kind(result) == JsonKind.True, error, flag);
                    break;
                default:
                    break;
            }
        }

        /// <summary>Sends a share. False if the session is not ready or the stream did not take it.</summary>
        internal bool Submit(byte[] jobId, int jobIdLength, byte[] extranonce2, int extranonce2Length, uint ntime, uint nonce, bool withVersion, uint versionBits, bool ambiguous, long nowMs)
        {
            if (Phase != PoolPhase.Ready
                || !_sender.Submit(jobId, jobIdLength, extranonce2, extranonce2Length, ntime, nonce, withVersion, versionBits, ambiguous, nowMs))
            {
                return false;
            }

            _counters.Submitted++;
            return true;
        }

        private void OnCall(int method, int parameters, long nowMs)
        {
            if (_json.Is(method, StratumText.Notify))
            {
                OnNotify(parameters, nowMs);
            }
            else if (_json.Is(method, StratumText.SetDifficulty))
            {
                // In force from the next notify on: the job keeps the difficulty that it came with.
                if (!_difficulty.TryRead(_json, _json.Element(parameters, 0)))
                {
                    _counters.Malformed++;
                }
            }
            else if (_json.Is(method, StratumText.SetExtranonce))
            {
                if (!ReadExtranonce(_json.Element(parameters, 0), _json.Element(parameters, 1)))
                {
                    _counters.Malformed++;
                }
            }
            else if (_json.Is(method, StratumText.SetVersionMask))
            {
                if (JsonValues.TryHex32(_json, _json.Element(parameters, 0), out uint mask))
                {
                    VersionMask = mask & _settings.VersionMask;
                }
                else
                {
                    _counters.Malformed++;
                }
            }
            else if (_json.Is(method, StratumText.Ping))
            {
                _sender.Pong(_json);
            }
            else if (_json.Is(method, StratumText.GetVersion))
            {
                _sender.Version(_json);
            }
            else if (_json.Is(method, StratumText.Reconnect))
            {
                OnReconnect(parameters);
            }
            else if (_json.Is(method, StratumText.ShowMessage))
            {
                // At most one in ten seconds, so that a talkative pool cannot fill the heap.
                int text = _json.Element(parameters, 0);
                if (_json.Kind(text) == JsonKind.String && (_lastMessageMs == 0 || nowMs - _lastMessageMs >= 10000))
                {
                    _lastMessageMs = nowMs;
                    _events.Add(PoolEventKind.Message, StratumReasons.Text(_json, text, 160));
                }
            }
        }

        private void OnNotify(int parameters, long nowMs)
        {
            PoolJob next = _spare;
            if (Phase < PoolPhase.Authorizing || !StratumNotify.TryRead(_json, parameters, _extranonce1, _extranonce1Length, _extranonce2Length, next))
            {
                _counters.Malformed++;
                return;
            }

            _lastNotifyMs = nowMs;
            next.Difficulty.Set(_difficulty);
            next.ReceivedMs = nowMs;
            // The same job with a new difficulty is a new job: shares are judged by the difficulty that came with it.
            if (HasJob && next.SameId(_job) && next.SameContent(_job) && next.Difficulty.Same(_job.Difficulty))
            {
                _counters.DuplicateNotifies++;
                return;
            }

            _spare = _job;
            _job = next;
            HasJob = true;
            JobSerial++;
        }

        private void OnConfigured(int result)
        {
            uint mask = 0;
            if (_json.Kind(_json.Member(result, StratumText.VersionRolling)) == JsonKind.True)
            {
                JsonValues.TryHex32(_json, _json.Member(result, StratumText.VersionRollingMask), out mask);
            }

            VersionMask = mask & _settings.VersionMask;
        }

        private void OnSubscribed(int result, bool failed, long nowMs)
        {
            if (failed || !ReadExtranonce(_json.Element(result, 1), _json.Element(result, 2)))
            {
                Failure = "the pool's answer to subscribe has no extranonce";
                return;
            }

            Phase = PoolPhase.Authorizing;
            _deadlineMs = nowMs + _settings.ReplyTimeoutMs;
            _sender.Authorize(nowMs);
        }

        private void OnAuthorized(int result, bool failed, long nowMs)
        {
            if (failed || _json.Kind(result) != JsonKind.True)
            {
                Refused = true;
                Failure = "the pool refused the user; check user and password";
                return;
            }

            Phase = PoolPhase.Ready;
            _counters.Sessions++;
            if (_settings.SuggestDifficulty > 0 && !_skipOptional)
            {
                OptionalOpen = true;
                _sender.SuggestDifficulty(nowMs);
            }

            if (_settings.SubscribeExtranonce && !_skipOptional)
            {
                OptionalOpen = true;
                _sender.SubscribeExtranonce(nowMs);
            }
        }

        private void OnSubmitted(bool accepted, int error, bool ambiguous)
        {
            if (accepted)
            {
                _counters.Accepted++;
                _counters.AmbiguousAccepted += ambiguous ? 1 : 0;
                return;
            }

            _counters.AmbiguousRejected += ambiguous ? 1 : 0;
            _counters.Rejected[(int)StratumReasons.Of(_json, error)]++;
        }

        private bool ReadExtranonce(int first, int second)
        {
            int length1 = JsonValues.HexByteCount(_json, first);
            if (length1 < 0 || length1 > PoolJob.MaxExtranonce || !JsonValues.TryUInt32(_json, second, out uint length2) || length2 > PoolJob.MaxExtranonce)
            {
                return false;
            }

            JsonValues.ReadHex(_json, first, _extranonce1, 0);
            _extranonce1Length = length1;
            _extranonce2Length = (int)length2;
            return true;
        }

        private void OnReconnect(int parameters)
        {
            int host = _json.Element(parameters, 0);
            JsonValues.TryUInt32(_json, _json.Element(parameters, 1), out uint port);
            JsonValues.TryUInt32(_json, _json.Element(parameters, 2), out uint wait);
            ReconnectHost = _json.Kind(host) == JsonKind.String ? StratumReasons.Text(_json, host, 255) : "";
            ReconnectPort = port <= 65535 ? (int)port : 0;
            ReconnectWaitS = wait > 300 ? 300 : (int)wait;
        }

        private void Subscribe(long nowMs)
        {
            Phase = PoolPhase.Subscribing;
            _deadlineMs = nowMs + _settings.ReplyTimeoutMs;
            _sender.Subscribe(nowMs);
        }
    }
}
