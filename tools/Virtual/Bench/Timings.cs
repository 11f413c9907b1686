using System.Diagnostics;

namespace Ballast.Virtual.Bench;

/// <summary>A list of measured times.</summary>
internal sealed class Timings
{
    private readonly List<double> _ms = [];

    public int Count => _ms.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public void Add(double ms) => _ms.Add(ms);

    public void AddSince(long timestamp) => _ms.Add(Stopwatch.GetElapsedTime(timestamp).TotalMilliseconds);

    /// <summary>The smallest measured value that at least this share of all does not exceed (nearest rank).</summary>
    public double At(double share)
    {
        if (_ms.Count == 0)
            return double.NaN;
        double[] sorted = [.. _ms.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
