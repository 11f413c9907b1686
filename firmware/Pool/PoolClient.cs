using Ballast.Hw.Bus;

namespace Ballast.Firmware.Pool
{
    /// <summary>
    /// Keeps one session with the best pool that answers: connects, logs in, hands out jobs, sends shares, fails over and comes back.
    /// Owned by one thread; <see cref="Step"/> does everything and never blocks beyond what the link does (rule S20).
    /// </summary>
    public sealed class PoolClient
    {
        private const int ReadsPerStep = 8;
        private const int StableMs = 30000;

        private readonly PoolSettings _settings;
        private readonly ITcpLink _link;
        private readonly IClock _clock;
        private readonly IEntropy _entropy;
        private readonly LineBuffer _lines = new LineBuffer();
        private readonly StratumSession _session;
        private readonly PoolProbe? _probe;
        private readonly bool[] _skipOptional = new bool[PoolSettings.MaxPools];
        private PoolEndpoint? _moved;
        private PoolEndpoint? _present;
        private bool _connecting;
        private bool _inSession;
        private bool _wasReady;
        private int _pool;
        private int _failuresHere;
        private int _failuresInRow;
        private long _retryAtMs;
        private long _connectDeadlineMs;
        private long _readyMs;
        private long _lastReadyMs = -1;
        private long _firstStepMs = -1;

        /// <summary>A client over a link. With a second link the primary pool is probed while another one is in use.</summary>
        public PoolClient(PoolSettings settings, ITcpLink link, IClock clock, IEntropy entropy, ITcpLink? probeLink = null)
        {
            _settings = settings;
            _link = link;
            _clock = clock;
            _entropy = entropy;
            _session = new StratumSession(settings, link, Counters, Events);
            _probe = probeLink == null ? null : new PoolProbe(settings, probeLink);
        }

        /// <summary>What the client counted.</summary>
        public PoolCounters Counters { get; } = new PoolCounters();

        /// <summary>What happened; whoever publishes events takes them.</summary>
        public PoolEvents Events { get; } = new PoolEvents();

        /// <summary>Settings in use.</summary>
        public PoolSettings Settings { get { return _settings; } }

        /// <summary>Where the session is.</summary>
        public PoolPhase Phase { get { return _inSession ? _session.Phase : _connecting ? PoolPhase.Connecting : PoolPhase.Waiting; } }

        /// <summary>Slot of the pool in use or tried.</summary>
        public int PoolIndex { get { return _pool; } }

        /// <summary>True while logged in with a job to mine.</summary>
        public bool HasJob { get { return _inSession && _session.Phase == PoolPhase.Ready && _session.HasJob; } }

        /// <summary>The newest job; meaningful with <see cref="HasJob"/>.</summary>
        public PoolJob Job { get { return _session.Job; } }

        /// <summary>Counts jobs; a new value is a new job.</summary>
        public int JobSerial { get { return _session.JobSerial; } }

        /// <summary>Counts sessions; work of another session is worthless.</summary>
        public int SessionSerial { get; private set; }

        /// <summary>Version bits that may be rolled now; 0 if the pool grants none.</summary>
        public uint VersionMask { get { return _inSession ? _session.VersionMask : 0; } }

        /// <summary>
        /// True if the next connect may stop all threads and therefore waits until the chips are without power (rule S20). The board falls to
        /// failsafe or sleep, and <see cref="Step"/> connects as soon as it is told that nothing is powered.
        /// </summary>
        public bool NeedsQuiet { get; private set; }

        /// <summary>Lines longer than the buffer, skipped.</summary>
        public int OversizeLines { get { return _lines.Oversize; } }

        /// <summary>Milliseconds without a job from any pool; 0 while there is one.</summary>
        public long WithoutPoolMs(long nowMs)
        {
            if (HasJob || _firstStepMs < 0)
            {
                return 0;
            }

            return nowMs - (_lastReadyMs < 0 ? _firstStepMs : _lastReadyMs);
        }

        /// <summary>Does input, output and deadlines. <paramref name="powered"/> is true while the chips have power.</summary>
        public void Step(long nowMs, bool powered)
        {
            if (_firstStepMs < 0)
            {
                _firstStepMs = nowMs;
            }

            if (_settings.Count == 0)
            {
                return;
            }

            if (_inSession)
            {
                Serve(nowMs, powered);
            }
            else if (_connecting)
            {
                AwaitOpen(nowMs);
            }
            else if (nowMs >= _retryAtMs)
            {
                Connect(nowMs, powered);
            }

            if (HasJob)
            {
                _lastReadyMs = nowMs;
            }
        }

        /// <summary>Ends the session and starts over at the primary pool, as after a change of settings.</summary>
        public void Restart(long nowMs)
        {
            Drop();
            _pool = _settings.First();
            _moved = null;
            _failuresHere = 0;
            _failuresInRow = 0;
            _retryAtMs = nowMs;
            for (int i = 0; i < _skipOptional.Length; i++)
            {
                _skipOptional[i] = false;
            }
        }

        /// <summary>Sends a share. False if there is no session or its stream failed.</summary>
        /// <param name="jobId">The job id as the pool wrote it.</param>
        /// <param name="jobIdLength">Bytes of <paramref name="jobId"/>.</param>
        /// <param name="extranonce2">Bytes in the order in which they stand in the coinbase.</param>
        /// <param name="extranonce2Length">Bytes of <paramref name="extranonce2"/>.</param>
        /// <param name="ntime">Block time of the share.</param>
        /// <param name="nonce">Nonce of the share.</param>
        /// <param name="withVersion">False leaves the version field out: the share has the job's own version.</param>
        /// <param name="versionBits">Version bits, already inside the mask.</param>
        /// <param name="ambiguous">True if the job's version has bits inside the mask, so that pools differ in what they expect.</param>
        public bool Submit(byte[] jobId, int jobIdLength, byte[] extranonce2, int extranonce2Length, uint ntime, uint nonce, bool withVersion, uint versionBits, bool ambiguous)
        {
            return _inSession && _session.Submit(jobId, jobIdLength, extranonce2, extranonce2Length, ntime, nonce, withVersion, versionBits, ambiguous, _clock.NowMs);
        }

        private void Connect(long nowMs, bool powered)
        {
            if (_settings.Pool(_pool) == null)
            {
                _pool = _settings.First();
            }

            PoolEndpoint endpoint = _moved ?? _settings.Pool(_pool)!;

            // S20: names, TLS and routed networks may stop every thread of the controller, so nothing may be powered then.
            if (powered && !_settings.MayBlockWhilePowered && !endpoint.IsBounded)
            {
                NeedsQuiet = true;
                return;
            }

            NeedsQuiet = false;
            _present = endpoint;
            _lines.Clear();
            _connecting = true;
            _connectDeadlineMs = nowMs + _settings.ConnectTimeoutMs;
            _link.Connect(endpoint.Host, endpoint.Port, endpoint.Tls);
        }

        private void AwaitOpen(long nowMs)
        {
            TcpState state = _link.State;
            if (state == TcpState.Open)
            {
                _connecting = false;
                _inSession = true;
                _wasReady = false;
                SessionSerial++;
                _session.Begin(_present!, _skipOptional[_pool], nowMs);
            }
            else if (state == TcpState.Closed)
            {
                Fail("cannot connect to the pool", nowMs);
            }
            else if (nowMs >= _connectDeadlineMs)
            {
                Fail("the pool did not take the connection in time", nowMs);
            }
        }

        private void Serve(long nowMs, bool powered)
        {
            for (int i = 0; i < ReadsPerStep; i++)
            {
                int got = _lines.Fill(_link);
                while (_session.Failure == null && _lines.TryTake(out int offset, out int length))
                {
                    _session.OnLine(_lines.Bytes, offset, length, nowMs);
                }

                if (got <= 0)
                {
                    break;
                }
            }

            _session.Tick(nowMs);
            if (!_wasReady && _session.Phase == PoolPhase.Ready)
            {
                _wasReady = true;
                _readyMs = nowMs;
                Events.Add(PoolEventKind.Ready, "mining for " + _present!.Host);
                if (_settings.VersionMask != 0 && _session.VersionMask == 0)
                {
                    Events.Add(PoolEventKind.NoVersionRolling, "the pool grants no version rolling; chips that roll on their own lose nearly all of their rate");
                }

                _probe?.Schedule(nowMs + _settings.FirstProbeMs);
            }

            if (_session.Failure != null)
            {
                Fail(_session.Failure, nowMs);
            }
            else if (_link.State != TcpState.Open)
            {
                Fail("the pool closed the connection", nowMs);
            }
            else if (_session.ReconnectHost != null)
            {
                Move(nowMs);
            }
            else if (_pool != _settings.First() && _wasReady && _probe != null)
            {
                PoolEndpoint primary = _settings.Pool(_settings.First())!;
                bool allowed = !powered || _settings.MayBlockWhilePowered || primary.IsBounded;
                if (_probe.Step(primary, allowed, nowMs))
                {
                    Events.Add(PoolEventKind.Switched, "the primary pool answers again");
                    Drop();
                    _pool = _settings.First();
                    _failuresHere = 0;
                    _retryAtMs = nowMs;
                }
            }
        }

        // client.reconnect: followed inside the pool's own domain only. Anything else would be a way to steal hash rate with one forged line.
        private void Move(long nowMs)
        {
            string host = _session.ReconnectHost!;
            if (host.Length == 0)
            {
                host = _present!.Host;
            }

            int port = _session.ReconnectPort == 0 ? _present!.Port : _session.ReconnectPort;
            if (!PoolEndpoint.SameDomain(_settings.Pool(_pool)!.Host, host))
            {
                Events.Add(PoolEventKind.ReconnectIgnored, "the pool asked to reconnect to " + host + ", which is not its own domain");
                _session.ForgetReconnect();
                return;
            }

            _moved = _settings.Pool(_pool)!.At(host, port);
            int wait = _session.ReconnectWaitS;
            Drop();
            _retryAtMs = nowMs + (wait * 1000L);
        }

        private void Fail(string reason, long nowMs)
        {
            bool refused = _inSession && _session.Refused;
            bool optional = _inSession && _session.OptionalOpen && !WasReadyFor(nowMs);
            bool stable = _inSession && WasReadyFor(nowMs);
            bool moved = _moved != null;
            Counters.Failures++;
            if (_inSession)
            {
                Events.Add(refused ? PoolEventKind.Refused : PoolEventKind.Lost, reason);
            }

            Drop();
            if (optional)
            {
                // Some pools answer a request that they do not know by closing: the next try goes without the optional ones.
                _skipOptional[_pool] = true;
            }

            if (stable)
            {
                _failuresInRow = 0;
                _failuresHere = 0;
            }

            _moved = moved && stable ? _moved : null;
            _failuresInRow++;
            _failuresHere++;
            if (_settings.Count > 1 && (refused || _failuresHere >= _settings.FailuresBeforeNext))
            {
                _pool = _settings.Next(_pool);
                _failuresHere = 0;
                Events.Add(PoolEventKind.Switched, "trying pool " + _pool.ToString() + ": " + _settings.Pool(_pool)!.Host);
            }

            _retryAtMs = nowMs + Backoff(refused && _settings.Count == 1);
        }

        private bool WasReadyFor(long nowMs)
        {
            return _wasReady && nowMs - _readyMs >= StableMs;
        }

        // Doubles with each failure in a row; the jitter keeps a site's boards from knocking all at once.
        private int Backoff(bool longest)
        {
            int pause = _settings.BackoffMinMs;
            for (int i = 1; i < _failuresInRow && pause < _settings.BackoffMaxMs; i++)
            {
                pause *= 2;
            }

            if (longest || pause > _settings.BackoffMaxMs)
            {
                pause = _settings.BackoffMaxMs;
            }

            return pause + (int)(_entropy.NextUInt32() % (uint)((pause >> 1) + 1));
        }

        private void Drop()
        {
            _link.Close();
            _lines.Clear();
            _session.Reset();
            _probe?.Cancel();
            _connecting = false;
            _inSession = false;
            _wasReady = false;
        }
    }
}
