namespace Ballast.Firmware.Pool
{
    /// <summary>Asks over a second stream whether a pool answers, without touching the session in use.</summary>
    internal sealed class PoolProbe
    {
        private static readonly byte[] Request = System.Text.Encoding.UTF8.GetBytes("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n");

        private readonly PoolSettings _settings;
        private readonly ITcpLink _link;
        private readonly LineBuffer _lines = new LineBuffer();
        private readonly JsonTokens _json = new JsonTokens();
        private long _nextMs;
        private long _deadlineMs;
        private bool _running;
        private bool _asked;

        internal PoolProbe(PoolSettings settings, ITcpLink link)
        {
            _settings = settings;
            _link = link;
        }

        /// <summary>Sets when the next probe begins.</summary>
        internal void Schedule(long atMs)
        {
            _nextMs = atMs;
        }

        /// <summary>Ends a running probe.</summary>
        internal void Cancel()
        {
            if (_running)
            {
                _link.Close();
                _running = false;
            }
        }

        /// <summary>Moves the probe on. True once, when the pool has answered a subscribe with a result.</summary>
        internal bool Step(PoolEndpoint pool, bool allowed, long nowMs)
        {
            if (!_running)
            {
                if (!allowed || nowMs < _nextMs)
                {
                    return false;
                }

                _running = true;
                _asked = false;
                _lines.Clear();
                _nextMs = nowMs + _settings.ProbeEveryMs;
                _deadlineMs = nowMs + _settings.ConnectTimeoutMs + _settings.ReplyTimeoutMs;
                _link.Connect(pool.Host, pool.Port, pool.Tls);
                return false;
            }

            if (_link.State == TcpState.Closed || nowMs >= _deadlineMs)
            {
                Cancel();
                return false;
            }

            if (_link.State != TcpState.Open)
            {
                return false;
            }

            if (!_asked)
            {
                _asked = true;
                _link.Write(Request, 0, Request.Length);
                return false;
            }

            _lines.Fill(_link);
            while (_lines.TryTake(out int offset, out int length))
            {
                if (_json.Parse(_lines.Bytes, offset, length) && _json.Kind(_json.Member(0, StratumText.Result)) == JsonKind.Array)
                {
                    Cancel();
                    return true;
                }
            }

            return false;
        }
    }
}
