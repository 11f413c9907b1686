using System.Text.Json;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Web.Boards;

/// <summary>One board: everything that is known of it, and the events that it took part in.</summary>
internal static class BoardApi
{
    private const int LastEvents = 20;
    private const int LastSets = 8;

    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/boards/{pod}/{board}/detail", async (string pod, string board) =>
                await core.Ask(c => c.Context.Fleet.Find(pod + "/" + board) is { } found ? Detail(c, found) : null) is { } view ? Results.Ok(view) : NoBoard(pod, board))
            .Produces<BoardDetail>().Problems(404)
            .Needs(Rights.Read).WithName("boardDetail").WithSummary("Everything that is known of one board: measurements, ladder and where on it the board stands, lock-out, and the last orders to it with its answers.");

        app.MapGet("/api/boards/{pod}/{board}/events", async (string pod, string board) =>
            {
                (JournaledLimit Limit, BoardEvent? Live)[]? found = await core.Ask(c => c.Context.Fleet.Find(pod + "/" + board) is { } record ? EventsOf(c, record) : null);
                return found is null ? NoBoard(pod, board) : Results.Ok((IReadOnlyList<BoardEvent>)[.. found.Select(e => e.Live ?? Ended(e.Limit, pod + "/" + board))]);
            })
            .Produces<IReadOnlyList<BoardEvent>>().Problems(404)
            .Needs(Rights.Read).WithName("boardEvents").WithSummary("The last 20 events of one board, the newest first, and how it followed them.");
    }

    private static IResult NoBoard(string pod, string board)
        => Api.Problem(404, "No such board", "board", "There is no board '" + pod + "/" + board + "' in the configuration.");

    internal static BoardDetail Detail(HostCore core, BoardRecord board)
    {
        DispatchContext context = core.Context;
        long now = context.Clock.NowMs;
        DateTimeOffset utc = context.Clock.UtcNow;
        bool fresh = board.IsFresh(now);
        int? present = fresh && board.Readings.Point >= 0 ? board.Readings.Point : null;
        Ladder? ladder = board.AgreedLadder;
        int? asked = board.InCurve && ladder is not null ? context.Curve.Point(board, board.Pod.Limit, board.Pod.Share) : null;
        int? ordered = asked is { } point && board.SentPowerW >= 0 ? Math.Min(point, ladder!.PowerPoint(board.SentPowerW, out _)) : asked;
        return new BoardDetail(
            utc,
            ViewMaker.Board(core, board),
            BoardStandings.TextOf(BoardStandings.SkipOf(board, now)),
            board.Reason,
            board.Online ? (now - board.OnlineSinceMs) / 1000 : null,
            board.StateSerial.Length > 0 ? board.StateSerial : board.BirthSerial,
            board.ContractKnown,
            board.Kid,
            board.Pod.Kid,
            board.BadMessages,
            fresh ? Readings(board) : null,
            FleetBook.FailsafeMw(board) / 1000.0,
            board.PowerW >= 0 ? board.PowerW : null,
            board.SentPowerW >= 0 ? board.SentPowerW : null,
            ladder is null ? null : View(ladder, present, ordered),
            board.Offered is { } offered && board.OfferedId != board.BirthLadderId ? new OfferedView(View(offered, null, null), LadderDesk.Fault(board, offered)) : null,
            board.PendingLadderId != 0,
            LockoutOf(core, board),
            new PodOrderView(
                OrderClassName.Of(board.Pod.Class), board.Pod.Limit, board.Pod.Share,
                asked is { } of ? ladder!.PowerMw(of) / 1000.0 : null),
            Orders(context, board, ladder, now, utc));
    }

    private static ReadingsView Readings(BoardRecord board)
    {
        BoardReadings read = board.Readings;
        return new ReadingsView(
            Scaled(read.FreqKhz), Scaled(read.CoreMv), Scaled(read.InputMv), Scaled(board.ChipMilliC), Scaled(read.VrMilliC),
            Known(read.FanRpm), Known(read.FanPercent), Known(read.Stale), Known(read.HwErrors), Known(read.UptimeS),
            board.LoadPermille >= 0 ? board.LoadPermille / 10.0 : null);
    }

    private static double? Scaled(int thousandths) => thousandths == BoardReadings.Unknown ? null : thousandths / 1000.0;

    private static int? Known(int value) => value == BoardReadings.Unknown ? null : value;

    private static LadderView View(Ladder ladder, int? present, int? ordered)
    {
        int[] cost = new int[ladder.Count];
        for (int k = 1; k < ladder.HullCount; k++)
        {
            cost[ladder.HullPoint(k)] = ladder.CostMjPerTh(k);
        }

        return new LadderView(
            ladder.Id,
            [.. Enumerable.Range(0, ladder.Count).Select(i => new LadderPoint(
                ladder.PowerMw(i) / 1000.0, ladder.HashGhs(i), i == 0 ? null : (double)ladder.PowerMw(i) / ladder.HashGhs(i), cost[i] == 0 ? null : cost[i] / 1000.0))],
            present < ladder.Count ? present : null,
            ordered);
    }

    private static BoardLockout? LockoutOf(HostCore core, BoardRecord board)
    {
        if (core.Dispatcher.Lockouts.Why(board) is not { } why)
        {
            return null;
        }

        Lockout? kept = core.Dispatcher.Lockouts.All.FirstOrDefault(l => l.Node == board.Name) ?? core.Dispatcher.Lockouts.All.FirstOrDefault(l => l.Node == board.Pod.Id);
        return new BoardLockout(kept?.Node, why, kept?.Since);
    }

    private static List<BoardOrder> Orders(DispatchContext context, BoardRecord board, Ladder? ladder, long now, DateTimeOffset utc)
    {
        List<BoardOrder> orders = [];
        foreach (SentOrder sent in context.Sender.Log.OrdersOf(board.Pod))
        {
            AckMark? answer = board.Acks.Find(sent.Epoch, sent.OrderId);
            orders.Add(new BoardOrder(
                utc.AddMilliseconds(sent.AtMs - now), "dispatch", "order", sent.Epoch, sent.OrderId, sent.Seq, OrderClassName.Of(sent.Class), sent.LimitMjPerTh,
                ladder is null ? null : ladder.PowerMw(ladder.Choose(sent.LimitMjPerTh, sent.Share, board.RankAtZero - sent.Salt)) / 1000.0,
                null, answer?.ResultOf, answer is { } mark ? Math.Max(0, mark.AtMs - sent.AtMs) : null));
        }

        foreach (SentSet sent in context.Sender.Log.SetsOf(board).Take(LastSets))
        {
            orders.Add(new BoardOrder(
                utc.AddMilliseconds(sent.AtMs - now), "set", JsonNamingPolicy.CamelCase.ConvertName(sent.Kind.ToString()), sent.Epoch, sent.OrderId, sent.Seq, null, null, null,
                sent.Value >= 0 ? sent.Value : null, sent.Answer, sent.Answer is null ? null : sent.AnswerMs - sent.AtMs));
        }

        orders.Sort((a, b) => b.At != a.At ? b.At.CompareTo(a.At) : b.Seq.CompareTo(a.Seq));
        return orders;
    }

    private static (JournaledLimit Limit, BoardEvent? Live)[] EventsOf(HostCore core, BoardRecord board)
    {
        HashSet<string> nodes = [board.Name];
        for (LimitNode? node = core.Context.Tree.Of(board.Pod); node is not null; node = node.Parent)
        {
            nodes.Add(node.Id);
        }

        IEnumerable<JournaledLimit> live = core.Context.Events.Live.Select(e => e.Limit.Entry with { State = EventStates.NameOf(e.Limit.State) }).Reverse();
        return
        [
            .. live.Concat(core.Context.Journal.Events(0, LastEvents * 2)).Where(e => nodes.Contains(e.Node)).DistinctBy(e => e.EventId)
                .OrderByDescending(e => e.CreatedUtcMs).Take(LastEvents).Select(e => (e, Live(core, e, board))),
        ];
    }

    private static BoardEvent? Live(HostCore core, JournaledLimit entry, BoardRecord board)
    {
        if (core.Context.Events.Find(entry.EventId)?.Boards is not { } boards)
        {
            return null;
        }

        foreach ((BoardRecord found, BoardStanding standing, StandingReason reason, int? acked, int? confirmed) in boards.All())
        {
            if (found == board)
            {
                return new BoardEvent(EventsApi.Summary(entry), BoardStandings.NameOf(standing), BoardStandings.TextOf(reason), acked, confirmed);
            }
        }

        return null;
    }

    // Off the loop: a record of a large event is long.
    private static BoardEvent Ended(JournaledLimit entry, string board)
    {
        BoardWord? word = EventBook.Parse(entry.Record)?.Exceptions.FirstOrDefault(e => e.Board == board);
        return new BoardEvent(EventsApi.Summary(entry), word?.State, word?.Reason ?? "", null, null);
    }
}
