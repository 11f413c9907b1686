using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Web;

/// <summary>A limit as the API shows it.</summary>
public sealed record LimitView(
    string Id, string Source, string Node, string Class, double LimitW, DateTimeOffset Start, DateTimeOffset? End, string Reason, string State,
    bool Durable, bool Unreachable, bool Ordered, bool Confirmed, long? ConfirmedAfterMs, string EventId, bool Test, string? Profile)
{
    /// <summary>In an acknowledgement: head of the ledger, segment/number/hash, which has the limit in it if it is durable. Keep it as proof.</summary>
    public string? Ledger { get; init; }
}

/// <summary>A pod as the API shows it.</summary>
public sealed record PodView(string Id, int Boards, string Class, int LimitMjPerTh, uint Share, uint OrderId, uint Seq, double OrderedW, double EstimateW);

/// <summary>Counts of boards.</summary>
public sealed record BoardCounts(int Total, int Online, int Admitted, int Running, int Asleep, int Other, int Suspect, int LockedOut, int Unavailable);

/// <summary>The site as the API shows it. Watts; W is a plain number.</summary>
public sealed record SiteView(
    string Site, string HostId, string Phase, string? WhyNotLeading, uint Epoch, DateTimeOffset Now, double? CapW, string? CapClass, string CapWhy,
    bool Emergency, double MeterW, string MeterQuality, long? MeterAgeMs, double FloorW, double OrderedW, double OrderedBoardsW, double EstimateW,
    double FullW, double Gain, bool Unreachable, double HashGhs, BoardCounts Boards, int Waiting, long SettlesInMs, long NoRiseForMs, double ShedW,
    double RaiseW, double RaiseS, int? NumberMjPerTh, string? NumberWhy, string? BreakerRequest, long OrderChanges, bool BrokerConnected, bool Durable, bool Held, IReadOnlyList<PodView> Pods,
    IReadOnlyList<LimitView> Limits, IReadOnlyList<Alarm> Alarms);

/// <summary>A board as the API shows it; every value with its age.</summary>
public sealed record BoardView(
    string Name, bool Online, string Mode, string LimitedBy, string Quality, long? AgeMs, double PowerW, double EstimateW, double OrderedW, double HashGhs,
    double? ChipC, bool? Admitted, string Admission, uint Epoch, uint OrderId, int LeaseLeftS, double NameplateW, string Model, string Firmware,
    string Latches, bool Suspect, bool LockedOut, int Accepted, int Rejected);

/// <summary>Makes views; runs on the host's loop.</summary>
internal static class ViewMaker
{
    internal static SiteView Site(HostCore core)
    {
        DispatchContext context = core.Context;
        DispatchPicture picture = core.Dispatcher.Picture;
        long now = context.Clock.NowMs;
        NodeCap cap = picture.Cap;
        double hash = 0;
        int online = 0, admitted = 0, running = 0, asleep = 0, other = 0, suspect = 0, locked = 0, unavailable = 0;
        foreach (BoardRecord board in context.Fleet.Boards)
        {
            locked += board.LockedOut ? 1 : 0;
            suspect += board.Suspect ? 1 : 0;
            unavailable += board.Phase == AdmissionPhase.Unavailable ? 1 : 0;
            if (!board.Online)
            {
                continue;
            }

            online++;
            admitted += board.Admitted == true ? 1 : 0;
            hash += board.IsFresh(now) ? board.HashGhs : 0;
            switch (board.Mode)
            {
                case ReportedMode.Running or ReportedMode.Ramping or ReportedMode.Starting:
                    running++;
                    break;
                case ReportedMode.Asleep or ReportedMode.Cooling:
                    asleep++;
                    break;
                default:
                    other++;
                    break;
            }
        }

        INumberSource? number = context.Numbers.MinBy(n => n.CeilingMjPerTh);
        bool configured = context.Options.Meter.Configured;
        return new SiteView(
            context.Options.Site,
            context.Options.HostId,
            core.Dispatcher.Phase.ToString().ToLowerInvariant(),
            core.Dispatcher.WhyNotLeading,
            context.Sender.Epoch,
            context.Clock.UtcNow,
            cap.Holds ? cap.W : null,
            cap.Holds ? OrderClassName.Of(cap.Class) : null,
            cap.Why,
            picture.Emergency,
            picture.MeterW,
            !configured ? "estimated: no meter is configured" : picture.MeterFresh ? "metered" : "stale: the boards' sum stands for it",
            configured && context.Meter.AgeMs(now) < 86_400_000 ? context.Meter.AgeMs(now) : null,
            picture.FloorW,
            picture.FloorW + picture.OrderedW,
            picture.OrderedW,
            picture.EstimateW + context.Options.BaseW,
            picture.FullW,
            picture.Gain,
            picture.Unreachable,
            hash,
            new BoardCounts(context.Fleet.Boards.Count, online, admitted, running, asleep, other, suspect, locked, unavailable),
            picture.Waiting,
            picture.SettlesInMs,
            picture.NoRiseForMs,
            picture.OrderedW,
            Math.Max(0, Math.Min(picture.WantW, picture.FullW) - picture.OrderedW),
            Math.Max(0, Math.Min(picture.WantW, picture.FullW) - picture.OrderedW) / context.RampUpWPerS,
            number?.CeilingMjPerTh is { } ceiling and < int.MaxValue ? ceiling : null,
            number?.Why,
            picture.BreakerRequest,
            picture.OrderChanges,
            core.IsConnected,
            core.Dispatcher.Durable,
            core.Dispatcher.Held,
            [.. context.Fleet.Pods.Select(p => Pod(context, p, now))],
            [.. context.Limits.All.Reverse().Take(100).Select(l => Limit(l))],
            [.. context.Alarms.All.Take(100)]);
    }

    internal static LimitView Limit(ActiveLimit limit) => new(
        limit.Entry.Id,
        limit.Entry.Source,
        limit.Entry.Node,
        OrderClassName.Of(limit.Class),
        limit.LimitW,
        DateTimeOffset.FromUnixTimeMilliseconds(limit.Entry.StartUtcMs),
        limit.Entry.EndUtcMs is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        limit.Entry.Reason,
        EventStates.NameOf(limit.State),
        limit.Durable,
        limit.Unreachable,
        limit.OrderedAtMs is not null,
        limit.ConfirmedAtMs is not null,
        limit.ConfirmedAtMs - limit.OrderedAtMs,
        limit.Entry.EventId,
        limit.Entry.Test,
        limit.Entry.Profile);

    internal static BoardView Board(HostCore core, BoardRecord board)
    {
        DispatchContext context = core.Context;
        long now = context.Clock.NowMs;
        long age = now - board.TelemetryAtMs;
        bool fresh = board.IsFresh(now);
        string quality = !board.HasState ? "never seen" : !board.Online ? "offline" : fresh ? "good" : "stale: counted at nameplate";
        return new BoardView(
            board.Name,
            board.Online,
            BoardWords.Name(board.Mode),
            BoardWords.Name(board.LimitedBy),
            quality,
            age < 86_400_000 ? age : null,
            Math.Max(0, board.PowerMw) / 1000.0,
            context.Fleet.EstimateMw(board, now) / 1000.0,
            board.InCurve ? (board.StandbyMw + context.Curve.AskedMw(board, board.Pod.Limit, board.Pod.Share)) / 1000.0 : 0,
            board.HashGhs,
            fresh && board.ChipMilliC != BoardReadings.Unknown ? board.ChipMilliC / 1000.0 : null,
            board.Admitted,
            board.Phase.ToString().ToLowerInvariant(),
            board.OrderEpoch,
            board.OrderId,
            board.LeaseLeftS,
            board.NameplateMw / 1000.0,
            board.Model,
            board.Firmware,
            board.Latches,
            board.Suspect,
            board.LockedOut,
            board.Accepted,
            board.Rejected);
    }

    private static PodView Pod(DispatchContext context, PodRecord pod, long now) => new(
        pod.Id,
        pod.Boards.Count,
        OrderClassName.Of(pod.Class),
        pod.Limit,
        pod.Share,
        pod.OrderId,
        pod.LastSeq,
        pod.OrderedMw / 1000.0,
        pod.BoardList.Sum(b => context.Fleet.EstimateMw(b, now)) / 1000.0);
}
