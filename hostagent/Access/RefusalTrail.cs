using Ballast.Host.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ballast.Host.Access;

/// <summary>
/// Refusals in the record: who tried a wrong key, to change what it may not, or what cannot be (409, 422), from where and why. Rolled up by
/// <see cref="RefusalBook"/>. From any thread.
/// </summary>
internal sealed class RefusalTrail : IDisposable
{
    private readonly Lazy<HostCore> _core;
    private readonly TimeProvider _time;
    private readonly RefusalBook _book = new();
    private readonly Lock _gate = new();
    private readonly ITimer _minute;

    public RefusalTrail(IServiceProvider services, TimeProvider time)
    {
        _core = new Lazy<HostCore>(services.GetRequiredService<HostCore>);
        _time = time;
        _minute = time.CreateTimer(_ => Flush(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    /// <summary>Keeps the sentence of a refusal for its record: the answer itself is gone when it is known whether one is due.</summary>
    internal static async ValueTask<object?> Listen(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? answer = await next(context);
        if (answer is ProblemHttpResult { ProblemDetails: { } problem })
        {
            context.HttpContext.Features.Set(new Reason(problem.Extensions.TryGetValue("field", out object? field) && field is string { Length: > 0 } name
                ? name + ": " + problem.Detail : problem.Detail));
        }

        return answer;
    }

    /// <summary>Notes a refusal.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">What it was answered with.</param>
    /// <param name="keyId">Key of this host that somebody tried with a wrong secret, or null.</param>
    internal void Note(HttpContext http, int status, string? keyId = null)
    {
        if (http.Features.Get<Noted>() is not null)
        {
            return;
        }

        http.Features.Set(new Noted());
        AuditBody body = AuditTrail.Body(http, http.Features.Get<Identity>(), "refused", status) with { Target = keyId, Why = http.Features.Get<Reason>()?.Text };
        List<AuditBody> write;
        lock (_gate)
        {
            write = _book.Note(body, _time.GetTimestamp() * 1000 / _time.TimestampFrequency, _time.GetUtcNow());
        }

        Write(write);
    }

    public void Dispose() => _minute.Dispose();

    /// <summary>Writes what the minute has counted.</summary>
    internal void Flush()
    {
        List<AuditBody> write;
        lock (_gate)
        {
            write = _book.End(_time.GetTimestamp() * 1000 / _time.TimestampFrequency);
        }

        Write(write);
    }

    private void Write(List<AuditBody> bodies)
    {
        if (bodies.Count > 0)
        {
            _ = _core.Value.Ask(c => bodies.TrueForAll(b => c.Context.Journal.Record(RecordKind.Audit, b)));
        }
    }

    private sealed record Noted;

    private sealed record Reason(string? Text);
}
