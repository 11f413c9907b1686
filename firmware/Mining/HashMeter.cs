namespace Ballast.Firmware.Mining
{
    /// <summary>Hash rate from counted difficulty, over a sliding window of five minutes in steps of ten seconds. Integers only.</summary>
    public sealed class HashMeter
    {
        private const int Buckets = 30;
        private const int BucketMs = 10000;

        private readonly long[] _sum = new long[Buckets];
        private long _bucketStartMs;
        private long _startMs;
        private int _bucket;
        private int _full;

        /// <summary>Starts over: rate 0.</summary>
        public void Reset(long nowMs)
        {
            for (int i = 0; i < Buckets; i++)
            {
                _sum[i] = 0;
            }

            _bucket = 0;
            _full = 0;
            _bucketStartMs = nowMs;
            _startMs = nowMs;
        }

        /// <summary>Counts work of a difficulty, in units of 2^32 hashes.</summary>
        public void Add(long difficulty)
        {
            _sum[_bucket] += difficulty;
        }

        /// <summary>Moves the window on.</summary>
        public void Tick(long nowMs)
        {
            if (nowMs - _bucketStartMs > (long)Buckets * BucketMs)
            {
                Reset(nowMs);
                return;
            }

            while (nowMs - _bucketStartMs >= BucketMs)
            {
                _bucketStartMs += BucketMs;
                _bucket = (_bucket + 1) % Buckets;
                _sum[_bucket] = 0;
                if (_full < Buckets - 1)
                {
                    _full++;
                }
            }
        }

        /// <summary>The rate over the window, GH/s; 0 in the first second.</summary>
        public int Ghs(long nowMs)
        {
            long spanMs = (nowMs - _bucketStartMs) + ((long)_full * BucketMs);
            if (nowMs - _startMs < spanMs)
            {
                spanMs = nowMs - _startMs;
            }

            if (spanMs < 1000)
            {
                return 0;
            }

            long total = 0;
            for (int i = 0; i < Buckets; i++)
            {
                total += _sum[i];
            }

            // total · 2^32 hashes / (ms · 10^6) = GH/s, with the factor as 4294.967296.
            return (int)(total * 4294967 / spanMs / 1000);
        }
    }
}
