using System.Text.Json.Nodes;

namespace Ballast.Host.Access;

/// <summary>A change that somebody made, or tried to, as the ledger keeps it (kind `audit`). Never a key or a cookie.</summary>
/// <param name="What">What was done: limit.set, hold.set, apikey.revoke, refused, …</param>
/// <param name="Who">Name of the key, "local" on the host's machine while there are no keys, or "" for somebody unknown.</param>
/// <param name="Role">Its role, or "".</param>
/// <param name="From">Address that asked.</param>
/// <param name="Request">Method and path.</param>
/// <param name="Status">HTTP status of the answer.</param>
public sealed record AuditBody(string What, string Who, string Role, string From, string Request, int Status)
{
    /// <summary>Public part of the key, or null.</summary>
    public string? KeyId { get; init; }

    /// <summary>What it was done to: id of a limit, event, node, key; or null.</summary>
    public string? Target { get; init; }

    /// <summary>What was asked for; of something long its SHA-256 and length.</summary>
    public JsonNode? Asked { get; init; }

    /// <summary>What was there before, or null.</summary>
    public JsonNode? Before { get; init; }

    /// <summary>What is there now, or null.</summary>
    public JsonNode? After { get; init; }

    /// <summary>Of refusals: why, in the sentence of the answer; or null.</summary>
    public string? Why { get; init; }

    /// <summary>Of refusals: 0 is one refusal; more is a count of such in this minute that have no record of their own, of which this is the last.</summary>
    public int LeftOut { get; init; }

    /// <summary>Of a count: when its first one came; null otherwise.</summary>
    public DateTimeOffset? Since { get; init; }
}
