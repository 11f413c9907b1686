using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>Whoever feeds the chips, as the agent sees it: nonces come as they are due at a hash rate, times a factor.</summary>
public sealed class FakeMiner : IMiner
{
    private double _nonces;
    private long _lastMs = -1;

    public double Factor { get; set; } = 1;

    /// <summary>Hash rate of the chips, GH/s.</summary>
    public Func<int> Rate { get; set; } = () => 0;

    public bool HasWork { get; set; } = true;
    public int TicketDifficulty => 128;
    public long ValidNonces => (long)_nonces;
    public int HashGhs => 0;
    public int Accepted => 0;
    public int Rejected => 0;
    public int Stale => 0;
    public int HwErrors => 0;
    public int LoadPermille => 0;
    public bool ShouldIdle { get; set; }
    public bool NeedsQuiet => false;

    public void Step(long nowMs, bool hashing, bool powered)
    {
        if (hashing && _lastMs >= 0)
            _nonces += Factor * (nowMs - _lastMs) * Rate() / (TicketDifficulty * 4295.0);
        _lastMs = nowMs;
    }

    public string? Refuses(int freqKhz) => null;

    public string? SetPool(int slot, string url, string user, string password) => null;
}
