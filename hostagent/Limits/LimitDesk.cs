using System.Security.Cryptography;
using Ballast.Host.Dispatch;
using Ballast.Host.Events;
using Ballast.Host.Ledger;

namespace Ballast.Host.Limits;

/// <summary>What came of a request.</summary>
public enum LimitOutcome
{
    /// <summary>Taken and on the disk.</summary>
    Created,

    /// <summary>The same request was taken before; this is what it made.</summary>
    Repeated,

    /// <summary>Taken and obeyed, but not on the disk.</summary>
    NotDurable,

    /// <summary>Released.</summary>
    Released,

    /// <summary>The idempotency key belongs to another request.</summary>
    Conflict,

    /// <summary>A field is wrong.</summary>
    Invalid,

    /// <summary>The source may not raise.</summary>
    Forbidden,

    /// <summary>No such limit.</summary>
    NotFound,

    /// <summary>This host does not lead.</summary>
    NotLeading,

    /// <summary>A rise that the journal cannot take.</summary>
    JournalDown,
}

/// <summary>Result of a request.</summary>
public sealed record LimitResult(LimitOutcome Outcome, ActiveLimit? Limit, RequestFault? Fault)
{
    /// <summary>True if a limit was replaced by a higher one.</summary>
    public bool Raised { get; init; }

    /// <summary>The limit that this one replaced, or null.</summary>
    public ActiveLimit? Replaced { get; init; }
}

/// <summary>
/// Takes limits from any source. Lower limits act first and are journaled before they are acknowledged as durable; whatever raises is
/// journaled first (S19). Runs on the host's loop.
/// </summary>
public sealed class LimitDesk(DispatchContext context, SiteDispatcher dispatcher)
{
    /// <summary>Largest believable limit, W.</summary>
    public double LargestW => Math.Max(10_000, 10 * (context.FullSiteW + context.Options.BaseW));

    /// <summary>Hears of every answer: who asked, and what came of it.</summary>
    public event Action<string, LimitResult>? Answered;

    /// <summary>Takes a body of contract section 6 from a configured source.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="source">Who asks.</param>
    /// <param name="mayRaise">Right to raise.</param>
    /// <param name="requestKey">Idempotency key, or null.</param>
    /// <param name="toStandby">True: a host that stands by keeps it for the moment it leads. For sources that tell all hosts.</param>
    public LimitResult Take(ReadOnlyMemory<byte> body, string source, bool mayRaise, string? requestKey, bool toStandby = false)
        => Take(body, WhoMayWhat.OfSource(source, mayRaise), requestKey, context.Clock.NowMs, toStandby);

    /// <summary>Takes a body of contract section 6.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="caller">Who asks, and what it may do.</param>
    /// <param name="requestKey">Idempotency key, or null.</param>
    /// <param name="receivedMs">Host's ms at which the request arrived; response times count from here.</param>
    /// <param name="toStandby">True: a host that stands by keeps it for the moment it leads. For sources that tell all hosts.</param>
    public LimitResult Take(ReadOnlyMemory<byte> body, Caller caller, string? requestKey, long receivedMs, bool toStandby = false)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Tell(caller, Read(body, caller, requestKey, receivedMs, toStandby));
    }

    /// <summary>Ends a limit of a configured source.</summary>
    public LimitResult Release(string id, string source, bool mayRaise, bool toStandby = false)
        => Release(id, WhoMayWhat.OfSource(source, mayRaise), toStandby);

    /// <summary>Ends a limit; power comes back.</summary>
    public LimitResult Release(string id, Caller caller, bool toStandby = false)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Tell(caller, End(id, caller, toStandby));
    }

    /// <summary>
    /// Ends a limit without restoring: its event is over at once, and an operator's hold keeps every watt where it is until somebody
    /// lifts it. The hold comes first, so that nothing rises in between (S15).
    /// </summary>
    public LimitResult Abandon(string id, Caller caller, string reason)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (WhoMayWhat.Refusal(caller, Rights.Abandon, "") is { } refusal)
        {
            return Tell(caller, new LimitResult(LimitOutcome.Forbidden, null, refusal));
        }

        if (NotLeading() is { } waiting)
        {
            return Tell(caller, waiting);
        }

        if (context.Limits.Open.LastOrDefault(l => l.Entry.Id == id) is not { } limit)
        {
            return Tell(caller, Unknown(id));
        }

        if (limit.State != EventState.Scheduled)
        {
            dispatcher.SetHold(true);
        }

        limit.Entry = limit.Entry with { EndUtcMs = context.Clock.UtcNow.ToUnixTimeMilliseconds(), EndedBy = "abandoned by " + caller.Source + ": " + reason };
        limit.Go(EventState.Cancelled);
        bool kept = context.Events.Save(limit);
        context.Journal.Note("abandon", limit.Entry.EndedBy + " (" + id + ")", context.Clock.UtcNow.ToUnixTimeMilliseconds());
        dispatcher.CapChanged();
        return Tell(caller, new LimitResult(kept ? LimitOutcome.Released : LimitOutcome.NotDurable, limit, null));
    }

    /// <summary>
    /// Takes a pod or a board out of an event. A pod keeps its order as long as others can give the watts; the limit itself is never
    /// exceeded for it. A board cannot be kept up while its pod's number falls, so it is only not judged. Nobody is left out of an emergency.
    /// </summary>
    public LimitResult OptOut(string eventId, string target, string reason, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (WhoMayWhat.Refusal(caller, Rights.Raise | Rights.Operate, "") is { } refusal)
        {
            return new LimitResult(LimitOutcome.Forbidden, null, refusal);
        }

        if (NotLeading() is { } waiting)
        {
            return waiting;
        }

        RequestFault? fault = null;
        LimitNode? node = context.Tree.Find(target);
        ActiveLimit? limit = context.Limits.Open.FirstOrDefault(l => l.Entry.EventId == eventId && l.State != EventState.Restoring);
        if (limit is null)
        {
            fault = new RequestFault("id", "Event '" + eventId + "' asks nothing any more: nobody needs to be taken out of it.");
        }
        else if (node is not { Kind: NodeKind.Pod or NodeKind.Board })
        {
            fault = new RequestFault("target", "There is no pod or board '" + target + "': name one of this site, a board as \"pod/board\".");
        }
        else if (limit.Class == Wire.OrderClass.Emergency)
        {
            fault = new RequestFault("target", "An emergency takes everybody: nobody can be taken out of it.");
        }
        else if (node.Kind == NodeKind.Pod && (limit.Node == node || limit.Node.Parent == node))
        {
            fault = new RequestFault("target", "The limit is on " + limit.Node.Id + " itself, so no other pod can give the watts: release or replace the limit instead.");
        }

        if (fault is not null)
        {
            return new LimitResult(LimitOutcome.Invalid, null, fault);
        }

        context.Events.OptOut(limit!, new OptOut(node!.Id, reason, caller.Source, context.Clock.UtcNow));
        dispatcher.CapChanged();
        return new LimitResult(LimitOutcome.Created, limit, null);
    }

    /// <summary>Says what a request would do, by the code that would do it. Nothing changes.</summary>
    public (LimitResult Result, DecisionPreview? Preview) Preview(ReadOnlyMemory<byte> body, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        LimitRequest? request = LimitRequest.Parse(body, LargestW, out RequestFault? fault);
        ActiveLimit? draft = request is { IsRelease: false } ? LimitDraft.Make(context, request, caller.Source, out fault) : null;
        if (request is { IsRelease: true })
        {
            fault = new RequestFault("op", "Only a limit has a preview; what a release gives back is limited by the site's ramp. Leave op out.");
        }

        if (draft is null)
        {
            return (new LimitResult(LimitOutcome.Invalid, null, fault), null);
        }

        if (Refused(draft, caller) is { } refused)
        {
            return (refused, null);
        }

        return NotLeading() is { } waiting ? (waiting, null)
            : dispatcher.Preview(draft) is { } preview ? (new LimitResult(LimitOutcome.Created, draft, null), preview)
            : (new LimitResult(LimitOutcome.NotLeading, null, new RequestFault("", "The host has not decided anything yet: try again in a second.")), null);
    }

    private LimitResult Tell(Caller caller, LimitResult result)
    {
        Answered?.Invoke(caller.Source, result);
        return result;
    }

    private LimitResult Read(ReadOnlyMemory<byte> body, Caller caller, string? requestKey, long receivedMs, bool toStandby)
    {
        requestKey = Scoped(requestKey, caller);
        string hash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        if (requestKey is not null && Known(requestKey) is { } known)
        {
            return known.Entry.RequestHash == hash
                ? new LimitResult(LimitOutcome.Repeated, known, null)
                : new LimitResult(LimitOutcome.Conflict, known, new RequestFault("Idempotency-Key", "This Idempotency-Key was used for another request: draw a new one."));
        }

        LimitRequest? request = LimitRequest.Parse(body, LargestW, out RequestFault? fault);
        if (request is null)
        {
            return new LimitResult(LimitOutcome.Invalid, null, fault);
        }

        if (request.IsRelease)
        {
            return End(request.Id, caller, toStandby);
        }

        return LimitDraft.Make(context, request, caller.Source, out fault) is { } draft
            ? Set(draft, caller, requestKey, hash, receivedMs, toStandby)
            : new LimitResult(LimitOutcome.Invalid, null, fault);
    }

    private LimitResult End(string id, Caller caller, bool toStandby)
    {
        // A source ends its own limits only; the operator's interface ends any.
        ActiveLimit? limit = context.Limits.Open.LastOrDefault(l => l.Entry.Id == id && l.State != EventState.Restoring && (caller.Source == WhoMayWhat.RestSource || l.Entry.Source == caller.Source));
        if (limit is null)
        {
            return Unknown(id);
        }

        if (WhoMayWhat.Refusal(caller, Rights.Raise, "release") is { } refusal)
        {
            return new LimitResult(LimitOutcome.Forbidden, null, refusal);
        }

        if (!toStandby && NotLeading() is { } waiting)
        {
            return waiting;
        }

        EventState next = limit.State == EventState.Scheduled ? EventState.Cancelled : EventState.Restoring;
        JournaledLimit before = limit.Entry;
        limit.Entry = before with { EndUtcMs = context.Clock.UtcNow.ToUnixTimeMilliseconds(), EndedBy = "released by " + caller.Source };
        if (!context.Journal.SaveLimit(limit.Entry with { State = EventStates.NameOf(next) }))
        {
            limit.Entry = before;
            return JournalDown();
        }

        limit.Go(next);
        context.Events.Save(limit);
        context.Journal.Note("release", caller.Source + " released " + id, context.Clock.UtcNow.ToUnixTimeMilliseconds());
        dispatcher.CapChanged();
        return new LimitResult(LimitOutcome.Released, limit, null);
    }

    private LimitResult Set(ActiveLimit draft, Caller caller, string? requestKey, string hash, long receivedMs, bool toStandby)
    {
        if (Refused(draft, caller) is { } refused)
        {
            return refused;
        }

        if (!toStandby && NotLeading() is { } waiting)
        {
            return waiting;
        }

        JournaledLimit entry = draft.Entry with { EventId = context.Events.NewId(), RequestKey = requestKey, RequestHash = requestKey is null ? null : hash };
        bool raises = Raises(draft);
        if (raises && !context.Journal.SaveLimit(entry))
        {
            return JournalDown();
        }

        ActiveLimit limit = new(entry, draft.Node);
        context.Events.Open(limit, receivedMs);
        ActiveLimit? replaced = context.Limits.Add(limit);
        if (replaced is not null)
        {
            replaced.Entry = replaced.Entry with { EndedBy = "replaced by event " + entry.EventId };
        }

        dispatcher.CapChanged();
        context.Events.Save(limit);
        if (replaced is not null)
        {
            context.Events.Save(replaced);
        }

        return new LimitResult(limit.Durable ? LimitOutcome.Created : LimitOutcome.NotDurable, limit, null) { Raised = raises, Replaced = replaced };
    }

    private bool Raises(ActiveLimit draft)
        => context.Limits.Find(draft.Entry.Source, draft.Entry.Id) is { State: EventState.Active } old
            && (old.LimitW < draft.LimitW || old.Node != draft.Node || draft.Entry.StartUtcMs > draft.Entry.CreatedUtcMs);

    // A limit that ends by itself raises then; so does one that replaces a lower one.
    private LimitResult? Refused(ActiveLimit draft, Caller caller)
    {
        RequestFault? refusal = WhoMayWhat.Refusal(caller, Rights.Lower, "")
            ?? (draft.Entry.EndUtcMs is not null ? WhoMayWhat.Refusal(caller, Rights.Raise, "durationS") : null)
            ?? (Raises(draft) ? WhoMayWhat.Refusal(caller, Rights.Raise, "limitW") : null);
        if (refusal is not null)
        {
            return new LimitResult(LimitOutcome.Forbidden, null, refusal);
        }

        if (context.Limits.IsFull(draft.Entry.Source, draft.Entry.Id, draft.Class))
        {
            return new LimitResult(LimitOutcome.Invalid, null, new RequestFault("id", "Too many limits are open (" + LimitBook.MostOpen.ToString(System.Globalization.CultureInfo.InvariantCulture) + "): release some, or replace one by its id."));
        }

        return draft.Entry.Test && context.Limits.Find(draft.Entry.Source, draft.Entry.Id) is { IsOpen: true, Entry.Test: false }
            ? new LimitResult(LimitOutcome.Invalid, null, new RequestFault("id", "A drill may not replace the real limit '" + draft.Entry.Id + "': give the drill an id of its own."))
            : null;
    }

    private static LimitResult Unknown(string id)
        => new(LimitOutcome.NotFound, null, new RequestFault("id", "No limit with id '" + id + "' holds or is scheduled."));

    // The same Idempotency-Key of grid and operator is chance, not a repeat. Keys of one source share them, so that a program whose API
    // key was renewed still repeats its own request. A line break cannot come in a header.
    private static string? Scoped(string? requestKey, Caller caller)
        => requestKey is null || caller.Source == WhoMayWhat.RestSource ? requestKey : caller.Source + "\n" + requestKey;

    private ActiveLimit? Known(string requestKey)
    {
        ActiveLimit? here = context.Limits.All.LastOrDefault(l => l.Entry.RequestKey == requestKey);
        if (here is not null)
        {
            return here;
        }

        JournaledLimit? kept = context.Journal.FindByRequestKey(requestKey);
        return kept is not null && context.Tree.Find(kept.Node) is { } node
            ? new ActiveLimit(kept with { Record = "" }, node, EventStates.Parse(kept.State) ?? EventState.Completed) { Durable = true }
            : null;
    }

    private static LimitResult JournalDown()
        => new(LimitOutcome.JournalDown, null, new RequestFault("", "The journal cannot be written, so nothing may rise: free disk space or repair the folder, then try again."));

    private LimitResult? NotLeading()
        => dispatcher.Phase is HostPhase.Leading or HostPhase.Collecting
            ? null
            : new LimitResult(LimitOutcome.NotLeading, null, new RequestFault("", dispatcher.WhyNotLeading ?? "This host does not lead."));
}
