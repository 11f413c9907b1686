namespace Ballast.Host.Web;

/// <summary>The page: one file, no framework, no other server involved.</summary>
internal static class Page
{
    internal static void Map(WebApplication app)
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream("index.html")!;
        using StreamReader reader = new(stream);
        string html = reader.ReadToEnd();
        app.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
            return Results.Content(html, "text/html; charset=utf-8");
        }).ExcludeFromDescription();
    }
}
