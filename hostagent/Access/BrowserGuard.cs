using System.Net;
using Ballast.Host.Options;
using Ballast.Host.Web;

namespace Ballast.Host.Access;

/// <summary>
/// What protects people's browsers: headers on every answer, and no change that another site's page asked for. A change needs JSON, which
/// such a page cannot send without being asked for leave, and browsers say themselves where a request comes from.
/// </summary>
internal static class BrowserGuard
{
    /// <summary>Puts security headers on an answer that has none of its own.</summary>
    internal static Task Headers(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.TryAdd("Content-Security-Policy", Page.Policy);
            headers.TryAdd("X-Content-Type-Options", "nosniff");
            headers.TryAdd("X-Frame-Options", "DENY");
            headers.TryAdd("Referrer-Policy", "no-referrer");
            headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
            headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
            if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            {
                headers.TryAdd("Cache-Control", "no-store");
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>Refuses plain http from anywhere but the proxy that does TLS, and this machine.</summary>
    internal static Task ProxyOnly(HttpContext http, RequestDelegate next, IReadOnlySet<IPAddress> proxies)
    {
        IPAddress? remote = http.Connection.RemoteIpAddress;
        IPAddress? plain = remote is { IsIPv4MappedToIPv6: true } ? remote.MapToIPv4() : remote;
        return http.Request.IsHttps || Limits.WhoMayWhat.IsHere(plain) || proxies.Contains(plain!) ? next(http)
            : Api.Problem(403, "Forbidden", "", "This address is for the proxy that does TLS: use the proxy's address.").ExecuteAsync(http);
    }

    /// <summary>Refuses changes that a page of another site asked for.</summary>
    internal static Task SameSite(HttpContext http, RequestDelegate next, HttpSection options)
    {
        HttpRequest request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return next(http);
        }

        string? site = request.Headers["Sec-Fetch-Site"].FirstOrDefault();
        string? origin = request.Headers.Origin.FirstOrDefault();

        // Behind a proxy the Host header need not be the name that the browser knows; browsers that have no Sec-Fetch-Site then rely on the cookie alone.
        bool foreign = site is not null ? site is not ("same-origin" or "none")
            : origin is not null && options.TlsProxies.Count == 0 && !origin.Equals(request.Scheme + "://" + request.Host.Value, StringComparison.OrdinalIgnoreCase);
        if (foreign)
        {
            return Api.Problem(403, "Forbidden", "", "A page of another site asked for this change: nothing was done. Use this host's own page, or a program with an API key.").ExecuteAsync(http);
        }

        bool hasBody = request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0 || request.ContentType is not null;
        return hasBody && http.Features.Get<Identity>() is { Cookie: not null } && !Body.IsJson(request)
            ? Api.Problem(415, "Unsupported media type", "Content-Type", "Send the body as JSON, with Content-Type: application/json (curl: --json).").ExecuteAsync(http)
            : next(http);
    }
}
