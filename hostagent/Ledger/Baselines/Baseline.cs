namespace Ballast.Host.Ledger;

/// <summary>Load of one day at a fixed interval, from midnight; null marks a gap.</summary>
/// <param name="Day">Local day of the market.</param>
/// <param name="Kw">Mean power of each interval, kW.</param>
public sealed record LoadDay(DateOnly Day, IReadOnlyList<double?> Kw);

/// <summary>How the same day corrects a baseline.</summary>
public enum AdjustmentKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By the ratio of the day's load to the baseline's, in the window before the event.</summary>
    Ratio,

    /// <summary>By the difference of the two, kW.</summary>
    Additive,
}

/// <summary>Same-day adjustment.</summary>
/// <param name="Kind">How.</param>
/// <param name="Intervals">Length of the window, intervals.</param>
/// <param name="SkipIntervals">Intervals between the window and the event, which the notice may already have changed.</param>
/// <param name="Cap">Largest change, part of the baseline: 0.2 is ±20 %.</param>
public sealed record SameDayAdjustment(AdjustmentKind Kind, int Intervals, int SkipIntervals, double Cap)
{
    /// <summary>No adjustment.</summary>
    public static SameDayAdjustment None { get; } = new(AdjustmentKind.None, 0, 0, 0);
}

/// <summary>Everything that a high-X-of-Y baseline was made from; it is kept with the result, so that an auditor can do it again.</summary>
/// <param name="X">Days that are averaged.</param>
/// <param name="Y">Eligible days that they are chosen from, the newest.</param>
/// <param name="EventDay">The day of the event, up to its end.</param>
/// <param name="First">First interval of the event.</param>
/// <param name="Last">Last interval of the event.</param>
/// <param name="Candidates">Earlier days, in any order.</param>
/// <param name="Excluded">Days that do not count: events, holidays, other kinds of day; with the reason.</param>
/// <param name="Adjustment">Same-day adjustment.</param>
public sealed record HighXOfYInputs(
    int X, int Y, LoadDay EventDay, int First, int Last, IReadOnlyList<LoadDay> Candidates, IReadOnlyDictionary<DateOnly, string> Excluded, SameDayAdjustment Adjustment);

/// <summary>A baseline and what it was made from.</summary>
/// <typeparam name="TInputs">Inputs of the method.</typeparam>
/// <param name="Method">Name of the method.</param>
/// <param name="Kw">Baseline by interval of the event, kW.</param>
/// <param name="UnadjustedKw">Before the same-day adjustment, kW.</param>
/// <param name="Factor">Ratio (or kW, if additive) that was applied.</param>
/// <param name="Capped">True if the cap bound.</param>
/// <param name="Days">Days that were averaged, newest first.</param>
/// <param name="Inputs">Inputs.</param>
public sealed record Baseline<TInputs>(
    string Method, IReadOnlyList<double> Kw, IReadOnlyList<double> UnadjustedKw, double Factor, bool Capped, IReadOnlyList<DateOnly> Days, TInputs Inputs);

/// <summary>A baseline or the reason why there is none.</summary>
/// <typeparam name="TInputs">Inputs of the method.</typeparam>
/// <param name="Value">The baseline, or null.</param>
/// <param name="WhyNot">A sentence, or null.</param>
public sealed record BaselineResult<TInputs>(Baseline<TInputs>? Value, string? WhyNot);
