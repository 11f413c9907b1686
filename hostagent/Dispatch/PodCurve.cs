using Ballast.Host.Fleet;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>
/// One pod's part of the curve: the hull segments of its steered boards sorted by (cost, rank), with running sums. Only the pod whose
/// boards changed is sorted again.
/// </summary>
internal sealed class PodCurve(PodRecord pod)
{
    private ulong[] _keys = [];
    private long[] _sumMw = [];
    private int _segments;
    private uint _salt;
    private bool _dirty = true;

    /// <summary>Standby of its boards in the curve as their ladders say, mW.</summary>
    internal long StandbyMw { get; private set; }

    /// <summary>Watts above standby with everything on, mW.</summary>
    internal long FullMw => _segments == 0 ? 0 : _sumMw[_segments - 1];

    /// <summary>Largest board, mW above standby.</summary>
    internal long LargestBoardMw { get; private set; }

    /// <summary>Boards in the curve.</summary>
    internal int Boards { get; private set; }

    /// <summary>The order's key: below it a segment runs.</summary>
    internal static ulong Key(int limit, uint share) => ((ulong)(uint)limit << 32) | share;

    internal void Invalidate() => _dirty = true;

    /// <summary>Sorts again if anything changed. Returns true if it did.</summary>
    internal bool Refresh(uint salt)
    {
        if (!_dirty && salt == _salt)
        {
            return false;
        }

        _dirty = false;
        _salt = salt;
        _segments = 0;
        Boards = 0;
        StandbyMw = 0;
        LargestBoardMw = 0;
        foreach (BoardRecord board in pod.BoardList)
        {
            if (board.InCurve && board.AgreedLadder is { } ladder)
            {
                Add(ladder, board.RankAtZero - salt);
            }
        }

        Array.Sort(_keys, _sumMw, 0, _segments);
        long sum = 0;
        for (int i = 0; i < _segments; i++)
        {
            sum += _sumMw[i];
            _sumMw[i] = sum;
        }

        return true;
    }

    /// <summary>Watts above standby of all segments below a key, mW.</summary>
    internal long BelowMw(ulong key)
    {
        int low = 0;
        int high = _segments;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_keys[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? 0 : _sumMw[low - 1];
    }

    private void Add(Ladder ladder, uint rank)
    {
        Boards++;
        StandbyMw += ladder.PowerMw(0);
        LargestBoardMw = Math.Max(LargestBoardMw, ladder.PowerMw(ladder.Count - 1) - ladder.PowerMw(0));
        for (int k = 1; k < ladder.HullCount; k++)
        {
            if (_segments == _keys.Length)
            {
                Array.Resize(ref _keys, Math.Max(64, 2 * _segments));
                Array.Resize(ref _sumMw, _keys.Length);
            }

            _keys[_segments] = Key(ladder.CostMjPerTh(k), rank);
            _sumMw[_segments] = ladder.PowerMw(ladder.HullPoint(k)) - ladder.PowerMw(ladder.HullPoint(k - 1));
            _segments++;
        }
    }
}
