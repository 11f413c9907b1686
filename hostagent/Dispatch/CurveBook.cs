using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// The boards that orders steer, and their merged curve (contract section 7). A board enters when its watts are reserved for
/// admission, and leaves only when it cannot obey any more.
/// </summary>
public sealed class CurveBook(FleetBook fleet)
{
    private readonly Inversion _site = new();
    private bool _dirty = true;
    private uint _salt;

    /// <summary>Standby of the boards in the curve, mW.</summary>
    public long StandbyMw => _site.FloorMw;

    /// <summary>Watts above standby with everything on, mW.</summary>
    public long FullMw { get; private set; }

    /// <summary>Largest single step that admission or a rise must be able to pay, mW.</summary>
    public long LargestBoardMw { get; private set; }

    /// <summary>Boards in the curve.</summary>
    public int Boards => _site.Boards;

    /// <summary>Says that membership, a ladder or the salt changed.</summary>
    public void Invalidate() => _dirty = true;

    /// <summary>Sorts again if anything changed. Returns true if it did.</summary>
    public bool Refresh(uint salt)
    {
        if (!_dirty && salt == _salt)
        {
            return false;
        }

        _salt = salt;
        _dirty = false;
        _site.Clear();
        FullMw = 0;
        LargestBoardMw = 0;
        foreach (BoardRecord board in fleet.Boards)
        {
            if (board.InCurve && board.AgreedLadder is { } ladder)
            {
                _site.Add(ladder, board.RankAtZero - salt);
                long full = ladder.PowerMw(ladder.Count - 1) - ladder.PowerMw(0);
                FullMw += full;
                LargestBoardMw = Math.Max(LargestBoardMw, full);
            }
        }

        // The first solve sorts; doing it here keeps the sort out of the path from an order to its publication.
        _site.Solve(_site.FloorMw);
        return true;
    }

    /// <summary>The order for some pods that asks at most <paramref name="budgetMw"/> above standby.</summary>
    /// <param name="pods">The pods; all pods of the site use the sorted curve at hand.</param>
    /// <param name="budgetMw">Watts above standby, mW; negative is out of reach.</param>
    /// <param name="askedMw">Watts above standby that the order asks, mW.</param>
    /// <returns>The order.</returns>
    internal (int Limit, uint Share) Solve(IReadOnlyCollection<PodRecord> pods, long budgetMw, out long askedMw)
    {
        askedMw = 0;
        if (budgetMw < 0)
        {
            return (0, 0);
        }

        Inversion inversion = _site;
        if (pods.Count != fleet.Pods.Count)
        {
            inversion = new Inversion();
            foreach (PodRecord pod in pods)
            {
                foreach (BoardRecord board in pod.BoardList)
                {
                    if (board.InCurve && board.AgreedLadder is { } ladder)
                    {
                        inversion.Add(ladder, board.RankAtZero - _salt);
                    }
                }
            }
        }

        inversion.Solve(Math.Min(long.MaxValue / 4, inversion.FloorMw + budgetMw));
        askedMw = inversion.TotalMw - inversion.FloorMw;
        return (inversion.LimitMjPerTh, inversion.Share);
    }

    /// <summary>Watts above standby that an order asks of a pod's boards in the curve, mW.</summary>
    internal long AskedMw(PodRecord pod, int limit, uint share)
    {
        long sum = 0;
        foreach (BoardRecord board in pod.BoardList)
        {
            if (board.InCurve)
            {
                sum += AskedMw(board, limit, share);
            }
        }

        return sum;
    }

    /// <summary>Watts above standby that an order asks of one board, mW.</summary>
    internal long AskedMw(BoardRecord board, int limit, uint share)
        => board.AgreedLadder is { } ladder ? ladder.PowerMw(Point(board, limit, share)) - ladder.PowerMw(0) : 0;

    /// <summary>The point that an order gives a board; 0 without an agreed ladder.</summary>
    internal int Point(BoardRecord board, int limit, uint share)
        => board.AgreedLadder is { } ladder ? ladder.Choose(limit, share, board.RankAtZero - _salt) : 0;
}
