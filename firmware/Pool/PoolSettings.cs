namespace Ballast.Firmware.Pool
{
    /// <summary>Pools in order of preference, and how patient the client is. Times in milliseconds.</summary>
    public sealed class PoolSettings
    {
        /// <summary>Most pools that can be configured.</summary>
        public const int MaxPools = 4;

        private readonly PoolEndpoint?[] _pools = new PoolEndpoint?[MaxPools];

        /// <summary>Pools configured.</summary>
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

        /// <summary>A pool by its place; 0 is the primary.</summary>
        public PoolEndpoint Pool(int index)
        {
            return _pools[index]!;
        }

        /// <summary>Adds a pool behind those already there. False with a reason, and nothing changed, if it cannot be used.</summary>
        public bool TryAdd(string url, string user, string password, out string? reason)
        {
            return TrySet(Count, url, user, password, out reason);
        }

        /// <summary>Replaces the pool at a place, or adds one directly behind the last. False with a reason, and nothing changed, if it cannot be used.</summary>
        public bool TrySet(int index, string url, string user, string password, out string? reason)
        {
            if (index < 0 || index > Count || index >= MaxPools)
            {
                reason = "pools are numbered from 0 to 3 without gaps; " + Count.ToString() + " are configured";
                return false;
            }

            PoolEndpoint? endpoint = PoolEndpoint.TryParse(url, user, password, out reason);
            if (endpoint == null)
            {
                return false;
            }

            _pools[index] = endpoint;
            if (index == Count)
            {
                Count++;
            }

            return true;
        }
    }
}
