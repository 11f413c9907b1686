using Ballast.Hw.Bus;

namespace Ballast.Hw.Sim
{
    /// <summary>Xorshift32: the same numbers from the same seed on every runtime (System.Random differs between them).</summary>
    public sealed class SimRandom : IEntropy
    {
        private uint _state;

        /// <summary>Starts from a seed; every seed, 0 too, is good.</summary>
        public SimRandom(uint seed)
        {
            _state = seed ^ 0x9E3779B9;
            if (_state == 0)
            {
                _state = 1;
            }

            // Neighbouring seeds start far apart.
            for (int i = 0; i < 8; i++)
            {
                NextUInt32();
            }
        }

        /// <summary>The next 32 bits; never 0.</summary>
        public uint NextUInt32()
        {
            uint x = _state;
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            _state = x;
            return x;
        }

        /// <summary>True once in <paramref name="n"/> calls on average; never for 0.</summary>
        public bool OneIn(int n) => n > 0 && NextUInt32() % (uint)n == 0;
    }
}
