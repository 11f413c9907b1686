using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Ballast.Hw.Boards;
using Ballast.Hw.Sim;

namespace Ballast.Firmware.Tests.Week;

/// <summary>
/// S01 to S07 and S13 against what is really the case on the modelled board: lines, converter, rotors, temperatures. Nothing here asks the
/// agent. Where a fault makes a rule impossible to see (a tach that cannot be read), the rule's own fault is what is held.
/// </summary>
internal sealed class PartRules(SimBoard sim, BoardDescription board, WeekFaults faults)
{
    /// <summary>A reading may be this far from the truth, m°C: the coarsest sensor has whole degrees.</summary>
    private const int ReadingMilliC = 1500;

    /// <summary>Two samples of 100 ms make a rule sure; 500 ms is what the design allows; a step of the simulation more.</summary>
    private const int CutMs = 520;

    private readonly BoardLimits _limits = board.Limits;
    private readonly long[] _stillSince = new long[sim.Fans.Length];
    private readonly Queue<long> _tries = new();
    private long _hotSince = -1;
    private long _blindSince = -1;
    private long _unpoweredSince = -1;
    private long _frozenSince = -1;
    private long _shouldShowSince = -1;
    private long _supplySince = -1;
    private long _trippedSince = -1;
    private long _coreSince = -1;
    private long _silentSince = -1;
    private long _openSince = -1;
    private long _closedSince = -1;
    private long _curtailUntil = -1;
    private long _heldSince = -1;
    private long _nowMs;
    private long _lastFaultMs = long.MinValue / 2;
    private long _quietSince = -1;
    private bool _fromStill;
    private bool _faultCut;
    private bool _mustCool;
    private bool _wasEnabled;
    private bool _closedPowered;

    /// <summary>True while the enable line orders the converter on.</summary>
    public bool Enabled { get; private set; }

    /// <summary>True while chips are out of reset.</summary>
    public bool Released { get; private set; }

    /// <summary>True while the core has power.</summary>
    public bool Powered => Enabled && sim.Converter.IsOn;

    /// <summary>A rule has latched and nobody has released it (S03, S04, S07).</summary>
    public string? Latched { get; private set; }

    /// <summary>Times that each rule had to act.</summary>
    public Dictionary<string, int> Acted { get; } = [];

    /// <summary>The store did not take the latch: a restart may not know it.</summary>
    public bool LatchStored { get; set; }

    /// <summary>The enable line moved, at the moment of the write.</summary>
    public void OnEnable(bool on)
    {
        if (on && !Enabled)
        {
            for (int i = 0; i < sim.Fans.Length; i++)
                Require(sim.Fans[i].Rpm >= _limits.FanMinRpm * 95 / 100, "S02", $"regulator on while fan {i} turns at {sim.Fans[i].Rpm} rpm");
            Require(!Released, "S02", "regulator on while chips are out of reset");
            Require(Latched == null, "S03", $"power on while latched by {Latched}");
            Require(_curtailUntil < _nowMs, "S13", "power on less than a minute after the curtail input opened");
            CheckRegulatorLimits();
            if (_faultCut)
                Count(_tries);
            _faultCut = false;
        }

        if (!on && Enabled)
        {
            // A converter without limits of its own is switched off by its driver the moment that its supply fails, like one that has them.
            Require(!Released || _supplySince >= 0 || SupplyBad || faults.FanPartLost, "S02", "regulator off while chips are out of reset");
            _mustCool = true;
        }

        Enabled = on;
    }

    /// <summary>The reset line moved.</summary>
    public void OnRelease(bool released)
    {
        if (released && !Released)
        {
            Require(Enabled && sim.Converter.IsOn, "S02", "chips out of reset without power");
            _silentSince = _nowMs;
        }

        Released = released;
    }

    /// <summary>The curtail input has held power off at least once: a board may still have it stored.</summary>
    public bool CurtailSeen { get; private set; }

    /// <summary>
    /// Controller restarts: what it held in RAM is gone. <paramref name="floats"/>: pins go where the resistors pull them.
    /// <paramref name="stored"/>: the store took what it was last given.
    /// </summary>
    public void Restart(bool floats, bool stored)
    {
        if (floats)
        {
            Released = false;
            _mustCool |= Enabled;
            Enabled = false;
        }

        // The hold is stored and outlives the controller; its readings of the input begin anew.
        if (!stored)
            _curtailUntil = -1;
        if (_closedSince >= 0)
            _closedSince = _nowMs;
        _tries.Clear();
        _faultCut = false;
        if (!LatchStored)
            Latched = null;
    }

    /// <summary>A person, or a signed message, releases a latched fault; it holds only once parts are cool.</summary>
    public void Release()
    {
        if (sim.ChipMilliC > _limits.ChipCoolMilliC + ReadingMilliC && !faults.SensorLies)
            return;
        Latched = null;
    }

    /// <summary>The board says that it cut power for a fault that allows another try: the next start is one (S06).</summary>
    public void OnHold() => _faultCut = !Enabled;

    /// <summary>The board says that a rule has latched: from here on it must keep to that, whatever happens.</summary>
    public void OnLatch(string rule)
    {
        if (Latched == null)
            Latch(rule);
    }

    /// <summary>S01: the first moment at which anything but the outputs may be touched.</summary>
    public void CheckSafe(string before)
    {
        Require(!Enabled && !Released, "S01", $"outputs are not safe before {before}");
        for (int i = 0; i < sim.Fans.Length && !faults.FanPartLost; i++)
            Require(sim.FanDutyPercent(i) >= 99, "S01", $"fan {i} at {sim.FanDutyPercent(i)} % before {before}");
    }

    /// <summary>Moves this watcher's clock before the board acts.</summary>
    public void Begin(long nowMs) => _nowMs = nowMs;

    /// <summary>Checks the state at the end of a step.</summary>
    public void Check(bool hasWork, int noncesHeard)
    {
        CheckHeat();
        CheckSensor();
        CheckFans();
        CheckSupply();
        CheckChips(hasWork, noncesHeard);
        CheckCurtail();
        _wasEnabled = Enabled;
        Require(Latched == null || !Enabled, "S03", $"latched by {Latched}, and power is on");
    }

    private void CheckHeat()
    {
        bool seen = !faults.SensorLies && !faults.BusLost;
        bool hot = Powered && seen && (sim.ChipMilliC >= _limits.ChipMaxMilliC + ReadingMilliC || sim.RegulatorMilliC >= _limits.RegulatorMaxMilliC + ReadingMilliC);
        if (Held(ref _hotSince, hot, CutMs))
            throw new RuleBrokenException("S03", $"power on at {sim.ChipMilliC} m°C in the chips and {sim.RegulatorMilliC} in the regulator");
        if (_hotSince >= 0 && _nowMs - _hotSince >= 220)
            Latch("S03");
        if (Enabled)
            _mustCool = false;
        else if (sim.ChipMilliC <= _limits.ChipCoolMilliC || faults.SensorLies)
            _mustCool = false;
        bool slow = false;
        for (int i = 0; i < sim.Fans.Length; i++)
            slow |= sim.FanDutyPercent(i) < 99;
        bool blind = faults.SensorLies || faults.FanPartLost || faults.BusLost;
        if (Held(ref _heldSince, _mustCool && slow && !blind && sim.ChipMilliC > _limits.ChipCoolMilliC + ReadingMilliC, 1020))
            throw new RuleBrokenException("S02", $"fans slow while parts are at {sim.ChipMilliC} m°C after power off");
    }

    private void CheckSensor()
    {
        if (Held(ref _blindSince, faults.SensorGone && Powered, CutMs))
            throw new RuleBrokenException("S04", "power on without a chip temperature");
        CheckFrozen();
    }

    /// <summary>
    /// Held here is what no fan and no history can excuse: a reading that stood still for a while without power, and still stands a minute
    /// after the chips draw twice what the rule looks for. What froze while the chips ran is left to the rule's own tests: what such a reading
    /// stood for depends on the board's past.
    /// </summary>
    private void CheckFrozen()
    {
        Held(ref _frozenSince, faults.SensorFrozen, int.MaxValue);
        int mw = sim.Converter.OutputMilliVolts * (sim.Converter.LoadMilliAmps / 10) / 100;
        bool still = _frozenSince >= 0 && _unpoweredSince >= 0 && _nowMs - Math.Max(_frozenSince, _unpoweredSince) >= 25_000;
        Held(ref _unpoweredSince, !Powered, int.MaxValue);
        if (_frozenSince < 0 || !Powered)
            _fromStill = still;
        if (Held(ref _shouldShowSince, _fromStill && _frozenSince >= 0 && Powered && mw > 6500, 62_000))
            throw new RuleBrokenException("S04", "the sensor did not follow the power for a minute, and power is on");
    }

    private void CheckFans()
    {
        for (int i = 0; i < sim.Fans.Length; i++)
        {
            bool still = Powered && sim.Fans[i].Rpm < _limits.FanMinRpm * 95 / 100;
            if (still && _stillSince[i] == 0)
                _stillSince[i] = _nowMs;
            if (!still)
                _stillSince[i] = 0;
            Require(!still || _nowMs - _stillSince[i] < 5300, "S05", $"fan {i} stands at {sim.Fans[i].Rpm} rpm for over 5 s and power is on");
            if (still && _nowMs - _stillSince[i] > 4500)
                Trip("S05");
        }
    }

    private bool SupplyBad => sim.Converter.InputMilliVolts < _limits.InputMinMilliVolts - 60 || sim.Converter.InputMilliVolts > _limits.InputMaxMilliVolts + 60;

    private void CheckSupply()
    {
        if (Held(ref _supplySince, SupplyBad && Enabled, CutMs))
            throw new RuleBrokenException("S06", $"regulator ordered on at {sim.Converter.InputMilliVolts} mV");
        if (Held(ref _trippedSince, Enabled && !sim.Converter.IsOn, CutMs))
            throw new RuleBrokenException("S06", "a regulator that switched itself off is still ordered on");
        if (_supplySince >= 0 || _trippedSince >= 0 || faults.BusLost)
            Trip("S06");
        int core = sim.HashChain.CoreMilliVolts;
        bool wrong = Powered && core > 0 && (core < _limits.CoreMinMilliVolts - 15 || core > _limits.CoreMaxMilliVolts + 15);
        if (Held(ref _coreSince, wrong, CutMs))
            throw new RuleBrokenException("S06", $"core at {core} mV");
    }

    private void CheckRegulatorLimits()
    {
        if (sim.Tps546 == null)
            return;
        byte[] word = new byte[2];
        foreach (byte response in new byte[] { 0x41, 0x45, 0x47, 0x50, 0x56 })
        {
            sim.Tps546.OnWrite([response], 0, 1);
            sim.Tps546.OnRead(word, 0, 1);
            Require((word[0] & 0x38) == 0, "S06", $"regulator would retry by itself: response {response:X2} is {word[0]:X2}");
        }

        sim.Tps546.OnWrite([0x24], 0, 1);
        sim.Tps546.OnRead(word, 0, 2);
        int most = (word[0] | (word[1] << 8)) * 1000 / 512;
        Require(most <= (_limits.CoreMaxMilliVolts * 6) + 5 && most < 5500, "S06", $"regulator's own output limit is {most} mV");
    }

    private void CheckChips(bool hasWork, int noncesHeard)
    {
        if (!Released || !Powered || !hasWork || noncesHeard > 0)
            _silentSince = _nowMs;
        Require(_nowMs - _silentSince < 45_000, "S07", "no nonce in 45 s with work and power, and the chain was not restarted");
        if (Held(ref _quietSince, faults.ChipsQuiet && Powered && hasWork, 75_000))
            throw new RuleBrokenException("S07", "chips quiet since over a minute, with work, and power is on");
    }

    private void CheckCurtail()
    {
        bool closed = !sim.CurtailInput.IsHigh;
        if (closed)
        {
            _openSince = -1;
            if (_closedSince < 0)
            {
                _closedSince = _nowMs;
                _closedPowered = _wasEnabled;
            }

            if (_nowMs - _closedSince >= 40)
            {
                if (_closedPowered)
                    Acted["S13"] = Acted.GetValueOrDefault("S13") + 1;
                _closedPowered = false;
                _curtailUntil = long.MaxValue;
                CurtailSeen = true;
            }

            Require(!Enabled || _nowMs - _closedSince < 100, "S13", $"power on {_nowMs - _closedSince} ms after the curtail input closed");
            return;
        }

        _closedSince = -1;
        if (_openSince < 0)
        {
            _openSince = _nowMs;
            if (_curtailUntil == long.MaxValue)
                _curtailUntil = _nowMs + 59_000;
        }
    }

    private void Count(Queue<long> tries)
    {
        while (tries.Count > 0 && _nowMs - tries.Peek() >= 3_600_000)
            tries.Dequeue();
        tries.Enqueue(_nowMs);
        Require(tries.Count <= 3, "S06", "a fourth new try within an hour");
    }

    private void Latch(string rule)
    {
        if (Latched == null)
            Trip(rule);
        Latched ??= rule;
        LatchStored = false;
    }

    private void Trip(string rule)
    {
        if (_nowMs - _lastFaultMs > 3000)
            Acted[rule] = Acted.GetValueOrDefault(rule) + 1;
        _lastFaultMs = _nowMs;
    }

    /// <summary>True once something has been the case for longer than it may.</summary>
    private bool Held(ref long since, bool now, int mostMs)
    {
        since = !now ? -1 : since < 0 ? _nowMs : since;
        return now && _nowMs - since > mostMs;
    }

    private static void Require(bool holds, string rule, string text)
    {
        if (!holds)
            throw new RuleBrokenException(rule, text);
    }

    private static void Require(bool holds, string rule, [InterpolatedStringHandlerArgument(nameof(holds))] RuleText text)
    {
        if (!holds)
            throw new RuleBrokenException(rule, text.ToString());
    }
}

/// <summary>Text that is only put together when a rule is broken: there are thirty million steps in a week.</summary>
[InterpolatedStringHandler]
internal readonly ref struct RuleText
{
    private readonly StringBuilder? _text;

    public RuleText(int literalLength, int formattedCount, bool holds, out bool wanted)
    {
        wanted = !holds;
        _text = holds ? null : new StringBuilder(literalLength + (8 * formattedCount));
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value, string? format = null) => _text!.AppendFormat(CultureInfo.InvariantCulture, format == null ? "{0}" : "{0:" + format + "}", value);

    public override string ToString() => _text!.ToString();
}
