using System.Text;
using Ballast.Wire;

namespace Ballast.Virtual.Bench;

/// <summary>
/// Boards of three kinds, each with a ladder of its own as boards that were measured one by one have, and four ways to spend a cap on them:
/// the host's, and three that are common. The bound is the linear program that may split a step, computed without the host's code.
/// </summary>
internal sealed class ChoiceSite
{
    private readonly List<(Ladder Ladder, uint Rank)> _boards = [];
    private readonly Inversion _inversion = new();
    private readonly (int Power, int Hash)[] _steps;
    private readonly long _standbyMw;

    public ChoiceSite(int boards)
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

        FullMw = _boards.Sum(b => Top(b.Ladder));
        _standbyMw = _boards.Sum(b => (long)b.Ladder.PowerMw(0));
        _steps = [.. _boards.SelectMany(b => Steps(b.Ladder)).OrderBy(s => (double)s.Power / s.Hash)];
    }

    /// <summary>Highest power of all boards together, mW.</summary>
    public long FullMw { get; }

    /// <summary>A cap that is so many percent of what lies between standby and full, mW.</summary>
    public long CapMw(double percent) => _standbyMw + (long)((FullMw - _standbyMw) * percent / 100);

    /// <summary>Puts the boards into the curve and sorts it.</summary>
    public void Build()
    {
        _inversion.Clear();
        foreach ((Ladder ladder, uint rank) in _boards)
            _inversion.Add(ladder, rank);
        _inversion.Solve(CapMw(50));
    }

    /// <summary>The host's choice for a cap on the curve at hand.</summary>
    public void Choose(long capMw) => _inversion.Solve(capMw);

    /// <summary>Hash rate under the order for the last cap.</summary>
    public double Ordered() => _boards.Sum(b => (double)b.Ladder.HashGhs(b.Ladder.Choose(_inversion.LimitMjPerTh, _inversion.Share, b.Rank)));

    /// <summary>The linear program's hash rate: steps by exact cost, the last one in part.</summary>
    public double Bound(long capMw)
    {
        long room = capMw - _standbyMw;
        double hash = 0;
        foreach ((int power, int more) in _steps)
        {
            if (power > room)
                return hash + (more * (double)room / power);
            room -= power;
            hash += more;
        }

        return hash;
    }

    /// <summary>Every board gets the same share of its own range and runs the best point within it.</summary>
    public double Proportional(long capMw)
    {
        double share = (double)(capMw - _standbyMw) / (FullMw - _standbyMw);
        double hash = 0;
        foreach ((Ladder ladder, _) in _boards)
        {
            double allowed = ladder.PowerMw(0) + (share * (Top(ladder) - ladder.PowerMw(0)));
            int point = ladder.Count - 1;
            while (point > 0 && ladder.PowerMw(point) > allowed)
                point--;
            hash += ladder.HashGhs(point);
        }

        return hash;
    }

    /// <summary>Boards run at full or sleep, in the order of their efficiency or in a random one; one that does not fit is passed over.</summary>
    public double OnOff(long capMw, bool byEfficiency)
    {
        (Ladder Ladder, uint Rank)[] boards = [.. _boards];
        if (byEfficiency)
            boards = [.. boards.OrderByDescending(b => (double)b.Ladder.HashGhs(b.Ladder.Count - 1) / (Top(b.Ladder) - b.Ladder.PowerMw(0)))];
        else
            new Random(2).Shuffle(boards);
        long room = capMw - _standbyMw;
        double hash = 0;
        foreach ((Ladder ladder, _) in boards)
        {
            long needed = Top(ladder) - ladder.PowerMw(0);
            if (needed > room)
                continue;
            room -= needed;
            hash += ladder.HashGhs(ladder.Count - 1);
        }

        return hash;
    }

    private static long Top(Ladder ladder) => ladder.PowerMw(ladder.Count - 1);

    // The lower convex hull by exact fractions: it takes the next point with the least watts per hash, again and again.
    private static List<(int Power, int Hash)> Steps(Ladder ladder)
    {
        List<(int, int)> steps = [];
        int at = 0;
        while (at < ladder.Count - 1)
        {
            int next = at + 1;
            for (int p = at + 2; p < ladder.Count; p++)
            {
                if ((long)(ladder.PowerMw(p) - ladder.PowerMw(at)) * (ladder.HashGhs(next) - ladder.HashGhs(at))
                    <= (long)(ladder.PowerMw(next) - ladder.PowerMw(at)) * (ladder.HashGhs(p) - ladder.HashGhs(at)))
                    next = p;
            }

            steps.Add((ladder.PowerMw(next) - ladder.PowerMw(at), ladder.HashGhs(next) - ladder.HashGhs(at)));
            at = next;
        }

        return steps;
    }
}
