using Ballast.Host.Options;

namespace Ballast.Host.Signals.Surplus;

/// <summary>
/// From readings of a surplus to a cap. It owns no clock and no link.
/// <code>
///   fall      at once, to the reading less the margin
///   rise      to the lowest reading of the last riseAfterS, if that is hysteresisW more; at most upWPerS
///   off       below offW once it has been on for minOnS; until then the cap still follows the reading down
///   on        at onW or more, once it has been off for minOffS
///   stale     min(cap, fallback), and no rise before readings have come for riseAfterS again (S17)
/// </code>
/// Law: while readings are fresh the cap is never above the last one, and while they are not it never rises.
/// </summary>
public sealed class SurplusFollower(SurplusSection section)
{
    // Levels that no later reading was below, each with when it began, rising: the first is the lowest of the window.
    private readonly LinkedList<(long FromMs, double Watts)> _lows = new();
    private long _freshSinceMs;
    private long _switchedMs = long.MinValue / 2;
    private long _lastMs;
    private double _reading;
    private bool _rising;

    /// <summary>The cap, W; null before the first reading.</summary>
    public double? CapW { get; private set; }

    /// <summary>False while the load is off because the surplus was too small.</summary>
    public bool On { get; private set; } = true;

    /// <summary>Why the cap is what it is.</summary>
    public string Why { get; private set; } = "no reading yet";

    /// <summary>Takes a reading, W.</summary>
    public void Hear(double watts, long nowMs)
    {
        _reading = Math.Max(0, watts - section.MarginW);
        if (_lows.Count == 0)
        {
            _freshSinceMs = nowMs;
        }

        long fromMs = nowMs;
        while (_lows.Last is { } last && last.Value.Watts >= _reading)
        {
            fromMs = last.Value.FromMs;
            _lows.RemoveLast();
        }

        _lows.AddLast((fromMs, _reading));
        if (CapW is null)
        {
            CapW = _reading;
            _lastMs = nowMs;
        }

        Step(nowMs, fresh: true);
    }

    /// <summary>Works the cap out for a time.</summary>
    /// <param name="nowMs">Host's ms.</param>
    /// <param name="fresh">True if the last reading still counts.</param>
    public void Step(long nowMs, bool fresh)
    {
        double seconds = (nowMs - _lastMs) / 1000.0;
        _lastMs = nowMs;
        if (!fresh)
        {
            _lows.Clear();
            _rising = false;
            CapW = Math.Min(CapW ?? double.MaxValue, section.FallbackW);
            Why = "the surplus is stale: the lower of the last cap and the fallback holds";
            return;
        }

        if (CapW is not { } cap)
        {
            return;
        }

        // The level that held at the edge of the window still counts: only those that were left before it do not.
        while (_lows.First is { Next: { } next } && next.Value.FromMs <= nowMs - (section.RiseAfterS * 1000))
        {
            _lows.RemoveFirst();
        }

        bool longEnough = nowMs - _freshSinceMs >= section.RiseAfterS * 1000;
        double sure = longEnough && _lows.First is { } low ? low.Value.Watts : Math.Min(cap, _reading);
        Switch(sure, nowMs);
        if (!On)
        {
            cap = 0;
            _rising = false;
        }
        else if (_reading < cap)
        {
            cap = _reading;
            _rising = false;
        }
        else
        {
            _rising = sure > cap && (_rising || sure - cap >= section.HysteresisW);
            cap = !_rising ? cap : section.UpWPerS > 0 ? Math.Min(sure, cap + (section.UpWPerS * seconds)) : sure;
            _rising = _rising && cap < sure;
        }

        CapW = cap;
        Why = On ? FormattableString.Invariant($"surplus {_reading:0} W") : FormattableString.Invariant($"surplus {_reading:0} W is too small: off until {section.OnW:0} W");
    }

    private void Switch(double sure, long nowMs)
    {
        bool off = On && _reading < section.OffW && nowMs - _switchedMs >= section.MinOnS * 1000;
        bool on = !On && sure >= section.OnW && nowMs - _switchedMs >= section.MinOffS * 1000;
        if (off || on)
        {
            On = on;
            _switchedMs = nowMs;
        }
    }
}
