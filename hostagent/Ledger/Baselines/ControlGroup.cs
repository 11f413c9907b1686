namespace Ballast.Host.Ledger;

/// <summary>Inputs of a control-group baseline: boards held back at random, and those that were curtailed.</summary>
/// <param name="ControlBeforeKw">Each held-back board's mean before the event, kW.</param>
/// <param name="ControlKw">By interval of the event, the held-back boards' power, kW, in the order of <paramref name="ControlBeforeKw"/>.</param>
/// <param name="TreatedBeforeKw">Sum of the curtailed boards' means before the event, kW.</param>
public sealed record ControlGroupInputs(IReadOnlyList<double> ControlBeforeKw, IReadOnlyList<IReadOnlyList<double>> ControlKw, double TreatedBeforeKw);

/// <summary>
/// Control group: what the held-back boards did, scaled to the others by what both drew before. For a load as flat as mining it needs
/// few boards; the relative standard error says how few were enough.
/// </summary>
public static class ControlGroup
{
    /// <summary>Makes the baseline.</summary>
    /// <param name="inputs">Inputs.</param>
    /// <param name="standardError">Largest standard error of the mean ratio over the intervals, part of the baseline; NaN without a baseline.</param>
    public static BaselineResult<ControlGroupInputs> Make(ControlGroupInputs inputs, out double standardError)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        standardError = double.NaN;
        int boards = inputs.ControlBeforeKw.Count;
        double before = inputs.ControlBeforeKw.Sum();
        if (boards < 2 || !(before > 0) || inputs.ControlKw.Any(i => i.Count != boards))
        {
            return new BaselineResult<ControlGroupInputs>(null, "A control group needs two boards or more that drew power before the event, and a value of each in each interval.");
        }

        double[] kw = [.. inputs.ControlKw.Select(i => inputs.TreatedBeforeKw * i.Sum() / before)];
        standardError = inputs.ControlKw.Count == 0 ? 0 : inputs.ControlKw.Max(i => Error(i, inputs.ControlBeforeKw, before));
        return new BaselineResult<ControlGroupInputs>(new Baseline<ControlGroupInputs>("control-group", kw, kw, 1, false, [], inputs), null);
    }

    // Standard error of a ratio of sums, by residuals against the ratio (Cochran, Sampling Techniques, chapter 6).
    private static double Error(IReadOnlyList<double> during, IReadOnlyList<double> before, double beforeSum)
    {
        double ratio = during.Sum() / beforeSum;
        double squares = during.Zip(before, (d, b) => Math.Pow(d - (ratio * b), 2)).Sum();
        return ratio > 0 ? Math.Sqrt(during.Count * squares / (during.Count - 1)) / beforeSum / ratio : double.NaN;
    }
}
