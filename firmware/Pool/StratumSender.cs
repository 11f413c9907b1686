namespace Ballast.Firmware.Pool
{
    /// <summary>Writes requests and answers of one session to its stream.</summary>
    internal sealed class StratumSender
    {
        private readonly PoolSettings _settings;
        private readonly ITcpLink _link;
        private readonly PoolCounters _counters;
        private readonly LineWriter _out = new LineWriter(1024);
        private readonly byte[] _agent;
        private byte[] _user = new byte[0];
        private byte[] _password = new byte[0];
        private uint _nextId;

        internal StratumSender(PoolSettings settings, ITcpLink link, PoolCounters counters)
        {
            _settings = settings;
            _link = link;
            _counters = counters;
            _agent = LineWriter.Escaped(settings.Agent);
        }

        /// <summary>Requests that wait for their answer.</summary>
        internal PendingRequests Pending { get; } = new PendingRequests();

        /// <summary>True once the stream refused data, or a line did not fit; cleared by <see cref="Begin"/>.</summary>
        internal bool Failed { get; private set; }

        /// <summary>Takes over who we are at this pool.</summary>
        internal void Begin(PoolEndpoint endpoint)
        {
            Failed = false;
            _user = LineWriter.Escaped(endpoint.User);
            _password = LineWriter.Escaped(endpoint.Password);
        }

        internal void Configure(long nowMs)
        {
            Open(RequestKind.Configure, nowMs, false);
            _out.Raw(StratumText.ConfigureHead);
            _out.Hex32(_settings.VersionMask);
            _out.Raw(StratumText.ConfigureTail);
            Send();
        }

        internal void Subscribe(long nowMs)
        {
            Open(RequestKind.Subscribe, nowMs, false);
            _out.Raw(StratumText.SubscribeHead);
            _out.Raw(_agent);
            _out.Raw(StratumText.TextTail);
            Send();
        }

        internal void Authorize(long nowMs)
        {
            Open(RequestKind.Authorize, nowMs, false);
            _out.Raw(StratumText.AuthorizeHead);
            _out.Raw(_user);
            _out.Raw(StratumText.Between);
            _out.Raw(_password);
            _out.Raw(StratumText.TextTail);
            Send();
        }

        internal void SuggestDifficulty(long nowMs)
        {
            Open(RequestKind.Suggest, nowMs, false);
            _out.Raw(StratumText.SuggestHead);
            _out.Number((uint)_settings.SuggestDifficulty);
            _out.Raw(StratumText.NumberTail);
            Send();
        }

        internal void SubscribeExtranonce(long nowMs)
        {
            Open(RequestKind.Extranonce, nowMs, false);
            _out.Raw(StratumText.ExtranonceSubscribe);
            Send();
        }

        /// <summary>Sends a share; false if the stream did not take it.</summary>
        internal bool Submit(byte[] jobId, int jobIdLength, byte[] extranonce2, int extranonce2Length, uint ntime, uint nonce, bool withVersion, uint versionBits, bool ambiguous, long nowMs)
        {
            Open(RequestKind.Submit, nowMs, ambiguous);
            _out.Raw(StratumText.SubmitHead);
            _out.Raw(_user);
            _out.Raw(StratumText.Between);
            _out.Raw(jobId, 0, jobIdLength);
            _out.Raw(StratumText.Between);
            _out.Hex(extranonce2, 0, extranonce2Length);
            _out.Raw(StratumText.Between);
            _out.Hex32(ntime);
            _out.Raw(StratumText.Between);
            _out.Hex32(nonce);
            if (withVersion)
            {
                _out.Raw(StratumText.Between);
                _out.Hex32(versionBits);
            }

            _out.Raw(StratumText.TextTail);
            return Send();
        }

        internal void Pong(JsonTokens json)
        {
            ReplyHead(json);
            _out.Raw(StratumText.PongTail);
            Send();
        }

        internal void Version(JsonTokens json)
        {
            ReplyHead(json);
            _out.Raw(StratumText.VersionHead);
            _out.Raw(_agent);
            _out.Raw(StratumText.VersionTail);
            Send();
        }

        private void Open(RequestKind kind, long nowMs, bool flag)
        {
            uint id = ++_nextId;
            if (Pending.Add(id, kind, nowMs, flag))
            {
                _counters.Unanswered++;
            }

            _out.Clear();
            _out.Raw(StratumText.OpenId);
            _out.Number(id);
        }

        // The caller's id goes back as it came: number, string or null.
        private void ReplyHead(JsonTokens json)
        {
            int id = json.Member(0, StratumText.Id);
            JsonKind kind = json.Kind(id);
            _out.Clear();
            _out.Raw(StratumText.OpenId);
            if (kind == JsonKind.Number || kind == JsonKind.String)
            {
                bool quoted = kind == JsonKind.String;
                if (quoted)
                {
                    _out.Raw(StratumText.Quote);
                }

                _out.Raw(json.Text, json.Start(id), json.Length(id));
                if (quoted)
                {
                    _out.Raw(StratumText.Quote);
                }
            }
            else
            {
                _out.Raw(StratumText.Null);
            }
        }

        private bool Send()
        {
            if (_out.Overflow || !_link.Write(_out.Bytes, 0, _out.Length))
            {
                Failed = true;
                return false;
            }

            return true;
        }
    }
}
