namespace Ballast.Virtual.Day;

/// <summary>
/// What a plant has to spare through one day, second by second: a clear sky's curve, clouds with sharp edges between ten and two, a
/// veil towards evening. From a seed; nothing here is a measurement.
/// </summary>
public sealed class SolarDay
{
    /// <summary>Seconds of the trace.</summary>
    public const int Seconds = 86_400;

    private const double SunriseH = 5.0;
    private const double SunsetH = 20.5;

    private readonly double[] _shade = new double[Seconds];
    private readonly double _peakW;

    /// <summary>Makes a day.</summary>
    /// <param name="peakW">Surplus at noon under a clear sky, W.</param>
    /// <param name="seed">Seed of the clouds.</param>
    public SolarDay(double peakW, int seed)
    {
        _peakW = peakW;
        Array.Fill(_shade, 1.0);
        var random = new Random(seed);
        for (int second = 10 * 3_600; second < 14 * 3_600;)
        {
            int edgeS = random.Next(5, 26);
            int cloudS = random.Next(90, 900);
            int gapS = random.Next(300, 1_500);
            double depth = 0.25 + (0.5 * random.NextDouble());
            for (int i = 0; i < cloudS + (2 * edgeS) && second + i < Seconds; i++)
            {
                double into = Math.Min(1, Math.Min(i, cloudS + (2 * edgeS) - i) / (double)edgeS);
                _shade[second + i] = 1 - (depth * into);
            }

            second += cloudS + (2 * edgeS) + gapS;
        }

        for (int second = 16 * 3_600; second < Seconds; second++)
            _shade[second] *= 1 - (0.3 * Math.Min(1, (second - (16 * 3_600)) / 3_600.0));
    }

    /// <summary>Surplus at a second of the day, W.</summary>
    public double SurplusW(int second)
    {
        double hour = second / 3_600.0;
        if (hour is <= SunriseH or >= SunsetH)
            return 0;
        double height = Math.Sin(Math.PI * (hour - SunriseH) / (SunsetH - SunriseH));
        return _peakW * Math.Pow(height, 1.3) * _shade[second];
    }
}

/// <summary>The day's power prices by the hour, and what they mean. Made up; the shape is that of a sunny day.</summary>
public static class PriceDay
{
    /// <summary>Price under which hashing pays for imported power too, €/MWh.</summary>
    public const double ImportBelow = 35;

    /// <summary>What 1 PH/s earns in a day, €.</summary>
    public const double HashPricePerPhDay = 38;

    /// <summary>What the pool keeps, %.</summary>
    public const double PoolFeePercent = 2;

    private static readonly double[] EuroPerMwh =
    [
        48, 41, 31, 27, 29, 44, 72, 96, 88, 61, 47, 42,
        39, 37, 41, 52, 74, 104, 138, 146, 112, 87, 66, 54,
    ];

    /// <summary>Price at a second of the day, €/MWh.</summary>
    public static double At(int second) => EuroPerMwh[second / 3_600 % 24];

    /// <summary>True while power may be imported for the boards.</summary>
    public static bool Imports(int second) => At(second) < ImportBelow;

    /// <summary>The most that a step of a board may cost at a second of the day, mJ/TH: what a TH earns over what a mJ costs.</summary>
    public static double LimitMjPerTh(int second) => HashPricePerPhDay * (1 - (PoolFeePercent / 100)) / 86.4e6 / (At(second) / 3.6e12);

    /// <summary>The prices as a file of the host's, for a day that begins at a time.</summary>
    public static string Csv(DateTimeOffset midnight)
    {
        var text = new System.Text.StringBuilder("start,end,powerPerMWh\n");
        for (int hour = 0; hour < 24; hour++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{midnight.AddHours(hour):O},{midnight.AddHours(hour + 1):O},{EuroPerMwh[hour]}\n");
        return text.ToString();
    }
}
