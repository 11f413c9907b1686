using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx.Chips;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Benchmarks;

/// <summary>A chain that costs nothing, so that only the miner is measured.</summary>
internal sealed class Plain : IHashChain
{
    private readonly ChipProfile _profile = Bm1370.Create(31);
    private uint _taken;
    private int _id;

    public uint Nonce { get; set; }

    public ChipProfile Profile => _profile;

    public int ChipCount => 1;

    public int ChipsFound => 1;

    public ChainState State => ChainState.Running;

    public string? Fault => null;

    public int FreqKhz => 525_000;

    public bool Ramping => false;

    public ChainCounters Counters { get; } = new();

    public void Start()
    {
    }

    public void Stop()
    {
    }

    public void Step(long nowMs)
    {
    }

    public PartStatus RampTo(int freqKhz) => PartStatus.Ok;

    public PartStatus SendJob(ChipJob job, out int jobId)
    {
        jobId = _id = (_id + 24) & 127;
        return PartStatus.Ok;
    }

    public bool TryTakeNonce(ChipNonce into)
    {
        if (_taken == Nonce)
            return false;
        _taken = Nonce;
        (into.JobId, into.Nonce, into.VersionBits, into.MidstateIndex, into.Chip, into.Core) = (_id, Nonce, 0, 0, 0, 0);
        return true;
    }

    public PartStatus SetVersionMask(uint mask) => PartStatus.Ok;

    public PartStatus SetTicketDifficulty(int difficulty) => PartStatus.Ok;

    public int JobSlotsFree(int chip) => 1;

    public int WorkingCores(int chip) => 128;

    public int ChipHashGhs(int chip) => -1;
}

/// <summary>Buses and pins that are never used: a board's description needs none.</summary>
internal sealed class NoBus : II2cBus, IUart, ISpiBus, IOutputPin
{
    public static readonly NoBus Instance = new();

    public int BaudRate => 115_200;

    public bool IsHigh => false;

    public BusStatus Write(int address, byte[] data, int offset, int count) => BusStatus.Fault;

    public BusStatus Read(int address, byte[] data, int offset, int count) => BusStatus.Fault;

    public BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount) => BusStatus.Fault;

    public BusStatus SetBaudRate(int baud) => BusStatus.Fault;

    public BusStatus Write(byte[] data, int offset, int count) => BusStatus.Fault;

    public int Read(byte[] data, int offset, int count) => 0;

    public BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count) => BusStatus.Fault;

    public void Write(bool high)
    {
    }
}
