using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// The boards that orders steer, and their curve (contract section 7). A board enters when its watts are reserved for admission, and
/// leaves only when it cannot obey any more. Pods are sorted apart and never merged: what all boards below a number draw is the sum of
/// what each pod's draw, so the inversion searches the numbers themselves. Any set of pods is solved at the same price.
/// </summary>
public sealed class CurveBook
{
    private readonly PodCurve[] _pods;
    private uint _salt;

    /// <summary>Makes a curve without boards.</summary>
    public CurveBook(FleetBook fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        _pods = [.. fleet.Pods.Select(p => new PodCurve(p))];
    }

    /// <summary>Standby of the boards in the curve as their ladders say, mW.</summary>
    public long StandbyMw { get; private set; }

    /// <summary>Watts above standby with everything on, mW.</summary>
    public long FullMw { get; private set; }

    /// <summary>Largest single step that admission or a rise must be able to pay, mW.</summary>
    public long LargestBoardMw { get; private set; }

    /// <summary>Boards in the curve.</summary>
    public int Boards { get; private set; }

    /// <summary>Says that all pods changed.</summary>
    public void Invalidate()
    {
        foreach (PodCurve pod in _pods)
        {
            pod.Invalidate();
        }
    }

    /// <summary>Says that membership or a ladder of a pod changed.</summary>
    public void Invalidate(PodRecord pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        _pods[pod.Index].Invalidate();
    }

    /// <summary>Sorts again what changed. Returns true if anything did.</summary>
    public bool Refresh(uint salt)
    {
        _salt = salt;
        bool changed = false;
        foreach (PodCurve pod in _pods)
        {
            changed |= pod.Refresh(salt);
        }

        if (changed)
        {
            StandbyMw = _pods.Sum(p => p.StandbyMw);
            FullMw = _pods.Sum(p => p.FullMw);
            LargestBoardMw = _pods.Max(p => p.LargestBoardMw);
            Boards = _pods.Sum(p => p.Boards);
        }

        return changed;
    }

    /// <summary>Watts above standby of a pod with everything on, mW.</summary>
    internal long FullOf(PodRecord pod) => _pods[pod.Index].FullMw;

    /// <summary>Standby of a pod's boards in the curve as their ladders say, mW.</summary>
    internal long StandbyOf(PodRecord pod) => _pods[pod.Index].StandbyMw;

    /// <summary>The order for some pods that asks at most <paramref name="budgetMw"/> above standby.</summary>
    /// <param name="pods">The pods.</param>
    /// <param name="budgetMw">Watts above standby, mW; negative is out of reach.</param>
    /// <param name="askedMw">Watts above standby that the order asks, mW.</param>
    /// <returns>(cost, rank) of the first group that does not fit.</returns>
    internal (int Limit, uint Share) Solve(IReadOnlyCollection<PodRecord> pods, long budgetMw, out long askedMw)
    {
        askedMw = 0;
        if (budgetMw < 0)
        {
            return (0, 0);
        }

        long full = 0;
        int boards = 0;
        foreach (PodRecord pod in pods)
        {
            full += _pods[pod.Index].FullMw;
            boards += _pods[pod.Index].Boards;
        }

        if (full <= budgetMw)
        {
            askedMw = full;
            return boards == 0 ? (0, 0u) : (Ladder.Everything, 0u);
        }

        // The largest key whose segments below it fit: it is that of the first group that does not.
        ulong low = 0;
        ulong high = PodCurve.Key(Ladder.Everything, 0);
        while (high - low > 1)
        {
            ulong middle = low + ((high - low) >> 1);
            if (Below(pods, middle) <= budgetMw)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        askedMw = Below(pods, low);
        return ((int)(low >> 32), (uint)low);
    }

    /// <summary>Like Solve, but with the first group that reaches <paramref name="leastMw"/>, as long as it stays within the room.</summary>
    internal (int Limit, uint Share) SolveAtLeast(IReadOnlyCollection<PodRecord> pods, long leastMw, long roomMw, out long askedMw)
    {
        (int Limit, uint Share) below = Solve(pods, Math.Min(leastMw, roomMw), out askedMw);
        if (askedMw >= leastMw || below.Limit == Ladder.Everything || leastMw > roomMw)
        {
            return below;
        }

        ulong next = PodCurve.Key(below.Limit, below.Share) + 1;
        long asked = Below(pods, next);
        if (asked > roomMw)
        {
            return below;
        }

        askedMw = asked;
        return ((int)(next >> 32), (uint)next);
    }

    /// <summary>Watts above standby that an order asks of a pod's boards in the curve, mW.</summary>
    internal long AskedMw(PodRecord pod, int limit, uint share) => _pods[pod.Index].BelowMw(PodCurve.Key(limit, share));

    /// <summary>Watts above standby that an order asks of one board, mW.</summary>
    internal long AskedMw(BoardRecord board, int limit, uint share)
        => board.AgreedLadder is { } ladder ? ladder.PowerMw(Point(board, limit, share)) - ladder.PowerMw(0) : 0;

    /// <summary>The point that an order gives a board; 0 without an agreed ladder.</summary>
    internal int Point(BoardRecord board, int limit, uint share)
        => board.AgreedLadder is { } ladder ? ladder.Choose(limit, share, board.RankAtZero - _salt) : 0;

    private long Below(IReadOnlyCollection<PodRecord> pods, ulong key)
    {
        long sum = 0;
        foreach (PodRecord pod in pods)
        {
            sum += _pods[pod.Index].BelowMw(key);
        }

        return sum;
    }
}
