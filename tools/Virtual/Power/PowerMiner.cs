using Ballast.Firmware.Agent;
using Ballast.Hw.Boards;

namespace Ballast.Virtual.Power;

/// <summary>Work that never ends and nonces that come exactly as often as the clock promises. No pool, no hash.</summary>
internal sealed class PowerMiner(PowerModel model) : IMiner
{
    private const long MsGhsPerDifficulty = 4_295;

    private long _lastMs = -1;
    private long _msGhs;

    /// <summary>False takes the work away, as pools do that are gone: the board goes to sleep.</summary>
    public bool PoolThere { get; set; } = true;

    public bool HasWork => PoolThere;

    public int TicketDifficulty => 256;

    public long ValidNonces => _msGhs / (TicketDifficulty * MsGhsPerDifficulty);

    public int HashGhs { get; private set; }

    public int Accepted => 0;

    public int Rejected => 0;

    public int Stale => 0;

    public int HwErrors => 0;

    public int LoadPermille => 0;

    public bool ShouldIdle => !PoolThere;

    public bool NeedsQuiet => false;

    public void Step(long nowMs, bool hashing, bool powered)
    {
        HashGhs = hashing && PoolThere ? LadderModel.HashGhs(model.FreqKhz, model.Description.Chip.SmallCores, model.Description.ChipCount) : 0;
        if (_lastMs >= 0)
            _msGhs += HashGhs * (nowMs - _lastMs);
        _lastMs = nowMs;
    }

    public string? Refuses(int freqKhz) => null;

    public string? SetPool(int slot, string url, string user, string password) => null;
}
