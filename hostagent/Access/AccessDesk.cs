using System.Net;
using System.Threading.RateLimiting;
using Ballast.Host.Limits;
using Ballast.Host.Options;

namespace Ballast.Host.Access;

/// <summary>Who a request comes from.</summary>
/// <param name="Caller">Who; <see cref="WhoMayWhat.Nobody"/> if the request says nothing that counts.</param>
/// <param name="KeyId">Its key, or null.</param>
/// <param name="Refused">What to tell somebody whose key or session is not good; null if none was sent, or it is.</param>
public sealed record Identity(Caller Caller, string? KeyId, string? Refused = null)
{
    /// <summary>Seconds to wait after too many wrong keys; null if that is not the reason.</summary>
    public int? WaitS { get; init; }

    /// <summary>The session's cookie if that let it in, which a browser sends by itself; else null.</summary>
    public string? Cookie { get; init; }
}

/// <summary>Finds out who asks, from key, session or machine. From any thread.</summary>
public sealed class AccessDesk : IDisposable
{
    private readonly SiteOptions _options;
    // Each session is a record in the ledger, and a key that may only read opens them too.
    private readonly PartitionedRateLimiter<string> _logIns = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(
        key, _ => new TokenBucketRateLimiterOptions { TokenLimit = 60, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(10), QueueLimit = 0, AutoReplenishment = true }));

    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    /// <summary>Takes over the door of a host.</summary>
    public AccessDesk(SiteOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        File = new ApiKeyFile(options.StateDir);
        Keys = new ApiKeyBook(File, time);
        Sessions = new SessionBook(options.StateDir, time);
        Gate = new FailureGate(time);
        Time = time;
    }

    /// <summary>The file of keys.</summary>
    public ApiKeyFile File { get; }

    /// <summary>Keys as this host knows them.</summary>
    public ApiKeyBook Keys { get; }

    /// <summary>Sessions of the page.</summary>
    public SessionBook Sessions { get; }

    /// <summary>Who has tried wrong keys.</summary>
    public FailureGate Gate { get; }

    /// <summary>Hears of wrong keys that are worth telling: with which request, the public part of a key of this host or "", how often. From any thread.</summary>
    public event Action<HttpContext, string, int>? Failed;

    /// <summary>When each key was last used.</summary>
    public KeyUse Use { get; } = new();

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Makes a key for somebody over REST, whose record says so.</summary>
    internal ApiKey Add(string name, AccessRole role, DateTimeOffset now, DateTimeOffset? expires, out string text)
    {
        lock (_own)
        {
            ApiKey made = File.Add(name, role, now, expires, out text);
            _own.Add(made.Id);
            return made;
        }
    }

    /// <summary>Revokes a key for somebody over REST.</summary>
    internal ApiKey? Remove(string idOrName)
    {
        lock (_own)
        {
            ApiKey? gone = File.Remove(idOrName);
            if (gone is not null)
            {
                _own.Add(gone.Id);
            }

            return gone;
        }
    }

    /// <summary>All keys now, and of which a change over REST was written already; asked for once.</summary>
    internal (IReadOnlyList<ApiKey> Keys, IReadOnlySet<string> Own) Look()
    {
        lock (_own)
        {
            HashSet<string> own = [.. _own];
            _own.Clear();
            return ([.. Keys.All], own);
        }
    }

    /// <summary>True if nobody gets in without a key: one was made, or requests come through a proxy and all look like its own.</summary>
    public bool KeysNeeded => _options.Http.TlsProxies.Count > 0 || Keys.Required;

    /// <summary>True if a request comes from this machine, and not through a proxy that speaks for others.</summary>
    internal bool IsHere(HttpContext http) => _options.Http.TlsProxies.Count == 0 && WhoMayWhat.IsHere(http.Connection.RemoteIpAddress);

    /// <summary>True if cookies may only travel over TLS.</summary>
    public bool IsSecure(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.IsHttps || _options.Http.TlsProxies.Count > 0;
    }

    /// <summary>Name of the session's cookie. With TLS it has the prefix by which browsers refuse it from anybody else.</summary>
    public string CookieOf(HttpRequest request) => IsSecure(request) ? "__Host-ballast" : "ballast";

    /// <summary>Who sent this request.</summary>
    public Identity Who(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? header = request.Headers.Authorization.FirstOrDefault();
        if (header is not null)
        {
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? WithKey(header["Bearer ".Length..].Trim(), request.HttpContext)
                : new Identity(WhoMayWhat.Nobody, null, "Send the key as Authorization: Bearer bk_….");
        }

        if (request.Cookies[CookieOf(request)] is { Length: > 0 } cookie)
        {
            return Sessions.KeyOf(cookie) is { } id && Keys.Find(id) is { } key
                ? Good(key) with { Cookie = cookie }
                : new Identity(WhoMayWhat.Nobody, null, "Your session has ended: log in again.");
        }

        return KeysNeeded || !IsPlainName(request.Host.Host)
            ? new Identity(WhoMayWhat.Nobody, null)
            : new Identity(WhoMayWhat.OfRest(request.HttpContext.Connection.RemoteIpAddress, _options.Http.MayRaise), null);
    }

    /// <summary>Judges a key.</summary>
    /// <param name="text">The key.</param>
    /// <param name="http">Request that it came with.</param>
    public Identity WithKey(string? text, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        IPAddress? remote = http.Connection.RemoteIpAddress;
        ApiKey? key = Keys.Check(text, out string id, out bool expired);
        string known = key?.Id ?? (Keys.Has(id) ? id : "");
        if (Gate.WaitS(remote, known) is > 0 and int seconds)
        {
            return new Identity(WhoMayWhat.Nobody, null, "Too many wrong keys: try again in " + seconds + " s.") { WaitS = seconds };
        }

        if (key is not null)
        {
            Gate.Good(remote, key.Id);
            return Good(key);
        }

        // Somebody with a key that was right has not guessed.
        if (!expired && Keys.Problem is null && Gate.Fail(remote, known) is > 0 and int times)
        {
            Failed?.Invoke(http, known, times);
        }

        return new Identity(WhoMayWhat.Nobody, null, Keys.Problem is not null ? "This host cannot read its keys: its log says why."
            : expired ? "This key has expired: ask whoever runs the host for a new one."
            : "This key is not known here: it was mistyped, revoked, or belongs to another host.");
    }

    /// <summary>True if a key may open another session now.</summary>
    internal bool MayLogIn(string keyId)
    {
        using RateLimitLease lease = _logIns.AttemptAcquire(keyId);
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _logIns.Dispose();

    private Identity Good(ApiKey key)
    {
        Use.Note(key.Id, Time.GetUtcNow());
        return new Identity(
            new Caller(key.Role == AccessRole.Grid ? WhoMayWhat.GridSource : WhoMayWhat.RestSource, AccessRoles.RightsOf(key.Role, _options.Http.MayRaise))
            {
                Name = key.Name,
                Role = AccessRoles.NameOf(key.Role),
            },
            key.Id);
    }

    // A page of another site can make its own name lead to this machine, and a browser here would then let it in as local.
    private static bool IsPlainName(string host)
        => host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
