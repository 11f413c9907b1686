using System.Globalization;

namespace Ballast.Host.Ledger;

/// <summary>
/// Day-matching baselines: of the newest Y eligible days the X with the highest load in the event's hours, averaged interval by
/// interval, corrected by the same day. With 10 of 10 and ±20 % it is the California ISO's, with 4 of 5 PJM's, with 5 of 10 New York's
/// (README.md names the sources).
/// </summary>
public static class HighXOfY
{
    /// <summary>California ISO, non-residential weekdays: 10 of 10, ratio within ±20 % over the first three of the four hours before the event.</summary>
    public static SameDayAdjustment CaliforniaAdjustment(int intervalsPerHour) => new(AdjustmentKind.Ratio, 3 * intervalsPerHour, intervalsPerHour, 0.2);

    /// <summary>Makes the baseline. Gaps are never filled: a day with one in the event's hours is not eligible.</summary>
    public static BaselineResult<HighXOfYInputs> Make(HighXOfYInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (Wrong(inputs) is { } wrong)
        {
            return new BaselineResult<HighXOfYInputs>(null, wrong);
        }

        int count = inputs.Last - inputs.First + 1;
        int windowFirst = inputs.First - inputs.Adjustment.SkipIntervals - inputs.Adjustment.Intervals;
        List<LoadDay> eligible =
        [
            .. inputs.Candidates
                .Where(d => d.Day < inputs.EventDay.Day && !inputs.Excluded.ContainsKey(d.Day) && Whole(d, inputs.First, count) && Whole(d, windowFirst, inputs.Adjustment.Intervals))
                .OrderByDescending(d => d.Day).Take(inputs.Y),
        ];
        if (eligible.Count < inputs.Y)
        {
            return new BaselineResult<HighXOfYInputs>(null, string.Create(
                CultureInfo.InvariantCulture, $"Only {eligible.Count} eligible days without gaps, {inputs.Y} are needed: give more days."));
        }

        List<LoadDay> chosen = [.. eligible.OrderByDescending(d => Mean(d, inputs.First, count)).ThenByDescending(d => d.Day).Take(inputs.X).OrderByDescending(d => d.Day)];
        double[] plain = [.. Enumerable.Range(inputs.First, count).Select(i => chosen.Average(d => d.Kw[i]!.Value))];
        if (inputs.Adjustment.Kind == AdjustmentKind.None)
        {
            return Result(inputs, plain, plain, 1, false, chosen);
        }

        if (!Whole(inputs.EventDay, windowFirst, inputs.Adjustment.Intervals))
        {
            return new BaselineResult<HighXOfYInputs>(null, "The event's day has a gap in the adjustment window: no adjusted baseline can be made of it.");
        }

        double today = Mean(inputs.EventDay, windowFirst, inputs.Adjustment.Intervals);
        double usual = chosen.Average(d => Mean(d, windowFirst, inputs.Adjustment.Intervals));
        if (inputs.Adjustment.Kind == AdjustmentKind.Additive)
        {
            double most = inputs.Adjustment.Cap * plain.Average();
            double difference = Math.Clamp(today - usual, -most, most);
            return Result(inputs, [.. plain.Select(p => Math.Max(0, p + difference))], plain, difference, difference != today - usual, chosen);
        }

        if (usual <= 0)
        {
            return new BaselineResult<HighXOfYInputs>(null, "The chosen days have no load in the adjustment window: a ratio cannot be made of it.");
        }

        double ratio = Math.Clamp(today / usual, 1 - inputs.Adjustment.Cap, 1 + inputs.Adjustment.Cap);
        return Result(inputs, [.. plain.Select(p => p * ratio)], plain, ratio, ratio != today / usual, chosen);
    }

    private static BaselineResult<HighXOfYInputs> Result(HighXOfYInputs inputs, double[] kw, double[] plain, double factor, bool capped, List<LoadDay> days)
        => new(new Baseline<HighXOfYInputs>(string.Create(CultureInfo.InvariantCulture, $"high-{inputs.X}-of-{inputs.Y}"), kw, plain, factor, capped, [.. days.Select(d => d.Day)], inputs), null);

    private static string? Wrong(HighXOfYInputs inputs)
        => inputs.X < 1 || inputs.Y < inputs.X ? "X must be at least 1 and at most Y."
            : inputs.First < 0 || inputs.Last < inputs.First ? "The event must have a first interval and a last one that is not before it."
            : inputs.Adjustment.Kind != AdjustmentKind.None && (inputs.Adjustment.Intervals < 1 || inputs.Adjustment.SkipIntervals < 0 || inputs.Adjustment.Cap is not (>= 0 and <= 1))
                ? "An adjustment needs a window of at least one interval and a cap of 0 to 1."
            : inputs.Adjustment.Kind != AdjustmentKind.None && inputs.First - inputs.Adjustment.SkipIntervals - inputs.Adjustment.Intervals < 0
                ? "The adjustment window lies before midnight of the event's day: use a shorter one."
            : null;

    private static bool Whole(LoadDay day, int first, int count)
        => count == 0 || (first >= 0 && first + count <= day.Kw.Count && day.Kw.Skip(first).Take(count).All(v => v is { } kw && double.IsFinite(kw)));

    private static double Mean(LoadDay day, int first, int count) => day.Kw.Skip(first).Take(count).Average(v => v!.Value);
}
