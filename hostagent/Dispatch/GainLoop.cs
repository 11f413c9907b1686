namespace Ballast.Host.Dispatch;

/// <summary>What the gain loop sees in one second.</summary>
/// <param name="NowMs">Host's time.</param>
/// <param name="MeterW">Trusted meter, W; null if stale.</param>
/// <param name="CapW">Cap, W; +∞ for none.</param>
/// <param name="NotSteeredW">Base, fixed and otherwise unsteered watts.</param>
/// <param name="PredictedW">Ordered watts above standby of the boards that say they run.</param>
/// <param name="OrderedW">Ordered watts above standby of the whole curve.</param>
/// <param name="FullW">Watts above standby with everything on.</param>
/// <param name="FallDelayMs">Settling time of a fall under the class in force.</param>
/// <param name="RiseDelayMs">Settling time of a rise.</param>
/// <param name="FallUnderWay">A fall that was ordered may still be ramping: a meter over the cap is expected until then.</param>
/// <param name="BoardsSettleMs">When boards that idled or returned have settled.</param>
/// <param name="Frozen">Emergency, broker down, or the journal refuses rises.</param>
public readonly record struct GainInput(
    long NowMs, double? MeterW, double CapW, double NotSteeredW, double PredictedW, double OrderedW, double FullW, long FallDelayMs, long RiseDelayMs,
    bool FallUnderWay, long BoardsSettleMs, bool Frozen);

/// <summary>
/// Step 4 of control.md: corrects the gain between ordered and metered watts. It never integrates the number itself, because watts
/// over the number is a staircase. Down is never delayed; up is slow. While an ordered fall ramps, the meter is over the cap as it must
/// be, and the gain waits: a cap's fall is one order.
/// </summary>
public sealed class GainLoop
{
    /// <summary>Gain of a first start: boards are believed to draw 10 % more than they say.</summary>
    public const double FirstGain = 1.10;

    private const double MinGain = 0.9;
    private const double MaxGain = 1.5;

    private double _referenceW = double.NaN;
    private long _settlesMs = long.MinValue / 2;
    private long _lastJumpMs = long.MinValue / 2;

    /// <summary>Metered watts per ordered watt, 0.9…1.5.</summary>
    public double Gain { get; private set; } = FirstGain;

    /// <summary>True if the gain is at a bound and wants to go further: the meter and the boards disagree.</summary>
    public bool AtBound { get; private set; }

    /// <summary>True if the last step counted as settled.</summary>
    public bool Settled { get; private set; }

    /// <summary>
    /// Continues from the journal. A larger gain than the one that made the adopted orders would lower them at once, a step that a restart
    /// must not make; nothing rises for a lease, and until then the meter has corrected it.
    /// </summary>
    public void Resume(double journaled) => Gain = Math.Clamp(journaled, MinGain, MaxGain);

    /// <summary>One step, once a second.</summary>
    public void Step(in GainInput input)
    {
        NoteChange(input);
        Settled = input.NowMs >= _settlesMs && input.NowMs >= input.BoardsSettleMs;
        if (input.Frozen || input.MeterW is not { } meter || Ratio(meter, input.NotSteeredW, input.PredictedW, input.FullW) is not { } ratio)
        {
            return;
        }

        double next = Gain;
        if (Settled)
        {
            next += ratio > Gain ? 0.3 * (ratio - Gain) : Math.Max(-0.01, 0.2 * (ratio - Gain));
        }
        else if (!input.FallUnderWay && meter > input.CapW && ratio > Gain && input.NowMs - _lastJumpMs >= 4000)
        {
            next = ratio;
            _lastJumpMs = input.NowMs;
        }

        AtBound = (next > MaxGain && ratio > MaxGain) || (next < MinGain && ratio < MinGain);
        Gain = Math.Clamp(next, MinGain, MaxGain);
    }

    /// <summary>Watts drawn per watt ordered, or null if too few boards run to tell.</summary>
    public static double? Ratio(double drawnW, double notSteeredW, double predictedW, double fullW)
        => predictedW > 0.10 * fullW ? (drawnW - notSteeredW) / predictedW : null;

    private void NoteChange(in GainInput input)
    {
        if (double.IsNaN(_referenceW) || Math.Abs(input.OrderedW - _referenceW) >= 0.02 * Math.Max(input.FullW, 1))
        {
            long delay = input.OrderedW < _referenceW ? input.FallDelayMs : input.RiseDelayMs;
            _settlesMs = Math.Max(_settlesMs, input.NowMs + delay);
            _referenceW = input.OrderedW;
        }
    }
}
