using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Ballast.Host.Tests.Web;

namespace Ballast.Host.Tests.Page;

/// <summary>How the host serves its page: from itself, with a policy that lets nothing else in, and not twice.</summary>
public sealed partial class PageFilesTests(RestHost host) : IClassFixture<RestHost>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_allows_nothing_inline_and_nothing_from_elsewhere()
    {
        using HttpResponseMessage page = await host.Http.GetAsync("/", Stop);
        string policy = string.Join(';', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("<style", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(InlineScript(), html);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_there_for_good()
    {
        string html = await host.Http.GetStringAsync("/", Stop);
        string[] names = [.. AssetName().Matches(html).Select(m => m.Value)];
        Assert.Equal(["app.js", "early.js", "icon.svg", "style.css"], names.Select(n => Hash().Replace(n["assets/".Length..], "")).Order(StringComparer.Ordinal));
        foreach (string name in names)
        {
            using HttpResponseMessage file = await host.Http.GetAsync("/" + name, Stop);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task A_browser_that_has_the_page_is_told_so()
    {
        using HttpResponseMessage page = await host.Http.GetAsync("/", Stop);
        Assert.True(page.Headers.CacheControl!.NoCache);
        using HttpRequestMessage again = new(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using HttpResponseMessage answer = await host.Http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", "")]
    public async Task A_file_is_sent_in_the_best_form_that_the_browser_reads(string accepted, string sent)
    {
        string script = AssetName().Match(await host.Http.GetStringAsync("/", Stop), 0).Value;
        using HttpRequestMessage request = new(HttpMethod.Get, "/" + script);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage answer = await host.Http.SendAsync(request, Stop);
        Assert.Equal(sent, string.Join(',', answer.Content.Headers.ContentEncoding));
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("/assets/app-OLD.js")]
    [InlineData("/assets/..%2f..%2findex.html")]
    [InlineData("/assets/app.js.br")]
    public async Task What_is_no_file_of_the_page_is_not_found(string path)
    {
        using HttpResponseMessage answer = await host.Http.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), answer.Content.Headers.ContentType);
    }

    [GeneratedRegex("assets/[a-z]+-[A-Z0-9]+\\.[a-z]+")]
    private static partial Regex AssetName();

    [GeneratedRegex("-[A-Z0-9]+(?=\\.)")]
    private static partial Regex Hash();

    [GeneratedRegex("<script[^>]*>[^<]", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();
}
