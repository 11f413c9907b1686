using Ballast.Hw.Sim;

namespace Ballast.Firmware.Tests.Week;

/// <summary>What is really broken now, and a table of what breaks how often and for how long. Times are drawn from the seed.</summary>
internal sealed class WeekFaults
{
    private readonly Random _random;
    private readonly List<Fault> _table = [];

    public WeekFaults(WeekBoard board, Random random, double dose)
    {
        _random = random;
        SimBoard sim = board.Sim;
        Add("fan stuck", 8, 2, 200, f => sim.Fans[f].Stuck = true, f => sim.Fans[f].Stuck = false);
        Add("fan unplugged", 40, 2, 60, f => sim.Fans[f].Missing = true, f => sim.Fans[f].Missing = false);
        Add("sensor gone", 12, 0.05, 60, _ => SetSensor(sim, true), _ => SetSensor(sim, false));
        Add("sensor noisy", 12, 10, 1800, _ => sim.SensorNoiseMilliC = 300 + _random.Next(3000), _ => sim.SensorNoiseMilliC = 0);
        Add("sensor frozen", 15, 60, 1200, _ => sim.SensorFrozen = SensorFrozen = true, _ => sim.SensorFrozen = SensorFrozen = false);
        Add("regulator trips", 10, 0.02, 0.02, _ => TripRegulator(sim, board.Clock.NowMs), _ => { });
        Add("short dip", 3, 0.06, 0.25, _ => sim.DroopMilliVolts = sim.Converter.InputMilliVolts * _random.Next(6, 11) / 100, _ => sim.DroopMilliVolts = 0);
        Add("long dip", 10, 1, 30, _ => sim.DroopMilliVolts = sim.Converter.InputMilliVolts * _random.Next(6, 40) / 100, _ => sim.DroopMilliVolts = 0);
        Add("brown-out", 12, 0.5, 20, _ => sim.DroopMilliVolts = sim.Converter.InputMilliVolts * 9 / 10, _ => BrownOutEnds(board));
        Add("parts reset", 30, 0.04, 0.1, _ => sim.DroopMilliVolts = sim.Converter.InputMilliVolts * 9 / 10, _ => LoseParts(board));
        Add("I2C stuck", 10, 0.02, 20, _ => sim.I2c.LineStuck = BusLost = true, _ => sim.I2c.LineStuck = BusLost = false);
        Add("I2C noise", 4, 0.5, 10, _ => NoiseOnBus(sim), _ => { });
        Add("chips quiet", 10, 1, 120, _ => SetQuiet(sim, true), _ => SetQuiet(sim, false));
        Add("chip dead", 40, 60, 600, _ => sim.Bm13xx!.Chip(_random.Next(sim.Bm13xx.ChipCount)).Dead = true, _ => Revive(sim));
        Add("UART noise", 10, 5, 60, _ => sim.AsicUart!.FlipOneIn = sim.AsicUart.FlipOneInToChips = 100 + _random.Next(4000), _ => sim.AsicUart!.FlipOneIn = sim.AsicUart.FlipOneInToChips = 0);
        Add("hot air", 8, 300, 3600, _ => sim.AmbientMilliC = 36_000 + _random.Next(26_000), _ => sim.AmbientMilliC = 15_000 + _random.Next(17_000), slow: true);
        Add("pool away", 6, 5, 1200, _ => board.PoolAway(true), _ => board.PoolAway(false), slow: true);
        Add("pool mute", 15, 60, 900, _ => board.PoolMute = true, _ => board.PoolMute = false, slow: true);
        Add("store refuses", 12, 1, 90, _ => board.Store.Refuses = true, _ => board.Store.Refuses = false);
        Add("store torn", 16, 1, 120, _ => board.Store.TearNext = true, _ => board.Store.TearNext = false);
        Add("curtail", 6, 0.05, 200, _ => sim.CurtailInput.IsHigh = false, _ => sim.CurtailInput.IsHigh = true);
        Add("curtail bounces", 12, 0.01, 0.02, _ => sim.CurtailInput.IsHigh = false, _ => sim.CurtailInput.IsHigh = true);
        Add("button", 5, 0.05, 20, _ => sim.Button.IsHigh = false, _ => board.ButtonUp());
        Add("restart", 10, 0.02, 0.02, _ => board.Restart(_random.Next(4) != 0), _ => { });
        Add("loop throws", 30, 0.02, 0.02, _ => board.ThrowNext(_random.Next(2) == 0), _ => { });
        Add("loop stalls", 24, 0.02, 0.02, _ => board.Stall(), _ => { });
        Add("console", 3, 0.02, 0.02, _ => board.TypeSomething(_random), _ => { });
        Add("broker away", 3, 1, 240, _ => board.Link.Connect(false), _ => board.Link.Connect(true));
        Add("chips draw more", 24, 0.02, 0.02, _ => sim.PowerPermille = 960 + _random.Next(100), _ => { });

        void Add(string name, double everyHours, double fromS, double toS, Action<int> begin, Action<int> end, bool slow = false)
        {
            var fault = new Fault(name, everyHours * 3_600_000 / dose, (long)(fromS * 1000), (long)(toS * 1000), begin, end, slow);
            fault.NextMs = board.Clock.NowMs + 120_000 + Draw(fault.MeanMs);
            _table.Add(fault);
        }
    }

    public bool SensorGone { get; private set; }

    public bool SensorFrozen { get; private set; }

    /// <summary>The chip sensor stands still from now on.</summary>
    public void Freeze() => SensorFrozen = true;

    public bool BusLost { get; private set; }

    public bool FanPartLost { get; private set; }

    public bool ChipsQuiet { get; private set; }

    private long _lyingUntilMs;
    private long _partsLostUntilMs;
    private long _nowMs;

    /// <summary>What the board reads is not the truth, or was not a moment ago.</summary>
    public bool SensorLies => _nowMs < _lyingUntilMs;

    /// <summary>Something fast is going on: the simulation takes steps of 20 ms.</summary>
    public bool Busy { get; private set; }

    /// <summary>When something begins or ends next.</summary>
    public long NextMs { get; private set; }

    public string Now => string.Join(", ", _table.Where(f => f.EndMs > 0).Select(f => f.Name));

    /// <summary>True if one of these faults is there, or was at most so long ago.</summary>
    public bool Recent(long nowMs, long ms, params ReadOnlySpan<string> starts)
    {
        foreach (Fault f in _table)
            foreach (string start in starts)
                if (f.Name.StartsWith(start, StringComparison.Ordinal) && (f.EndMs > 0 || nowMs - f.EndedMs <= ms))
                    return true;
        return false;
    }

    public IEnumerable<(string Name, int Count)> Counts => _table.Select(f => (f.Name, f.Count));

    public void Step(long nowMs)
    {
        _nowMs = nowMs;
        if (nowMs >= NextMs)
        {
            Busy = false;
            NextMs = long.MaxValue;
            foreach (Fault f in _table)
            {
                if (f.EndMs > 0 && nowMs >= f.EndMs)
                    End(f, nowMs);
                else if (f.EndMs == 0 && nowMs >= f.NextMs)
                    Begin(f, nowMs);
                Busy |= f.EndMs > 0 && !f.Slow;
                NextMs = Math.Min(NextMs, f.EndMs > 0 ? f.EndMs : f.NextMs);
            }
        }

        if (SensorGone || SensorFrozen || BusLost || _table[3].EndMs > 0)
            _lyingUntilMs = nowMs + 1000;
        FanPartLost = BusLost || nowMs < _partsLostUntilMs;
    }

    /// <summary>The board was configured anew: parts that had lost their settings have them again.</summary>
    public void PartsConfigured() => _partsLostUntilMs = 0;

    private void Begin(Fault f, long nowMs)
    {
        f.Count++;
        f.EndMs = nowMs + f.FromMs + (long)(_random.NextDouble() * (f.ToMs - f.FromMs));
        f.Argument = _random.Next(f.Name.StartsWith("fan", StringComparison.Ordinal) ? FanCount : 1);
        f.Start(f.Argument);
    }

    private void End(Fault f, long nowMs)
    {
        f.EndMs = 0;
        f.EndedMs = nowMs;
        f.NextMs = nowMs + 1000 + Draw(f.MeanMs);
        f.Stop(f.Argument);
    }

    public int FanCount { get; init; } = 1;

    private long Draw(double mean) => (long)(-Math.Log(1 - _random.NextDouble()) * mean);

    private void SetSensor(SimBoard sim, bool gone)
    {
        // Boards whose sensor is the fan controller's own cannot lose it alone.
        SensorGone = gone && (sim.ChipSensors.Length > 0 || sim.Emc2101!.DiodeMilliC - sim.Emc2101.OwnMilliC != 5000);
        if (sim.ChipSensors.Length > 0)
        {
            sim.ChipSensors[_random.Next(sim.ChipSensors.Length)].Nacks = gone;
            foreach (SimTmp1075 sensor in sim.ChipSensors)
                sensor.Nacks &= gone;
        }
        else if (sim.Emc2101 != null)
        {
            sim.Emc2101.DiodeOpen = gone;
        }
    }

    private static void TripRegulator(SimBoard sim, long nowMs)
    {
        if (sim.Tps546 is { } tps && tps.IsOn)
            tps.TripOverCurrent(nowMs);
        if (sim.Tps53647 is { } other && other.IsOn)
            other.TripOverCurrent();
    }

    private void LoseParts(WeekBoard board)
    {
        board.Sim.DroopMilliVolts = 0;
        board.Sim.PartsLosePower();
        _partsLostUntilMs = long.MaxValue;
    }

    private void BrownOutEnds(WeekBoard board)
    {
        LoseParts(board);
        board.Restart(true);
    }

    private void NoiseOnBus(SimBoard sim)
    {
        SimI2cDevice? part = _random.Next(4) switch
        {
            0 => sim.Emc2101,
            1 => sim.Emc2302,
            2 => sim.Tps546 ?? (SimI2cDevice?)sim.Tps53647,
            _ => sim.ChipSensors.Length > 0 ? sim.ChipSensors[0] : null,
        };
        if (part != null)
            part.NackNext = _random.Next(1, 7);
    }

    private void SetQuiet(SimBoard sim, bool quiet)
    {
        ChipsQuiet = quiet;
        sim.AsicUart!.Silent = quiet;
    }

    private static void Revive(SimBoard sim)
    {
        for (int i = 0; i < sim.Bm13xx!.ChipCount; i++)
            sim.Bm13xx.Chip(i).Dead = false;
    }

    private sealed class Fault(string name, double meanMs, long fromMs, long toMs, Action<int> start, Action<int> stop, bool slow)
    {
        public string Name => name;
        public double MeanMs => meanMs;
        public long FromMs => fromMs;
        public long ToMs => toMs;
        public bool Slow => slow;
        public Action<int> Start => start;
        public Action<int> Stop => stop;
        public long NextMs { get; set; }
        public long EndMs { get; set; }
        public long EndedMs { get; set; } = long.MinValue / 2;
        public int Argument { get; set; }
        public int Count { get; set; }
    }
}
