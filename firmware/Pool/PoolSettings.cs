namespace Ballast.Firmware.Pool
{
    /// <summary>Pools in order of preference, and how patient the client is. Times in milliseconds.</summary>
    public sealed class PoolSettings
    {
        /// <summary>Most pools that can be configured.</summary>
        public const int MaxPools = 4;

        private readonly PoolEndpoint?[] _pools = new PoolEndpoint?[MaxPools];

        /// <summary>Pools configured. Their slots, 0…3, may have gaps; a lower slot is preferred.</summary>
        public int Count { get; private set; }

        /// <summary>What the client calls itself at the pool.</summary>
        public string Agent = "ballast/0.1.0";

        /// <summary>Version bits asked for (BIP 310): 13–28, those that chips roll (BIP 320). 0 asks for none.</summary>
        public uint VersionMask = 0x1FFFE000;

        /// <summary>Difficulty that the pool is asked for; 0 asks for none.</summary>
        public int SuggestDifficulty;

        /// <summary>Asks for mining.set_extranonce. Off by default: pools that do not know the request may close.</summary>
        public bool SubscribeExtranonce;

        /// <summary>Time for a stream to open.</summary>
        public int ConnectTimeoutMs = 5000;

        /// <summary>Time for subscribe and authorize to be answered.</summary>
        public int ReplyTimeoutMs = 10000;

        /// <summary>Time for configure to be answered; pools that do not know it may stay silent, so the session goes on without it.</summary>
        public int ConfigureTimeoutMs = 4000;

        /// <summary>Time without a notify after which the stream counts as dead.</summary>
        public int SilentMs = 180000;

        /// <summary>First pause after a failed connect; doubles up to <see cref="BackoffMaxMs"/>, each time with up to 50 % jitter added.</summary>
        public int BackoffMinMs = 1000;

        /// <summary>Longest pause between connects.</summary>
        public int BackoffMaxMs = 30000;

        /// <summary>Failures in a row after which the next pool is tried.</summary>
        public int FailuresBeforeNext = 3;

        /// <summary>First probe of the primary pool after the client went to another one.</summary>
        public int FirstProbeMs = 10000;

        /// <summary>Time between further probes of the primary pool.</summary>
        public int ProbeEveryMs = 60000;

        /// <summary>
        /// True if connects that may stop all threads (names, TLS, routed networks) are allowed while chips are powered: only on boards with
        /// an external watchdog or a measured bound of the stall (rule S20). False is the safe state.
        /// </summary>
        public bool MayBlockWhilePowered;

        /// <summary>The pool in a slot; null if it is empty.</summary>
        public PoolEndpoint? Pool(int slot)
        {
            return slot < 0 || slot >= MaxPools ? null : _pools[slot];
        }

        /// <summary>The first slot in use; 0 if none is.</summary>
        public int First()
        {
            return _pools[0] != null ? 0 : Next(0);
        }

        /// <summary>The slot in use behind another one, round to the first; the same if there is no other.</summary>
        public int Next(int slot)
        {
            for (int i = 1; i < MaxPools; i++)
            {
                int next = (slot + i) % MaxPools;
                if (_pools[next] != null)
                {
                    return next;
                }
            }

            return slot;
        }

        /// <summary>Puts a pool into the first empty slot. False with a reason, and nothing changed, if it cannot be used.</summary>
        public bool TryAdd(string url, string user, string password, out string? reason)
        {
            int slot = 0;
            while (slot < MaxPools && _pools[slot] != null)
            {
                slot++;
            }

            return TrySet(slot, url, user, password, out reason);
        }

        /// <summary>Replaces the pool in a slot. False with a reason, and nothing changed, if it cannot be used.</summary>
        public bool TrySet(int slot, string url, string user, string password, out string? reason)
        {
            if (slot < 0 || slot >= MaxPools)
            {
                reason = "a board keeps four pools, in slots 0 to 3";
                return false;
            }

            PoolEndpoint? endpoint = PoolEndpoint.TryParse(url, user, password, out reason);
            if (endpoint == null)
            {
                return false;
            }

            Count += _pools[slot] == null ? 1 : 0;
            _pools[slot] = endpoint;
            return true;
        }
    }
}
