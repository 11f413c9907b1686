using System.Net;

namespace Ballast.Host.Limits;

/// <summary>What somebody may do. Each is separate: a grid that may lower need not be one that may raise.</summary>
[Flags]
public enum Rights
{
    /// <summary>Read only.</summary>
    None = 0,

    /// <summary>Set limits that are lower and stay until replaced; hold; lock out; preview.</summary>
    Lower = 1,

    /// <summary>Release, replace by more, set limits that end by themselves, lift a hold, end a lock-out, opt out.</summary>
    Raise = 2,

    /// <summary>End an event without restoring.</summary>
    Abandon = 4,

    /// <summary>All of these.</summary>
    All = Lower | Raise | Abandon,
}

/// <summary>Somebody who asks.</summary>
/// <param name="Source">Name of the source that limits are kept under.</param>
/// <param name="Rights">What it may do.</param>
public sealed record Caller(string Source, Rights Rights)
{
    /// <summary>True if it has the right.</summary>
    public bool May(Rights right) => (Rights & right) == right;
}

/// <summary>
/// Who may what: the one place. There are no API keys yet. Until there are, whoever reaches the interface from this machine may do
/// everything that the configuration lets the interface do, and nobody else may change anything; a proxy on this machine that asks who
/// it is speaks for others. An authentication that comes later gives its own <see cref="Caller"/> here.
/// </summary>
public static class WhoMayWhat
{
    /// <summary>The name under which the REST interface sets limits.</summary>
    public const string RestSource = "rest";

    /// <summary>Somebody on the REST interface.</summary>
    /// <param name="remote">Where the connection comes from; null for none.</param>
    /// <param name="mayRaise">The configuration's `http.mayRaise`.</param>
    public static Caller OfRest(IPAddress? remote, bool mayRaise)
    {
        bool here = remote is null || IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote);
        return new Caller(RestSource, !here ? Rights.None : mayRaise ? Rights.All : Rights.Lower);
    }

    /// <summary>A configured source.</summary>
    public static Caller OfSource(string id, bool mayRaise) => new(id, mayRaise ? Rights.Lower | Rights.Raise : Rights.Lower);

    /// <summary>Null if the caller has the right; otherwise what to tell it.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="needed">The right.</param>
    /// <param name="field">Member of the request that needs it, or "".</param>
    public static RequestFault? Refusal(Caller caller, Rights needed, string field)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.May(needed))
        {
            return null;
        }

        return new RequestFault(field, caller.Rights == Rights.None
            ? "Callers from other machines may only read until this host has API keys: ask from the host's own machine, or through a proxy there that asks who it is."
            : needed == Rights.Abandon ? "This needs the right to abandon an event, which ends it without giving the watts back."
            : "This source has no right to raise: it may only set limits that are lower and stay until replaced.");
    }
}
