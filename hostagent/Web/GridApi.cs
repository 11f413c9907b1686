using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Web;

/// <summary>What the grid side may count on now.</summary>
/// <param name="At">When.</param>
/// <param name="NowW">Metered watts, or what stands for them.</param>
/// <param name="Metered">True: a fresh meter said it.</param>
/// <param name="FloorW">What no order moves: base, standby, boards outside the curve.</param>
/// <param name="Shed">Per class: how much may fall, and in how many seconds.</param>
/// <param name="RaiseW">How much may rise under what holds now, W; 0 while anything waits.</param>
/// <param name="RaiseS">Seconds until that would be reached: ramp, random start and settling.</param>
/// <param name="RaiseIfFreeW">How much could rise if nothing limited the site, W.</param>
/// <param name="Waits">Why nothing may rise now; empty if it may.</param>
public sealed record HeadroomView(
    DateTimeOffset At, double NowW, bool Metered, double FloorW, IReadOnlyList<ShedView> Shed, double RaiseW, double RaiseS, double RaiseIfFreeW, IReadOnlyList<string> Waits);

/// <summary>What a class may shed.</summary>
/// <param name="Class">emergency, reliability or economic.</param>
/// <param name="ShedW">Watts that go if everything is taken, W.</param>
/// <param name="WithinS">Settling time of the class, s.</param>
public sealed record ShedView(string Class, double ShedW, double WithinS);

/// <summary>A node of the site, with what holds there now and why.</summary>
/// <param name="Id">"site", a feeder, a pod or "pod/board".</param>
/// <param name="Kind">site, feeder, pod or board.</param>
/// <param name="CapW">Smallest limit on the node itself, W; null for none.</param>
/// <param name="CapClass">Its class, or null.</param>
/// <param name="Why">What makes it.</param>
/// <param name="Test">True if a drill makes it.</param>
/// <param name="EventId">Its event, or null.</param>
/// <param name="BoundBy">The node, itself or above, whose limit leaves least room here; null for none.</param>
/// <param name="LastingCapW">Limit of the configuration, W, or null.</param>
/// <param name="MinW">Minimum load of the configuration, W; 0 for none.</param>
/// <param name="MinHolds">True if the orders reach the minimum load; null for none, and for boards.</param>
/// <param name="MinWhy">What wins over the minimum load, or null.</param>
/// <param name="DrawnW">Metered, or what stands for it, W; null for boards.</param>
/// <param name="Quality">Where that comes from.</param>
/// <param name="Gain">Metered watts per ordered watt of the node, or null if it has no gain of its own.</param>
/// <param name="Lockout">Why the node is locked out for maintenance, or null.</param>
/// <param name="OrderedW">What the node draws if everybody obeys, W: base, standby, boards that no order moves, and ordered watts; of the site the same as
/// orderedW of /api/site. Of a board what it is asked for.</param>
/// <param name="EstimateW">What its boards are believed to draw, W.</param>
/// <param name="NameplateW">Sum of nameplates, W.</param>
/// <param name="Unreachable">Its limit is below its floor.</param>
/// <param name="Boards">Boards at or below it.</param>
/// <param name="Limits">Limits that hold or will on this node, the smallest first.</param>
/// <param name="Children">Nodes below; boards only where a limit names them.</param>
public sealed record TreeView(
    string Id, string Kind, double? CapW, string? CapClass, string Why, bool Test, string? EventId, string? BoundBy, double? LastingCapW, double MinW,
    bool? MinHolds, string? MinWhy, double? DrawnW, string? Quality, double? Gain, string? Lockout, double OrderedW, double EstimateW, double NameplateW, bool Unreachable, int Boards, IReadOnlyList<LimitView> Limits, IReadOnlyList<TreeView> Children);

/// <summary>The part of the REST interface that the grid side reads.</summary>
internal static class GridApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();

        app.MapGet("/api/headroom", () => core.Ask(Headroom))
            .Needs(Rights.Read).WithName("headroom").WithSummary("What the grid side may count on now: watts that can be shed per class and in how many seconds, and watts that can rise.");

        app.MapGet("/api/tree", () => core.Ask(Tree))
            .Needs(Rights.Read).WithName("tree").WithSummary("Every node of the site: what holds there now and why.");
    }

    internal static HeadroomView Headroom(HostCore core)
    {
        DispatchContext context = core.Context;
        DispatchPicture picture = core.Dispatcher.Picture;

        // The smaller of what is ordered and what is drawn: boards that idle have nothing to give.
        double shed = Math.Max(0, Math.Min(picture.OrderedW * Math.Max(picture.Gain, 1), picture.MeterW - picture.FloorW));
        IReadOnlyList<string> waits = core.Dispatcher.Phase == HostPhase.Leading ? core.Dispatcher.RiseWaits() : [core.Dispatcher.WhyNotLeading ?? "This host does not lead."];
        double raise = Math.Max(0, Math.Min(picture.WantW, picture.FullW) - picture.OrderedW);
        double free = Math.Max(0, picture.FullW - picture.OrderedW);
        bool leads = core.Dispatcher.Phase == HostPhase.Leading;
        double seconds = raise > 0 ? (raise / core.Dispatcher.RiseWPerS) + (context.RiseDelayMs / 1000.0) : 0;
        return new HeadroomView(
            context.Clock.UtcNow,
            picture.MeterW,
            picture.MeterConfigured && picture.MeterFresh,
            picture.FloorW,
            [.. new[] { OrderClass.Emergency, OrderClass.Reliability, OrderClass.Economic }.Select(k => new ShedView(OrderClassName.Of(k), leads ? Math.Round(shed, 1) : 0, context.FallDelayMs(k) / 1000.0))],
            waits.Count == 0 ? Math.Round(raise, 1) : 0,
            waits.Count == 0 ? Math.Round(seconds, 1) : 0,
            Math.Round(free, 1),
            waits);
    }

    internal static TreeView Tree(HostCore core) => Tree(core, core.Context.Tree.Site, null);

    private static TreeView Tree(HostCore core, LimitNode node, LimitNode? tightest)
    {
        DispatchContext context = core.Context;
        long now = context.Clock.NowMs;
        NodeCap cap = context.Limits.CapOf(node);
        bool tighter = cap.Holds && (tightest is null || cap.W < context.Limits.CapOf(tightest).W);
        LimitNode? bound = tighter ? node : tightest;
        List<BoardRecord> boards = node.Board is { } single ? [single] : [.. node.Pods.SelectMany(p => p.BoardList)];
        List<TreeView> children = [.. node.Children.Select(c => Tree(core, c, bound))];
        if (node.Kind == NodeKind.Pod)
        {
            children.AddRange(context.Limits.Open.Select(l => l.Node).Where(n => n.Board?.Pod == node.Pods[0]).Distinct().Select(n => Tree(core, n, bound)));
        }

        NodePicture? picture = node.Board is null ? core.Dispatcher.PictureOf(node) : null;
        return new TreeView(
            node.Id,
            node.Kind.ToString().ToLowerInvariant(),
            cap.Holds ? cap.W : null,
            cap.Holds ? OrderClassName.Of(cap.Class) : null,
            cap.Why,
            cap.Limit?.Entry.Test ?? false,
            cap.Limit?.Entry.EventId,
            bound?.Id,
            node.LastingCapW,
            node.MinW,
            picture?.MinHolds,
            picture?.MinWhy,
            picture?.DrawnW,
            picture?.Quality,
            picture?.Gain,
            core.Dispatcher.Lockouts.All.FirstOrDefault(l => l.Node == node.Id)?.Reason,
            picture is null ? boards.Sum(b => b.InCurve ? Events.EventBoards.OrderedMw(context, b) : Math.Max(context.Fleet.EstimateMw(b, now), FleetBook.FailsafeMw(b))) / 1000.0
                : picture.FloorW + picture.OrderedW,
            boards.Sum(b => context.Fleet.EstimateMw(b, now)) / 1000.0,
            boards.Sum(b => b.NameplateMw) / 1000.0,
            cap.Limit?.Unreachable ?? false,
            boards.Count,
            [.. context.Limits.Open.Where(l => l.Node == node).OrderBy(l => l.LimitW).Select(ViewMaker.Limit)],
            children);
    }
}
