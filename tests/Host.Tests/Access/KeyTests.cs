using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Host.Access;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Access;

/// <summary>Keys: made, shown once, used, expired, revoked beside the running host.</summary>
public sealed partial class KeyTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static async Task<JsonElement> Json(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);

    [Fact]
    public async Task A_key_works_from_the_moment_it_is_made_until_the_moment_it_is_revoked_beside_the_running_host()
    {
        string key = host.Make("short-life", "viewer");
        Assert.Equal(HttpStatusCode.OK, (await host.Send(key, "GET", "/api/site")).StatusCode);
        Assert.Equal("viewer", host.File.Remove("short-life")!.Role.ToString().ToLowerInvariant());
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send(key, "GET", "/api/site")).StatusCode);
        Assert.Null(host.File.Remove("short-life"));
    }

    [Fact]
    public async Task An_expired_key_opens_nothing_and_says_so()
    {
        string key = host.Make("over", "admin", TimeSpan.FromSeconds(-1));
        HttpResponseMessage answer = await host.Send(key, "GET", "/api/site");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("has expired", (await Json(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        host.File.Remove("over");
    }

    [Fact]
    public async Task A_key_ends_in_the_middle_of_its_use_when_its_time_is_over()
    {
        MovedClock clock = new() { Now = DateTimeOffset.UtcNow };
        ApiKeyBook book = new(host.File, clock);
        host.File.Add("ends", AccessRole.Viewer, clock.GetUtcNow(), clock.GetUtcNow().AddDays(1), out string text);
        Assert.NotNull(book.Check(text, out string id, out bool expired));
        Assert.False(expired);
        Assert.NotNull(book.Find(id));
        clock.Now += TimeSpan.FromDays(1);
        Assert.Null(book.Check(text, out _, out expired));
        Assert.True(expired);
        Assert.Null(book.Find(id));
        host.File.Remove("ends");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("")]
    [InlineData("bk_")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("bk_00000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("BK_00000000_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_key_is_refused_with_a_sentence(string text)
    {
        HttpResponseMessage answer = await host.Send("GET", "/api/site", null, r => r.Headers.TryAddWithoutValidation("Authorization", text.StartsWith("Basic", StringComparison.Ordinal) ? text : "Bearer " + text));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.EndsWith(".", (await Json(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_wrong_digit_a_hash_in_place_of_the_secret_and_another_keys_hash_open_nothing()
    {
        string key = host.Key("admin");
        string wrong = key[..^1] + (key[^1] == '0' ? '1' : '0');
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send(wrong, "GET", "/api/site")).StatusCode);
        ApiKey kept = host.File.Read()!.First(k => k.Name == "key-admin");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("bk_" + kept.Id + "_" + kept.Hash, "GET", "/api/site")).StatusCode);
        Assert.True(ApiKey.TryParse(host.Key("viewer"), out _, out string secret));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("bk_" + kept.Id + "_" + secret, "GET", "/api/site")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(key, "GET", "/api/site")).StatusCode);
    }

    [Fact]
    public void The_file_is_closed_to_others_and_holds_no_key()
    {
        foreach (string name in new[] { ApiKeyFile.FileName, "apikeys.lock" })
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(host.Folder, name)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), name);
        }

        string text = File.ReadAllText(host.File.FullName);
        foreach (string role in AccessRoles.Names.Keys)
        {
            Assert.True(ApiKey.TryParse(host.Key(role), out string id, out string secret));
            Assert.Contains(id, text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_admin_makes_lists_and_revokes_keys_over_REST_and_a_key_is_shown_once()
    {
        HttpResponseMessage made = await host.Send(host.Key("admin"), "POST", "/api/apikeys", "{\"name\":\"grid-operator\",\"role\":\"grid\",\"days\":30}");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonElement view = await Json(made);
        string key = view.GetProperty("key").GetString()!;
        Assert.Matches(Form(), key);
        Assert.Equal("grid", (await Json(await host.Send(key, "GET", "/api/me"))).GetProperty("role").GetString());
        string list = await (await host.Send(host.Key("admin"), "GET", "/api/apikeys")).Content.ReadAsStringAsync(AccessHost.Stop);
        Assert.Contains("grid-operator", list, StringComparison.Ordinal);
        Assert.DoesNotMatch(Form(), list);
        Assert.DoesNotContain("hash", list, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Conflict, (await host.Send(host.Key("admin"), "POST", "/api/apikeys", "{\"name\":\"grid-operator\",\"role\":\"viewer\"}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("admin"), "DELETE", "/api/apikeys/" + view.GetProperty("id").GetString())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send(key, "GET", "/api/site")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Send(host.Key("admin"), "DELETE", "/api/apikeys/grid-operator")).StatusCode);
    }

    [Theory]
    [InlineData("{\"name\":\"\",\"role\":\"grid\"}", "name")]
    [InlineData("{\"name\":\"two words\",\"role\":\"grid\"}", "name")]
    [InlineData("{\"name\":\"a\",\"role\":\"root\"}", "role")]
    [InlineData("{\"name\":\"a\",\"role\":\"Admin\"}", "role")]
    [InlineData("{\"name\":\"a\",\"role\":\"grid\",\"days\":0}", "days")]
    [InlineData("{\"name\":\"a\",\"role\":\"grid\",\"days\":1.5}", "days")]
    [InlineData("{\"name\":\"a\",\"role\":\"grid\",\"days\":\"1\"}", "days")]
    [InlineData("{\"name\":\"a\",\"role\":\"grid\",\"rights\":\"all\"}", "rights")]
    public async Task A_wrong_wish_for_a_key_names_its_field_and_makes_none(string body, string field)
    {
        int before = host.File.Read()!.Count;
        HttpResponseMessage answer = await host.Send(host.Key("admin"), "POST", "/api/apikeys", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(field, (await Json(answer)).GetProperty("field").GetString());
        Assert.Equal(before, host.File.Read()!.Count);
    }

    [Theory]
    [InlineData("viewer", "read")]
    [InlineData("operator", "read lower raise abandon operate")]
    [InlineData("grid", "read lower raise")]
    [InlineData("admin", "read lower raise abandon operate admin")]
    public async Task Me_says_who_it_is_and_what_it_may(string role, string rights)
    {
        JsonElement me = await Json(await host.Send(host.Key(role), "GET", "/api/me"));
        Assert.Equal(("key-" + role, role, true), (me.GetProperty("name").GetString(), me.GetProperty("role").GetString(), me.GetProperty("authRequired").GetBoolean()));
        Assert.Equal(rights, string.Join(' ', me.GetProperty("rights").EnumerateArray().Select(r => r.GetString())));
        JsonElement nobody = await Json(await host.Send("", "GET", "/api/me"));
        Assert.Equal((JsonValueKind.Null, 0, true), (nobody.GetProperty("name").ValueKind, nobody.GetProperty("rights").GetArrayLength(), nobody.GetProperty("authRequired").GetBoolean()));
    }

    [Fact]
    public void The_last_use_is_kept_to_the_hour()
    {
        KeyUse use = new();
        use.Note("k", new DateTimeOffset(2026, 11, 22, 14, 59, 59, TimeSpan.FromHours(1)));
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 0, 0, TimeSpan.Zero), use.Of("k"));
        use.Save(host.Folder, ["k"]);
        KeyUse again = new();
        again.Load(host.Folder);
        Assert.Equal(use.Of("k"), again.Of("k"));
        again.Note("k", new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero));
        again.Save(host.Folder, []);
        Assert.Null(again.Of("k"));
    }

    [GeneratedRegex("bk_[0-9a-f]{8}_[0-9a-f]{64}")]
    private static partial Regex Form();
}

/// <summary>A host without keys, and one whose keys cannot be read.</summary>
public sealed class NoKeyTests
{
    private static async Task With(Func<AccessHost, Task> test, bool keys = false)
    {
        AccessHost host = new(o => o, keys);
        await host.InitializeAsync();
        try
        {
            await test(host);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public Task Without_a_key_this_machine_may_everything_until_the_first_is_made_and_from_then_on_nobody_gets_in_without() => With(async host =>
    {
        JsonElement me = await (await host.Send("", "GET", "/api/me")).Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);
        Assert.Equal(("local", false, 6), (me.GetProperty("name").GetString(), me.GetProperty("authRequired").GetBoolean(), me.GetProperty("rights").GetArrayLength()));
        Assert.Equal(HttpStatusCode.OK, (await host.Send("", "POST", "/api/hold", "{\"on\":true,\"reason\":\"r\"}")).StatusCode);

        // The first key is made with the host's folder, not by a page.
        Assert.Equal(HttpStatusCode.Conflict, (await host.Send("", "POST", "/api/apikeys", "{\"name\":\"a\",\"role\":\"admin\"}")).StatusCode);
        string key = host.Make("first", "viewer");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("", "GET", "/api/site")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(key, "GET", "/api/site")).StatusCode);
        host.File.Remove("first");
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("", "GET", "/api/site")).StatusCode);
        File.Delete(host.File.FullName);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send("", "GET", "/api/site")).StatusCode);
    });

    [Fact]
    public Task A_file_that_cannot_be_read_shuts_the_door_and_raises_an_alarm_until_it_is_good_again() => With(
        async host =>
        {
            string good = await File.ReadAllTextAsync(host.File.FullName, AccessHost.Stop);
            foreach (string bad in new[] { "", "{", "[]", "{\"keys\":null}", "{\"keys\":[null]}", good.Replace("\"admin\"", "\"root\"", StringComparison.Ordinal) })
            {
                await File.WriteAllTextAsync(host.File.FullName, bad, AccessHost.Stop);
                HttpResponseMessage answer = await host.Send(host.Key("admin"), "GET", "/api/site");
                Assert.True(HttpStatusCode.Unauthorized == answer.StatusCode, bad);
                Assert.Contains("cannot read its keys", await answer.Content.ReadAsStringAsync(AccessHost.Stop), StringComparison.Ordinal);
                Assert.Throws<IOException>(() => host.File.Add("x", AccessRole.Viewer, DateTimeOffset.UtcNow, null, out _));
            }

            await AccessHost.Until(() => host.Rest.Core.Ask(c => c.Context.Alarms.IsUp("api-keys")), "the alarm");

            await File.WriteAllTextAsync(host.File.FullName, good, AccessHost.Stop);
            Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("admin"), "GET", "/api/site")).StatusCode);
        },
        keys: true);

    [Theory]
    [InlineData("attacker.example", HttpStatusCode.Unauthorized)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("10.0.0.9", HttpStatusCode.OK)]
    public Task A_name_that_somebody_else_points_at_this_machine_is_not_this_machine(string name, HttpStatusCode expected) => With(async host =>
        Assert.Equal(expected, (await host.Send("GET", "/api/site", null, r => r.Headers.Host = name)).StatusCode));

    [Fact]
    public void From_elsewhere_a_host_without_keys_may_be_read_and_not_changed()
    {
        Caller there = WhoMayWhat.OfRest(IPAddress.Parse("10.0.0.7"), true);
        Assert.Equal((Rights.Read, ""), (there.Rights, there.Role));
        Assert.Contains("ballast apikey create", WhoMayWhat.Refusal(there, Rights.Lower, "")!.Sentence, StringComparison.Ordinal);
    }
}
