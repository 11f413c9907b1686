using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Access;

namespace Ballast.Host.Tests.Access;

/// <summary>The page's session, and what other sites' pages can make a browser do.</summary>
public sealed class SessionTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static async Task<JsonElement> Json(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);

    private async Task<string> LogIn(string key)
    {
        HttpResponseMessage answer = await host.Send("", "POST", "/api/session", "{\"key\":\"" + key + "\"}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private Task<HttpResponseMessage> With(string cookie, string method, string path, string? body = null, Action<HttpRequestMessage>? more = null) => host.Send(method, path, body, r =>
    {
        r.Headers.TryAddWithoutValidation("Cookie", cookie);
        more?.Invoke(r);
    });

    [Fact]
    public async Task A_key_opens_a_session_whose_cookie_no_script_and_no_other_site_gets_and_logging_out_ends_it()
    {
        HttpResponseMessage answer = await host.Send("", "POST", "/api/session", "{\"key\":\"" + host.Key("operator") + "\"}");
        string cookie = answer.Headers.GetValues("Set-Cookie").Single().ToLowerInvariant();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Key("operator"), cookie, StringComparison.Ordinal);
        Assert.Equal("operator", (await Json(answer)).GetProperty("role").GetString());
        string session = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await With(session, "GET", "/api/site")).StatusCode);
        Assert.Equal("key-operator", (await Json(await With(session, "GET", "/api/me"))).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await With(session, "GET", "/api/apikeys")).StatusCode);
        HttpResponseMessage gone = await With(session, "DELETE", "/api/session");
        Assert.Equal(HttpStatusCode.OK, gone.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", gone.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);

        // Not only forgotten by the browser: the value is worth nothing any more.
        Assert.Equal(HttpStatusCode.Unauthorized, (await With(session, "GET", "/api/site")).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_with_its_key_at_once()
    {
        string cookie = await LogIn(host.Make("leaves", "viewer"));
        Assert.Equal(HttpStatusCode.OK, (await With(cookie, "GET", "/api/site")).StatusCode);
        host.File.Remove("leaves");
        HttpResponseMessage answer = await With(cookie, "GET", "/api/site");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("log in again", (await Json(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        // A page with an old cookie polls on: that is nobody trying keys.
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await With(cookie, "GET", "/api/site")).StatusCode);
        }

        Assert.Equal(JsonValueKind.Null, (await Json(await With(cookie, "GET", "/api/me"))).GetProperty("name").ValueKind);
    }

    [Fact]
    public async Task A_live_stream_is_cut_when_its_key_is_revoked()
    {
        string key = host.Make("watcher", "viewer");
        HttpResponseMessage stream = await host.Send(key, "GET", "/api/live", headOnly: true);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using HttpClient client = host.Client("127.0.0.1");
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/live");
        AccessHost.Authorize(request, key);
        using HttpResponseMessage live = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, AccessHost.Stop);
        await using Stream content = await live.Content.ReadAsStreamAsync(AccessHost.Stop);
        byte[] part = new byte[4096];
        Assert.True(await content.ReadAsync(part, AccessHost.Stop) > 0);
        host.File.Remove("watcher");
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await content.ReadAsync(part, AccessHost.Stop) > 0)
            {
                // Until the host cuts it.
            }

            throw new InvalidOperationException("the stream ended as if all were well");
        });
    }

    [Theory]
    [InlineData("cross-site", null, null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, null, HttpStatusCode.Forbidden)]
    [InlineData("same-origin", null, null, HttpStatusCode.OK)]
    [InlineData("none", null, null, HttpStatusCode.OK)]
    [InlineData(null, "https://attacker.example", null, HttpStatusCode.Forbidden)]
    [InlineData(null, "null", null, HttpStatusCode.Forbidden)]
    [InlineData(null, null, "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, null, "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, null, "application/jsonp", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, null, null, HttpStatusCode.OK)]
    public async Task A_change_that_another_sites_page_asked_for_is_refused(string? site, string? origin, string? contentType, HttpStatusCode expected)
    {
        string cookie = await LogIn(host.Key("operator"));
        HttpResponseMessage answer = await With(cookie, "POST", "/api/hold", "{\"on\":false,\"reason\":\"r\"}", r =>
        {
            if (site is not null)
            {
                r.Headers.Add("Sec-Fetch-Site", site);
            }

            if (origin is not null)
            {
                r.Headers.TryAddWithoutValidation("Origin", origin);
            }

            if (contentType is not null)
            {
                r.Content = new ByteArrayContent("{\"on\":false,\"reason\":\"r\"}"u8.ToArray());
                r.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        });
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/boards/p1/b00/ladder")]
    [InlineData("POST", "/api/ledger/backup")]
    [InlineData("POST", "/api/sources/rest/test")]
    [InlineData("DELETE", "/api/session")]
    [InlineData("PUT", "/api/prices")]
    public async Task Changes_without_a_body_are_guarded_as_well(string method, string path)
        => Assert.Equal(HttpStatusCode.Forbidden, (await With(await LogIn(host.Key("admin")), method, path, null, r => r.Headers.Add("Sec-Fetch-Site", "cross-site"))).StatusCode);

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"key\":7}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"key\":\"bk_nothing\"}", HttpStatusCode.Unauthorized)]
    public async Task A_wrong_login_opens_nothing(string body, HttpStatusCode expected)
    {
        HttpResponseMessage answer = await host.Send("", "POST", "/api/session", body);
        Assert.Equal(expected, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Sessions_outlive_a_restart_and_the_file_of_them_opens_nothing()
    {
        string cookie = await LogIn(host.Key("viewer"));
        string value = cookie.Split('=')[1];
        string file = Path.Combine(host.Folder, SessionBook.FileName);
        string text = await File.ReadAllTextAsync(file, AccessHost.Stop);
        Assert.DoesNotContain(value, text, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        SessionBook restarted = new(host.Folder, TimeProvider.System);
        Assert.True(ApiKey.TryParse(host.Key("viewer"), out string id, out _));
        Assert.Equal(id, restarted.KeyOf(value));
        foreach (JsonElement session in JsonSerializer.Deserialize<JsonElement>(text).EnumerateArray())
        {
            Assert.Null(restarted.KeyOf(session.GetProperty("hash").GetString()));
        }
    }

    [Fact]
    public void A_session_ends_when_its_time_is_over_and_there_are_never_more_than_200()
    {
        string folder = Directory.CreateTempSubdirectory("ballast-sessions-").FullName;
        MovedClock clock = new();
        SessionBook book = new(folder, clock);
        string first = book.Open("k", clock.Now.AddHours(1));
        Assert.Equal("k", book.KeyOf(first));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Null(book.KeyOf(first));
        for (int i = 0; i < 300; i++)
        {
            book.Open("k", clock.Now.AddHours(2).AddSeconds(i));
        }

        Assert.Equal(200, JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder, SessionBook.FileName))).GetArrayLength());
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_to_be_careful()
    {
        foreach ((string path, string key) in new[] { ("/", ""), ("/api/site", ""), ("/api/site", host.Key("viewer")), ("/api/nothing", host.Key("viewer")), ("/health", ""), ("/nothing", "") })
        {
            HttpResponseMessage answer = await host.Send(key, "GET", path);
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.False(answer.Headers.Contains("Server"));
            Assert.True(!path.StartsWith("/api", StringComparison.Ordinal) || answer.Headers.CacheControl!.NoStore, path);
        }
    }
}

internal sealed class MovedClock : TimeProvider
{
    internal DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
