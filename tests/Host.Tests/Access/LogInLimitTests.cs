using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Access;

namespace Ballast.Host.Tests.Access;

/// <summary>What somebody can do to others and to the record who may only read.</summary>
public sealed class LogInLimitTests(AccessHost host) : IClassFixture<AccessHost>
{
    [Fact]
    public async Task A_key_that_logs_in_again_and_again_is_told_to_wait_and_others_are_not()
    {
        string body = "{\"key\":\"" + host.Key("viewer") + "\"}";
        int good = 0;
        HttpResponseMessage answer = new();
        for (int i = 0; i < 200 && (int)answer.StatusCode != 429; i++)
        {
            answer = await host.Send("", "POST", "/api/session", body);
            good += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal((HttpStatusCode)429, answer.StatusCode);
        Assert.InRange(good, 60, 100);
        Assert.Equal(10, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains("logged in too often", (await answer.Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.Send("", "POST", "/api/session", "{\"key\":\"" + host.Key("operator") + "\"}")).StatusCode);
    }

    [Fact]
    public async Task Logging_in_anew_ends_the_session_that_the_browser_had()
    {
        string body = "{\"key\":\"" + host.Key("operator") + "\"}";
        string first = (await host.Send("", "POST", "/api/session", body)).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        string second = (await host.Send("POST", "/api/session", body, r => r.Headers.TryAddWithoutValidation("Cookie", first))).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("GET", "/api/site", null, r => r.Headers.TryAddWithoutValidation("Cookie", first))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send("GET", "/api/site", null, r => r.Headers.TryAddWithoutValidation("Cookie", second))).StatusCode);
    }

    [Fact]
    public void Too_many_sessions_of_one_key_end_its_own_and_not_those_of_others()
    {
        SessionBook book = new(Directory.CreateDirectory(Path.Combine(host.Folder, "book")).FullName, TimeProvider.System);
        DateTimeOffset ends = DateTimeOffset.UtcNow.AddHours(1);
        string other = book.Open("operator", ends);
        for (int i = 0; i < 250; i++)
        {
            book.Open("viewer", ends.AddMinutes(1));
        }

        Assert.Equal("operator", book.KeyOf(other));
    }

    [Fact]
    public void Wrong_secrets_from_where_a_key_is_trusted_are_told_ever_more_rarely()
    {
        FailureGate gate = new(TimeProvider.System);
        IPAddress from = IPAddress.Parse("10.0.0.8");
        gate.Good(from, "11111111");
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => gate.Fail(from, "11111111") > 0), 5, 40);
    }
}
