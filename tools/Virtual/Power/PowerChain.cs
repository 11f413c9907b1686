using Ballast.Hw.Asic;
using Ballast.Hw.Parts;

namespace Ballast.Virtual.Power;

/// <summary>Chips that only draw power: they start, ramp as fast as real ones may, and take no jobs.</summary>
internal sealed class PowerChain(PowerModel model) : IHashChain
{
    /// <summary>Enumeration and init script of a real chain take about this long, ms.</summary>
    public const int BringUpMs = 700;

    // The steps of the BM13xx chains.
    private const int UpKhz = 6_250;
    private const int UpMs = 100;
    private const int DownKhz = 12_500;
    private const int DownMs = 20;

    private long _nowMs;
    private long _readyMs;
    private long _stepMs;
    private int _targetKhz;

    public ChipProfile Profile => model.Description.Chip;

    public int ChipCount => model.Description.ChipCount;

    public int ChipsFound => State == ChainState.Running ? ChipCount : 0;

    public ChainState State { get; private set; }

    public string? Fault => null;

    public int FreqKhz => model.FreqKhz;

    public bool Ramping => State == ChainState.Running && _targetKhz != model.FreqKhz;

    public ChainCounters Counters { get; } = new();

    public void Start()
    {
        State = ChainState.BringUp;
        _readyMs = _nowMs + BringUpMs;
    }

    public PartStatus RampTo(int freqKhz)
    {
        if (freqKhz < Profile.MinKhz || freqKhz > Profile.MaxKhz)
            return PartStatus.OutOfRange;
        if (!Ramping)
            _stepMs = _nowMs;
        _targetKhz = freqKhz;
        return PartStatus.Ok;
    }

    public void Stop()
    {
        State = ChainState.Off;
        model.FreqKhz = 0;
    }

    public void Step(long nowMs)
    {
        _nowMs = nowMs;
        if (State == ChainState.BringUp && nowMs >= _readyMs)
        {
            State = ChainState.Running;
            model.FreqKhz = Profile.StartKhz;
            _targetKhz = Profile.StartKhz;
        }

        while (Ramping)
        {
            int distance = _targetKhz - model.FreqKhz;
            int stepMs = distance > 0 ? UpMs : DownMs;
            if (nowMs - _stepMs < stepMs)
                break;
            _stepMs += stepMs;
            model.FreqKhz += Math.Clamp(distance, -DownKhz, UpKhz);
        }
    }

    public PartStatus SendJob(ChipJob job, out int jobId)
    {
        jobId = 0;
        return PartStatus.Ok;
    }

    public bool TryTakeNonce(ChipNonce into) => false;

    public PartStatus SetVersionMask(uint mask) => PartStatus.Ok;

    public int JobSlotsFree(int chip) => 0;

    public int WorkingCores(int chip) => Profile.Cores;

    public int ChipHashGhs(int chip) => -1;

    public PartStatus SetTicketDifficulty(int difficulty) => PartStatus.Ok;
}
