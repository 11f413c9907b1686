using System.Collections.Frozen;
using System.Security.Cryptography;
using Ballast.Host.Access;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Ballast.Host.Web;

/// <summary>
/// Serves the page: files that the build has put into this assembly, and nothing else. No other server is involved. Its scripts speak the
/// same REST interface as everybody, with the same rights.
/// </summary>
internal static class Page
{
    /// <summary>No script, style, frame or connection that is not this host's own, and nothing inline.</summary>
    internal const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Root = "page/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, PageFile> Files = Read();

    internal static void Map(WebApplication app)
    {
        // HEAD too: load balancers and uptime checks ask that way.
        app.MapMethods("/", ["GET", "HEAD"], (HttpContext context) => Send(context, "index.html")).Open().ExcludeFromDescription();
        app.MapMethods("/assets/{name}", ["GET", "HEAD"], (HttpContext context, string name) => Send(context, "assets/" + name)).Open().ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, string path)
    {
        if (!Files.TryGetValue(path, out PageFile? file))
        {
            return Api.Problem(404, "Not found", "", "The page has no file '" + path + "': load the page again, this host may be newer than what your browser shows.");
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // Names of assets change with their content; the page itself is asked for again each time, and mostly answered with 304.
        headers.CacheControl = path == "index.html" ? "no-cache" : "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        (string encoding, byte[] bytes) = file.For(context.Request.Headers.AcceptEncoding);
        if (encoding.Length > 0)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.Bytes(bytes, file.ContentType, entityTag: new EntityTagHeaderValue("\"" + file.Tag + (encoding.Length > 0 ? "-" + encoding : "") + "\""));
    }

    private static FrozenDictionary<string, PageFile> Read()
    {
        Dictionary<string, byte[]> all = [];
        foreach (string name in typeof(Page).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(Page).Assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            all[name[Root.Length..]] = bytes;
        }

        return all.Where(f => ContentTypes.ContainsKey(Path.GetExtension(f.Key))).ToFrozenDictionary(
            f => f.Key,
            f => new PageFile(
                ContentTypes[Path.GetExtension(f.Key)],
                Convert.ToHexStringLower(SHA256.HashData(f.Value).AsSpan(0, 12)),
                f.Value,
                all.GetValueOrDefault(f.Key + ".gz"),
                all.GetValueOrDefault(f.Key + ".br")));
    }

    private sealed record PageFile(string ContentType, string Tag, byte[] Plain, byte[]? Gzip, byte[]? Brotli)
    {
        internal (string Encoding, byte[] Bytes) For(StringValues accepted)
        {
            _ = StringWithQualityHeaderValue.TryParseList(accepted, out IList<StringWithQualityHeaderValue>? wanted);
            bool May(string name) => wanted?.Any(w => w.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && w.Quality is null or > 0) == true;
            return Brotli is not null && May("br") ? ("br", Brotli)
                : Gzip is not null && May("gzip") ? ("gzip", Gzip)
                : ("", Plain);
        }
    }
}
