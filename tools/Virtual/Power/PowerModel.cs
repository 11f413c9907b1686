using Ballast.Hw.Boards;
using Ballast.Hw.Sim;

namespace Ballast.Virtual.Power;

/// <summary>
/// The physics of a board without its registers and without hashing: watts follow voltage and clock as in the board's own ladder, heat and
/// fans have inertia. A thousand of these cost less than one board at register level. What a driver could get wrong is not in here.
/// </summary>
public sealed class PowerModel
{
    private const int FullRpm = 5_000;
    private const int LongestStepMs = 500;

    private readonly SimFan _fan;
    private readonly SimThermal _heat;
    private readonly double _milliWattPerV2Khz;
    private readonly int _permille;
    private readonly int _quietMw;
    private long _nowMs;

    /// <summary>Makes a cold board without power.</summary>
    /// <param name="description">The board that it stands for.</param>
    /// <param name="nowMs">Time now, ms.</param>
    /// <param name="permille">What the chips draw against the ladder, ‰.</param>
    public PowerModel(BoardDescription description, long nowMs, int permille = 1_000)
    {
        Description = description;
        OperatingPoint top = description.Points[^1];
        double volts = top.MilliVolts / 1_000.0;
        _milliWattPerV2Khz = (top.PowerMw - description.Points[0].PowerMw) / (volts * volts * top.FreqKhz);
        _permille = permille;
        _quietMw = description.Points[0].PowerMw - description.FanMw;
        _fan = new SimFan(FullRpm, description.FanMw);

        // As the register-level boards: 51 mW/K per W of chips at full fan keeps the top point some 20 K above the air.
        int watt = Math.Max(1, (top.PowerMw - description.Points[0].PowerMw) / 1_000);
        _heat = new SimThermal(watt * 2, watt * 8, watt * 51, AmbientMilliC);
        _nowMs = nowMs;
    }

    /// <summary>The board that it stands for.</summary>
    public BoardDescription Description { get; }

    /// <summary>Air, m°C.</summary>
    public int AmbientMilliC { get; set; } = 25_000;

    /// <summary>Planted fault: the supply is gone. Nothing draws, fans stop.</summary>
    public bool Unpowered { get; set; }

    /// <summary>Planted fault: supply at the input is this much under its nominal value, mV.</summary>
    public int DroopMilliVolts { get; set; }

    /// <summary>Core rail, mV; 0 while off.</summary>
    public int RailMilliVolts { get; set; }

    /// <summary>When the firmware last switched the regulator off, as a timestamp of the machine's stopwatch: for benches, which run in real time.</summary>
    public long SwitchedOffAt { get; set; }

    /// <summary>What the chips run at, kHz; 0 in reset.</summary>
    public int FreqKhz { get; set; }

    /// <summary>Duty of all fans, %.</summary>
    public int DutyPercent { get; set; }

    /// <summary>Speed of the fans, rpm.</summary>
    public int Rpm => _fan.Rpm;

    /// <summary>Fault: the rotors are blocked.</summary>
    public bool FanStuck
    {
        get => _fan.Stuck;
        set => _fan.Stuck = value;
    }

    /// <summary>Chips, m°C.</summary>
    public int ChipMilliC => _heat.MilliC;

    /// <summary>What the chips take at the board's input, mW.</summary>
    public int ChipsMw
    {
        get
        {
            double volts = RailMilliVolts / 1_000.0;
            return (int)(volts * volts * FreqKhz * _milliWattPerV2Khz * _permille / 1_000);
        }
    }

    /// <summary>True power at the board's input, mW.</summary>
    public long InputMw => Unpowered ? 0 : Math.Max(StuckMw, _quietMw + _fan.PowerMw + ChipsMw);

    /// <summary>Planted fault: what a stuck switch draws whatever the firmware orders, mW; 0 for none.</summary>
    public long StuckMw { get; set; }

    /// <summary>Planted fault: the regulator's own readings do not show what a stuck switch draws.</summary>
    public bool StuckUnseen { get; set; }

    /// <summary>Supply at the input, mV: the middle of what the board accepts.</summary>
    public int SupplyMilliVolts => ((Description.Limits.InputMinMilliVolts + Description.Limits.InputMaxMilliVolts) / 2) - DroopMilliVolts;

    /// <summary>Moves fans and heat on to now.</summary>
    public void Step(long nowMs)
    {
        if (Unpowered)
        {
            RailMilliVolts = 0;
            FreqKhz = 0;
            DutyPercent = 0;
        }

        // Longer gaps are cut into pieces that the fan's inertia can follow; after a long one there is nothing left to follow.
        _nowMs = Math.Max(_nowMs, nowMs - 60_000);
        while (_nowMs < nowMs)
        {
            int elapsed = (int)Math.Min(LongestStepMs, nowMs - _nowMs);
            _nowMs += elapsed;
            _fan.Step(DutyPercent, elapsed);
            _heat.Step(ChipsMw, AmbientMilliC, _fan.SpeedPercent, elapsed);
        }
    }

    /// <summary>The controller resets: regulator and chips are off, the fans keep their duty.</summary>
    public void ControllerDies()
    {
        RailMilliVolts = 0;
        FreqKhz = 0;
    }
}
