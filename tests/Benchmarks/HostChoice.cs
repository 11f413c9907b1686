using System.Diagnostics;
using System.Text;
using Ballast.Wire;

namespace Ballast.Benchmarks;

/// <summary>One cap for a whole site: how long the choice takes, and how much hash rate it gives away against the best that watts can buy.</summary>
/// <param name="CapPercent">Cap, % of what the boards can draw.</param>
/// <param name="Gap">1 − hash rate under the order / hash rate of the linear program, which may split a step.</param>
public sealed record CapGap(int CapPercent, double Gap);

/// <summary>The host's choice for 30,000 boards of three kinds. The design asks for 10 ms and a gap of at most 1e-4.</summary>
public sealed class HostChoice
{
    private readonly List<(Ladder Ladder, uint Rank)> _boards = [];
    private readonly Inversion _inversion = new();

    /// <summary>Makes the boards, each with a ladder of its own, as boards that were measured one by one have.</summary>
    public HostChoice(int boards)
    {
        var random = new Random(1);
        for (int i = 0; i < boards; i++)
        {
            int kind = i % 3;
            int points = kind == 0 ? 9 : kind == 1 ? 16 : 24;
            int[] power = new int[points];
            int[] hash = new int[points];
            power[0] = 1_000 * (kind + 1);
            double volts = 1.0;
            for (int p = 1; p < points; p++)
            {
                hash[p] = hash[p - 1] + (p == 1 ? 500 : 60) * (1 + 20 * kind) * random.Next(95, 106) / 100;
                volts += 0.02;
                power[p] = Math.Max(power[p - 1], (int)(power[0] + hash[p] * volts * volts * (12 + kind) * random.Next(980, 1021) / 1000));
            }

            byte[] name = Encoding.ASCII.GetBytes($"p{i / 1000}/b{i % 1000}");
            _boards.Add((Ladder.TryCreate(power, hash, points, out _)!, Rank.Of(name, 0, name.Length, 0)));
        }
    }

    /// <summary>Highest power of all boards together, mW.</summary>
    public long FullMw => _boards.Sum(b => (long)b.Ladder.PowerMw(b.Ladder.Count - 1));

    /// <summary>Puts the boards into the curve and answers once; the time of the whole, and of a further cap on the same curve.</summary>
    public (TimeSpan Build, TimeSpan Next) Time()
    {
        _inversion.Clear();
        long full = FullMw;
        var clock = Stopwatch.StartNew();
        foreach ((Ladder ladder, uint rank) in _boards)
            _inversion.Add(ladder, rank);
        _inversion.Solve(full / 2);
        TimeSpan build = clock.Elapsed;
        clock.Restart();
        _inversion.Solve(full / 3);
        return (build, clock.Elapsed);
    }

    /// <summary>The gap at a cap.</summary>
    public CapGap Gap(int percent)
    {
        long cap = FullMw * percent / 100;
        _inversion.Clear();
        foreach ((Ladder ladder, uint rank) in _boards)
            _inversion.Add(ladder, rank);
        _inversion.Solve(cap);
        long hash = _boards.Sum(b => (long)b.Ladder.HashGhs(b.Ladder.Choose(_inversion.LimitMjPerTh, _inversion.Share, b.Rank)));
        return new CapGap(percent, 1 - hash / Bound(cap));
    }

    // The linear program's answer: steps of the hulls by exact cost, the last one in part.
    private double Bound(long cap)
    {
        long room = cap - _boards.Sum(b => (long)b.Ladder.PowerMw(0));
        double hash = 0;
        var steps = _boards.SelectMany(b => Enumerable.Range(1, b.Ladder.HullCount - 1).Select(k => (
            Power: b.Ladder.PowerMw(b.Ladder.HullPoint(k)) - b.Ladder.PowerMw(b.Ladder.HullPoint(k - 1)),
            Hash: b.Ladder.HashGhs(b.Ladder.HullPoint(k)) - b.Ladder.HashGhs(b.Ladder.HullPoint(k - 1)))));
        foreach ((int power, int more) in steps.OrderBy(s => (double)s.Power / s.Hash))
        {
            if (power > room)
                return hash + more * (double)room / power;
            room -= power;
            hash += more;
        }

        return hash;
    }
}
