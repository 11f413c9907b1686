using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Access;

/// <summary>An operation that changes nothing although its method could.</summary>
internal sealed record ChangesNothing;

/// <summary>
/// One record in the ledger for each change over REST: who, from where, what, before and after. It is written in the same turn of the
/// loop as the change and before the answer, but after what lowers power has left (S19). Refusals: <see cref="RefusalTrail"/>.
/// </summary>
internal static class AuditTrail
{
    private const int LongestAsked = 4096;

    /// <summary>Does something on the loop and writes who did it.</summary>
    /// <param name="core">The host.</param>
    /// <param name="request">Request that asks for it.</param>
    /// <param name="what">What, as in <see cref="AuditBody.What"/>.</param>
    /// <param name="target">To what.</param>
    /// <param name="asked">What was asked for: bytes of JSON, or something to write as such, or null.</param>
    /// <param name="look">Looks at what it changes.</param>
    /// <param name="act">Does it.</param>
    internal static IResult Do(HostCore core, HttpRequest request, string what, string target, object? asked, Func<object?> look, Func<IResult> act)
    {
        JsonNode? before = Node(look());
        IResult result = act();
        if (StatusOf(result) < 300)
        {
            Write(core.Context.Journal, request.HttpContext, what, target, StatusOf(result), Asked(asked), before, Node(look()));
        }

        return result;
    }

    /// <summary>Writes a record. Only on the loop.</summary>
    internal static void Write(IJournal journal, HttpContext http, string what, string? target, int status, JsonNode? asked = null, JsonNode? before = null, JsonNode? after = null, Identity? who = null)
    {
        http.Features.Set(new Written());
        journal.Record(RecordKind.Audit, Body(http, who ?? http.Features.Get<Identity>(), what, status) with { Target = target, Asked = asked, Before = before, After = after });
    }

    /// <summary>Says that a request changed nothing after all.</summary>
    internal static void Nothing(HttpContext http) => http.Features.Set(new Written());

    /// <summary>Writes what an operation did that says nothing of itself: a change without a record there is not.</summary>
    internal static async Task Catch(HttpContext http, RequestDelegate next, HostCore core)
    {
        await next(http);
        string method = http.Request.Method;
        if (http.Response.StatusCode >= 400 && http.GetEndpoint() is { } asked && asked.Metadata.GetMetadata<ChangesNothing>() is null
            && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method))
        {
            http.RequestServices.GetRequiredService<RefusalTrail>().Note(http, http.Response.StatusCode);
        }
        else if (http.Response.StatusCode < 300 && http.Features.Get<Written>() is null && http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ChangesNothing>() is null
            && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method))
        {
            AuditBody body = Body(http, http.Features.Get<Identity>(), endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "change", http.Response.StatusCode);
            await core.Ask(c => c.Context.Journal.Record(RecordKind.Audit, body));
        }
    }

    /// <summary>Status of an answer that is not sent yet.</summary>
    internal static int StatusOf(IResult result) => (result as IStatusCodeHttpResult)?.StatusCode ?? 200;

    /// <summary>Something as JSON, as the API would show it.</summary>
    internal static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), JsonSerializerOptions.Web);

    /// <summary>A limit, short.</summary>
    internal static JsonNode? Limit(ActiveLimit? limit) => limit is null ? null : Node(new
    {
        limit.Entry.Id,
        limit.Entry.Source,
        limit.Entry.Node,
        Class = Wire.OrderClassName.Of(limit.Class),
        limit.LimitW,
        State = EventStates.NameOf(limit.State),
        limit.Entry.EventId,
        limit.Entry.Test,
        limit.Durable,
    });

    internal static JsonNode? Asked(object? asked)
    {
        if (asked is not byte[] bytes)
        {
            return Node(asked);
        }

        if (bytes.Length > LongestAsked)
        {
            return new JsonObject { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)), ["bytes"] = bytes.Length };
        }

        try
        {
            return JsonNode.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static AuditBody Body(HttpContext http, Identity? who, string what, int status) => new(
        what,
        who?.Caller.Name ?? "",
        who?.Caller.Role ?? "",
        http.Connection.RemoteIpAddress is { } remote ? (remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote).ToString() : "local",
        (http.Request.Method is { Length: > 20 } method ? method[..20] : http.Request.Method) + " " + (http.Request.Path.Value is { Length: > 200 } path ? path[..200] : http.Request.Path.Value),
        status)
    {
        KeyId = who?.KeyId,
    };

    private sealed record Written;
}
