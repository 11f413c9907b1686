using Ballast.Firmware.Mining;
using Ballast.Hw.Bus;

namespace Ballast.Firmware.Agent
{
    /// <summary>The miner of a board with a pool, as the agent sees it.</summary>
    public sealed class PoolMiner : IMiner
    {
        private readonly Miner _miner;
        private readonly IClock _clock;

        /// <summary>Takes a miner that nobody else steps.</summary>
        public PoolMiner(Miner miner, IClock clock)
        {
            _miner = miner;
            _clock = clock;
        }

        /// <summary>The miner.</summary>
        public Miner Miner => _miner;

        /// <inheritdoc/>
        public bool HasWork => _miner.Pool.HasJob && _miner.TicketDifficulty > 0;

        /// <inheritdoc/>
        public int TicketDifficulty => _miner.TicketDifficulty;

        /// <inheritdoc/>
        public long ValidNonces => _miner.Stats.ValidNonces;

        /// <inheritdoc/>
        public int HashGhs => _miner.Stats.HashGhs;

        /// <inheritdoc/>
        public int Accepted => _miner.Stats.Accepted;

        /// <inheritdoc/>
        public int Rejected => _miner.Stats.Rejected;

        /// <inheritdoc/>
        public int Stale => _miner.Stats.Stale;

        /// <inheritdoc/>
        public int HwErrors => _miner.Stats.HwErrors;

        /// <inheritdoc/>
        public int LoadPermille => _miner.Stats.LoadPermille;

        /// <inheritdoc/>
        public string? Refuses(int freqKhz) => _miner.Refuses(freqKhz);

        /// <inheritdoc/>
        public bool ShouldIdle => _miner.ShouldIdle;

        /// <inheritdoc/>
        public bool NeedsQuiet => _miner.NeedsQuiet;

        /// <inheritdoc/>
        public void Step(long nowMs, bool hashing, bool powered) => _miner.Step(nowMs, hashing, powered);

        /// <inheritdoc/>
        public string? SetPool(int slot, string url, string user, string password)
        {
            if (!_miner.Pool.Settings.TrySet(slot, url, user, password, out string? reason))
            {
                return reason;
            }

            if (_miner.Pool.PoolIndex == slot)
            {
                _miner.Pool.Restart(_clock.NowMs);
            }

            return null;
        }
    }
}
