using System.Security.Cryptography;
using Ballast.Host.Dispatch;
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

    /// <summary>Takes a body of contract section 6.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="source">Who asks.</param>
    /// <param name="mayRaise">Right to raise.</param>
    /// <param name="requestKey">Idempotency key, or null.</param>
    /// <param name="toStandby">True: a host that stands by keeps it for the moment it leads. For sources that tell all hosts.</param>
    public LimitResult Take(ReadOnlyMemory<byte> body, string source, bool mayRaise, string? requestKey, bool toStandby = false)
        => Tell(source, Read(body, source, mayRaise, requestKey, toStandby));

    /// <summary>Ends a limit.</summary>
    public LimitResult Release(string id, string source, bool mayRaise, bool toStandby = false)
        => Tell(source, End(id, source, mayRaise, toStandby));

    private LimitResult Tell(string source, LimitResult result)
    {
        Answered?.Invoke(source, result);
        return result;
    }

    private LimitResult Read(ReadOnlyMemory<byte> body, string source, bool mayRaise, string? requestKey, bool toStandby)
    {
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

        return request.IsRelease ? End(request.Id, source, mayRaise, toStandby) : Set(request, source, mayRaise, requestKey, hash, toStandby);
    }

    private LimitResult End(string id, string source, bool mayRaise, bool toStandby)
    {
        // A source ends its own limits only; the operator's interface ends any.
        ActiveLimit? limit = context.Limits.Open.LastOrDefault(l => l.Entry.Id == id && l.State != EventState.Restoring && (source == "rest" || l.Entry.Source == source));
        if (limit is null)
        {
            return new LimitResult(LimitOutcome.NotFound, null, new RequestFault("id", "No limit with id '" + id + "' holds or is scheduled."));
        }

        if (!mayRaise)
        {
            return Forbidden("release");
        }

        if (!toStandby && NotLeading() is { } waiting)
        {
            return waiting;
        }

        EventState next = limit.State == EventState.Scheduled ? EventState.Cancelled : EventState.Restoring;
        JournaledLimit before = limit.Entry;
        limit.Entry = before with { EndUtcMs = context.Clock.UtcNow.ToUnixTimeMilliseconds(), EndedBy = "released by " + source };
        if (!context.Journal.SaveLimit(limit.Entry with { State = EventStates.NameOf(next) }))
        {
            limit.Entry = before;
            return JournalDown();
        }

        limit.Go(next);
        context.Events.Save(limit);
        context.Journal.Note("release", source + " released " + id, context.Clock.UtcNow.ToUnixTimeMilliseconds());
        dispatcher.CapChanged();
        return new LimitResult(LimitOutcome.Released, limit, null);
    }

    private LimitResult Set(LimitRequest request, string source, bool mayRaise, string? requestKey, string hash, bool toStandby)
    {
        if (context.Tree.Find(request.Node) is not { } node)
        {
            return new LimitResult(LimitOutcome.Invalid, null, new RequestFault("node", "There is no node '" + request.Node + "': name site, a feeder, a pod or \"pod/board\" of this site."));
        }

        // A limit that ends by itself raises then.
        if (!mayRaise && request.DurationS is not null)
        {
            return Forbidden("durationS");
        }

        if (!toStandby && NotLeading() is { } waiting)
        {
            return waiting;
        }

        long now = context.Clock.UtcNow.ToUnixTimeMilliseconds();
        long start = request.StartUtcMs ?? now;
        JournaledLimit entry = new()
        {
            EventId = context.Events.NewId(),
            Id = request.Id.Length > 0 ? request.Id : Guid.NewGuid().ToString("N"),
            Source = source,
            Node = node.Id,
            Class = request.Class,
            LimitW = request.LimitW,
            StartUtcMs = start,
            EndUtcMs = request.DurationS is { } duration ? start + (duration * 1000) : null,
            RampUpWPerS = request.RampUpWPerS,
            Reason = request.Reason,
            CreatedUtcMs = now,
            RequestKey = requestKey,
            RequestHash = requestKey is null ? null : hash,
        };
        ActiveLimit? old = context.Limits.Find(source, entry.Id);
        bool raises = old is { State: EventState.Active } && (old.LimitW < entry.LimitW || old.Node != node || start > now);
        if (raises && !mayRaise)
        {
            return Forbidden("limitW");
        }

        if (raises && !context.Journal.SaveLimit(entry))
        {
            return JournalDown();
        }

        ActiveLimit limit = new(entry, node);
        context.Events.Open(limit, context.Clock.NowMs);
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

        return new LimitResult(limit.Durable ? LimitOutcome.Created : LimitOutcome.NotDurable, limit, null) { Raised = raises };
    }

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

    private static LimitResult Forbidden(string field)
        => new(LimitOutcome.Forbidden, null, new RequestFault(field, "This source has no right to raise: it may only set limits that are lower and stay until replaced."));

    private static LimitResult JournalDown()
        => new(LimitOutcome.JournalDown, null, new RequestFault("", "The journal cannot be written, so nothing may rise: free disk space or repair the folder, then try again."));

    private LimitResult? NotLeading()
        => dispatcher.Phase is HostPhase.Leading or HostPhase.Collecting
            ? null
            : new LimitResult(LimitOutcome.NotLeading, null, new RequestFault("", dispatcher.WhyNotLeading ?? "This host does not lead."));
}
