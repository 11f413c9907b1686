namespace Ballast.Host.Ledger;

/// <summary>Inputs of a baseline from the same day's meter.</summary>
/// <param name="Day">The event's day.</param>
/// <param name="First">First interval of the event.</param>
/// <param name="Last">Last interval of the event.</param>
/// <param name="Before">Intervals before the event that are averaged.</param>
/// <param name="SkipBefore">Intervals left out just before it.</param>
/// <param name="After">Intervals after the event that are averaged; 0 for meter-before.</param>
/// <param name="SkipAfter">Intervals left out just after it.</param>
public sealed record SameDayInputs(LoadDay Day, int First, int Last, int Before, int SkipBefore, int After, int SkipAfter);

/// <summary>
/// Meter before (and after): the right one for fast products and flat loads. With 3 + 2 hours and one hour left out on each side it is
/// PJM's same-day baseline (README.md).
/// </summary>
public static class SameDay
{
    /// <summary>Makes the baseline: one value for the whole event.</summary>
    public static BaselineResult<SameDayInputs> Make(SameDayInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        List<int> used =
        [
            .. Enumerable.Range(inputs.First - inputs.SkipBefore - inputs.Before, inputs.Before),
            .. Enumerable.Range(inputs.Last + 1 + inputs.SkipAfter, inputs.After),
        ];
        if (inputs.Last < inputs.First || used.Count == 0 || used.Any(i => i < 0 || i >= inputs.Day.Kw.Count))
        {
            return new BaselineResult<SameDayInputs>(null, "The event or the intervals around it lie outside the day.");
        }

        if (used.Any(i => inputs.Day.Kw[i] is not { } kw || !double.IsFinite(kw)))
        {
            return new BaselineResult<SameDayInputs>(null, "The meter has a gap in the intervals that make the baseline.");
        }

        double mean = used.Average(i => inputs.Day.Kw[i]!.Value);
        double[] kw = [.. Enumerable.Repeat(mean, inputs.Last - inputs.First + 1)];
        string method = inputs.After > 0 ? "meter-before-after" : "meter-before";
        return new BaselineResult<SameDayInputs>(new Baseline<SameDayInputs>(method, kw, kw, 1, false, [inputs.Day.Day], inputs), null);
    }

    /// <summary>Intervals that are averaged, for a person to check.</summary>
    public static IReadOnlyList<int> Used(SameDayInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [.. Enumerable.Range(inputs.First - inputs.SkipBefore - inputs.Before, inputs.Before), .. Enumerable.Range(inputs.Last + 1 + inputs.SkipAfter, inputs.After)];
    }
}
