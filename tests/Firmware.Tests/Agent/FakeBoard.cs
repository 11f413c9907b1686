using Ballast.Hw.Asic;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Firmware.Tests.Agent;

/// <summary>A clock that a test moves.</summary>
public sealed class FakeClock : IClock
{
    public long NowMs { get; set; } = 1000;
}

/// <summary>Repeatable random numbers (xorshift).</summary>
public sealed class FakeEntropy(uint seed) : IEntropy
{
    private uint _state = seed == 0 ? 1 : seed;

    public uint NextUInt32()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state;
    }
}

/// <summary>A chain that comes up after 300 ms and ramps 6.25 MHz per 100 ms each way.</summary>
public sealed class FakeChain : IHashChain
{
    private long _now;
    private long _startedAt = -1;
    private long _lastStep;
    private int _goal;

    public ChipProfile Profile { get; } = new() { Name = "FAKE1", MinKhz = 50_000, MaxKhz = 800_000, StartKhz = 50_000 };
    public int ChipCount => 1;
    public int ChipsFound => State == ChainState.Running ? 1 : 0;
    public ChainState State { get; private set; }
    public string? Fault { get; private set; }
    public int FreqKhz { get; private set; }
    public bool Ramping => FreqKhz != _goal;
    public ChainCounters Counters { get; } = new();
    public bool FailStart { get; set; }
    public int Starts { get; private set; }
    public List<string> Log { get; set; } = [];

    public void Start()
    {
        Starts++;
        Log.Add("chain start");
        State = ChainState.BringUp;
        _startedAt = _now;
        FreqKhz = 0;
    }

    public PartStatus RampTo(int freqKhz)
    {
        if (freqKhz < Profile.MinKhz || freqKhz > Profile.MaxKhz)
            return PartStatus.OutOfRange;
        _goal = freqKhz;
        return PartStatus.Ok;
    }

    public void Stop()
    {
        if (State != ChainState.Off)
            Log.Add("chain stop");
        State = ChainState.Off;
        FreqKhz = 0;
        _goal = 0;
    }

    public void Step(long nowMs)
    {
        _now = nowMs;
        if (State == ChainState.BringUp && nowMs - _startedAt >= 300)
        {
            if (FailStart)
            {
                State = ChainState.Failed;
                Fault = "no chip answered: check reset and data lines";
                return;
            }

            State = ChainState.Running;
            FreqKhz = _goal = Profile.StartKhz;
        }

        if (State == ChainState.Running && nowMs - _lastStep >= 100)
        {
            _lastStep = nowMs;
            if (FreqKhz < _goal)
                FreqKhz = Math.Min(_goal, FreqKhz + 6250);
            else if (FreqKhz > _goal)
                FreqKhz = Math.Max(_goal, FreqKhz - 6250);
        }
    }

    public PartStatus SendJob(ChipJob job, out int jobId)
    {
        jobId = 0;
        return PartStatus.Ok;
    }

    public bool TryTakeNonce(ChipNonce into) => false;
    public PartStatus SetTicketDifficulty(int difficulty) => PartStatus.Ok;
    public PartStatus SetVersionMask(uint mask) => PartStatus.Ok;
    public int JobSlotsFree(int chip) => 1;
    public int ChipHashGhs(int chip) => -1;

    public int WorkingCores(int chip) => 1;
}

public sealed class FakeRegulator(FakeBoard board) : IRegulator
{
    public bool On { get; private set; }
    public int MilliVolts { get; private set; }
    public int InputMilliVolts { get; set; } = 5000;
    public int TemperatureMilliC { get; set; } = 40_000;
    public RegulatorFaults Faults { get; set; }
    public PartStatus Status { get; set; }
    public bool RefusesOff { get; set; }
    public int Configures { get; private set; }
    public List<string> Log { get; set; } = [];

    public PartStatus Configure()
    {
        Configures++;
        return Status;
    }

    public PartStatus SetMillivolts(int milliVolts)
    {
        if (Status == PartStatus.Ok)
            MilliVolts = milliVolts;
        return Status;
    }

    public PartStatus Enable(bool on)
    {
        if (!on && RefusesOff)
            return PartStatus.Nack;
        if (on && Status != PartStatus.Ok)
            return Status;
        if (on != On)
            Log.Add(on ? "rail on" : "rail off");
        On = on;
        return PartStatus.Ok;
    }

    public PartStatus Read(RegulatorReading into)
    {
        if (Status != PartStatus.Ok)
            return Status;
        into.InputMilliVolts = InputMilliVolts;
        into.OutputMilliVolts = On ? MilliVolts : 0;
        into.OutputMilliAmps = board.OutputMilliAmps;
        into.TemperatureMilliC = TemperatureMilliC;
        return PartStatus.Ok;
    }

    public PartStatus ReadFaults(out RegulatorFaults faults)
    {
        faults = Faults;
        return Status;
    }

    public PartStatus ClearFaults()
    {
        Faults = RegulatorFaults.None;
        return Status;
    }
}

public sealed class FakeFans : IFanController
{
    public int Duty { get; private set; }
    public bool Stuck { get; set; }
    public int FanCount => 1;
    public PartStatus Status { get; set; }

    public PartStatus Configure()
    {
        Duty = 100;
        return Status;
    }

    public PartStatus SetDutyPercent(int fan, int percent)
    {
        Duty = percent;
        return Status;
    }

    public PartStatus ReadRpm(int fan, out int rpm)
    {
        rpm = Stuck ? 0 : Duty * 50;
        return Status;
    }
}

public sealed class FakeSensor : ITemperatureSensor
{
    public int MilliC { get; set; } = 30_000;
    public PartStatus Status { get; set; }
    public int ChannelCount => 1;
    public PartStatus Configure() => PartStatus.Ok;

    private int _reads;

    public PartStatus ReadMilliC(int channel, out int milliC)
    {
        // A real diode is never still.
        milliC = MilliC + (++_reads % 50 == 0 ? 300 : 0);
        return Status;
    }
}

public sealed class FakePin : IOutputPin, IInputPin
{
    public bool IsHigh { get; set; }
    public void Write(bool high) => IsHigh = high;
}

/// <summary>A board of fakes with five points; power follows k·V²·f.</summary>
public sealed class FakeBoard
{
    public FakeChain Chain { get; } = new();
    public FakeRegulator Regulator { get; }
    public FakeFans Fans { get; } = new();
    public FakeSensor Sensor { get; } = new();
    public FakePin Led { get; } = new();
    public FakePin Curtail { get; } = new() { IsHigh = true };
    public FakePin Button { get; } = new() { IsHigh = true };
    public Hashboard Board { get; }
    public List<string> Log { get; } = [];

    public FakeBoard(IClock clock, int minOffMs = 0)
    {
        Regulator = new FakeRegulator(this) { Log = Log };
        Chain.Log = Log;
        int[] mhz = [0, 400, 450, 500, 550, 600];
        int[] mv = [0, 1000, 1050, 1100, 1150, 1200];
        var points = new OperatingPoint[mhz.Length];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new OperatingPoint
            {
                FreqKhz = mhz[i] * 1000,
                MilliVolts = mv[i],
                HashGhs = mhz[i] * 2,
                PowerMw = 1500 + ModelMw(mhz[i] * 1000, mv[i]),
            };
        }

        Board = new Hashboard
        {
            Description = new BoardDescription
            {
                Model = "fake",
                ChipCount = 1,
                Chip = Chain.Profile,
                Points = points,
                FixedMw = 1500,
                NominalPoint = 3,
                Limits = new BoardLimits
                {
                    ChipMaxMilliC = 75_000,
                    ChipTargetMilliC = 60_000,
                    ChipCoolMilliC = 45_000,
                    PlausibleMinMilliC = -20_000,
                    PlausibleMaxMilliC = 125_000,
                    RegulatorMaxMilliC = 105_000,
                    InputMinMilliVolts = 4500,
                    InputMaxMilliVolts = 5500,
                    CoreMinMilliVolts = 950,
                    CoreMaxMilliVolts = 1300,
                    OutputMaxMilliAmps = 30_000,
                    FanFloorPercent = 30,
                    FanMinRpm = 300,
                    MinOffMs = minOffMs,
                },
            },
            Chain = Chain,
            Regulator = Regulator,
            Fans = Fans,
            ChipTemperature = Sensor,
            Io = new BoardIo { Clock = clock, Led = Led, CurtailInput = Curtail, Button = Button },
        };
    }

    /// <summary>Power of the chips at a clock and voltage, mW.</summary>
    public static int ModelMw(int khz, int mv) => (int)((long)mv * mv / 1000 * (khz / 1000) * 20 / 1000);

    /// <summary>Chips draw this much more than the model, in thousandths.</summary>
    public int ExtraPermille { get; set; }

    public int OutputMilliAmps => Regulator.On && Regulator.MilliVolts > 0 ? (int)(ModelMw(Chain.FreqKhz, Regulator.MilliVolts) * (1000L + ExtraPermille) / Regulator.MilliVolts) : 0;

    /// <summary>True power, mW.</summary>
    public int TrueMw => 1500 + (Regulator.On ? ModelMw(Chain.FreqKhz, Regulator.MilliVolts) : 0);
}
