using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Metrics;

/// <summary>
/// Takes the picture that scrapes show, on the loop, once a second and with one pass over the boards. A scrape reads the last one, so it
/// never waits for the loop nor the loop for it.
/// </summary>
internal sealed class PictureTaker(HostCore core)
{
    private const long SourcesEveryMs = 5000;

    private SourceRow[] _sources = [];
    private long _sourcesMs;

    /// <summary>False takes none: nobody asks.</summary>
    internal bool Wanted { get; set; }

    /// <summary>The last one; null before the first.</summary>
    internal MetricsPicture? Last { get; private set; }

    /// <summary>Takes one if anybody wants any.</summary>
    internal void Take(long nowMs)
    {
        if (!Wanted)
        {
            return;
        }

        DispatchContext context = core.Context;
        IReadOnlyList<PodRecord> pods = context.Fleet.Pods;
        int[,] boards = new int[pods.Count, MetricsPicture.Modes.Length];
        int[,] flagged = new int[pods.Count, MetricsPicture.Flags.Length];
        long[] hash = new long[pods.Count];
        int[] limits = new int[pods.Count];
        foreach (PodRecord pod in pods)
        {
            limits[pod.Index] = pod.HasOrder ? pod.Limit : -1;
            foreach (BoardRecord board in pod.BoardList)
            {
                hash[pod.Index] += Count(board, boards, flagged, pod.Index, nowMs);
            }
        }

        if (nowMs >= _sourcesMs)
        {
            _sourcesMs = nowMs + SourcesEveryMs;
            _sources = [.. core.Sources.All.Select(s => new SourceRow(s.View(), nowMs))];
        }

        int[] open = new int[EventStates.AllNames.Count];
        foreach (ActiveLimit limit in context.Limits.Open)
        {
            open[(int)limit.State]++;
        }

        long meterAgeMs = context.Meter.AgeMs(nowMs);
        Last = new MetricsPicture
        {
            AtMs = nowMs,
            Phase = core.Dispatcher.Phase,
            Epoch = context.Sender.Epoch,
            Decision = core.Dispatcher.Picture,
            Boards = boards,
            Flagged = flagged,
            HashGhs = hash,
            LimitMjPerTh = limits,
            Nodes = [.. context.Tree.Groups.Select(Row)],
            Sources = _sources,
            MeterAgeMs = context.Options.Meter.Configured && meterAgeMs < long.MaxValue / 4 ? meterAgeMs : null,
            OpenEvents = open,
            Alarms = [.. context.Alarms.Active.GroupBy(a => a.Code).Select(g => (g.Key, g.Count()))],
            BadMessages = context.Fleet.BadMessages,
            UnknownBoards = context.Fleet.UnknownBoards,
            UnknownSignals = core.Sources.Signals.Unknown,
            OrdersSent = context.Sender.Sent,
            JournalUp = context.Journal.Problem is null,
        };
    }

    // The hash rate of the board, GH/s, as far as it can be believed.
    private static long Count(BoardRecord board, int[,] modes, int[,] flags, int pod, long nowMs)
    {
        bool fresh = board.IsFresh(nowMs);
        modes[pod, board.Online ? (int)board.Mode : MetricsPicture.Modes.Length - 1]++;
        flags[pod, 0] += board.Online && board.Admitted == true ? 1 : 0;
        flags[pod, 1] += board.Suspect ? 1 : 0;
        flags[pod, 2] += board.LockedOut ? 1 : 0;
        flags[pod, 3] += board.Phase == AdmissionPhase.Unavailable ? 1 : 0;
        flags[pod, 4] += board.Online && !fresh ? 1 : 0;
        flags[pod, 5] += board.Latches.Length > 0 ? 1 : 0;
        return board.Online && fresh ? board.HashGhs : 0;
    }

    private NodeRow Row(LimitNode node)
    {
        NodePicture picture = core.Dispatcher.PictureOf(node);
        double fixedW = node.BaseW + picture.UnsteeredW;
        double roomW = picture.Cap.Holds ? ((0.99 * picture.Cap.W) - fixedW - picture.ExcessW) / (picture.Gain ?? 1) : picture.FullW;
        return new NodeRow(
            node.Id,
            node.Kind.ToString().ToLowerInvariant(),
            fixedW + picture.OrderedW,
            picture.DrawnW,
            picture.Cap.W,
            picture.OrderedW,
            Math.Max(0, Math.Min(roomW, picture.FullW) - picture.OrderedW));
    }
}
