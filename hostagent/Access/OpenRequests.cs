using System.Collections.Concurrent;

namespace Ballast.Host.Access;

/// <summary>Requests under way that a key or session let in, so that a live stream ends with what opened it. From any thread.</summary>
/// <param name="desk">The door.</param>
internal sealed class OpenRequests(AccessDesk desk)
{
    private readonly ConcurrentDictionary<HttpContext, Identity> _open = new();

    /// <summary>Runs a request and keeps an eye on it.</summary>
    internal async Task Watch(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Identity>() is not { } who)
        {
            await next(http);
            return;
        }

        _open[http] = who;
        try
        {
            await next(http);
        }
        finally
        {
            _open.TryRemove(http, out _);
        }
    }

    /// <summary>Cuts off those whose key or session is no longer good, and those that came in before keys were needed.</summary>
    /// <returns>How many.</returns>
    internal int EndStale()
    {
        int ended = 0;
        foreach ((HttpContext http, Identity who) in _open)
        {
            bool good = who.KeyId is { } id ? desk.Keys.Find(id) is not null && (who.Cookie is null || desk.Sessions.KeyOf(who.Cookie) == id)
                : who.Caller.Rights == Limits.Rights.None || !desk.KeysNeeded;
            if (!good)
            {
                ended++;
                http.Abort();
            }
        }

        return ended;
    }
}
