using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Access;
using Ballast.Host.Ledger;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Access;

/// <summary>Who changed what: one record for each change, none for what changes nothing, and no key in any.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly AccessHost _host = new(o => o with { Price = new PriceSection { HashPricePerPhDay = 45, FallbackMjPerTh = int.MaxValue } }, withKeys: true);

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<List<JsonElement>> Trail(string what = "")
    {
        JsonElement all = await (await _host.Send(_host.Key("operator"), "GET", "/api/audit?take=1000")).Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);
        return [.. all.EnumerateArray().Select(a => a.GetProperty("change")).Where(c => what.Length == 0 || c.GetProperty("what").GetString() == what)];
    }

    private async Task<JsonElement> Does(string role, string method, string path, string? body, string what, HttpStatusCode expected)
    {
        int before = (await Trail(what)).Count;
        HttpResponseMessage answer = await _host.Send(_host.Key(role), method, path, body, from: "127.7.0.1");
        Assert.True(expected == answer.StatusCode, method + " " + path + ": " + await answer.Content.ReadAsStringAsync(AccessHost.Stop));
        List<JsonElement> trail = await Trail(what);
        Assert.True(before + 1 == trail.Count, what + ": " + before + " became " + trail.Count);
        JsonElement made = trail[0];
        Assert.Equal(
            ("key-" + role, role, "127.7.0.1", method + " " + path.Split('?')[0], (int)expected),
            (made.GetProperty("who").GetString(), made.GetProperty("role").GetString(), made.GetProperty("from").GetString(), made.GetProperty("request").GetString(), made.GetProperty("status").GetInt32()));
        return made;
    }

    [Fact]
    public async Task Every_change_makes_one_record_with_who_from_where_what_before_and_after()
    {
        JsonElement set = await Does("grid", "POST", "/api/limits", "{\"id\":\"g\",\"class\":\"economic\",\"limitW\":60,\"reason\":\"peak\"}", "limit.set", HttpStatusCode.Created);
        Assert.Equal(("peak", JsonValueKind.Null, 60), (set.GetProperty("asked").GetProperty("reason").GetString(), set.GetProperty("before").ValueKind, set.GetProperty("after").GetProperty("limitW").GetInt32()));
        JsonElement replaced = await Does("grid", "POST", "/api/limits", "{\"id\":\"g\",\"class\":\"economic\",\"limitW\":50}", "limit.set", HttpStatusCode.Created);
        Assert.Equal((60, 50), (replaced.GetProperty("before").GetProperty("limitW").GetInt32(), replaced.GetProperty("after").GetProperty("limitW").GetInt32()));
        string eventId = replaced.GetProperty("after").GetProperty("eventId").GetString()!;
        JsonElement optOut = await Does("operator", "POST", "/api/events/" + eventId + "/optouts", "{\"target\":\"p1\",\"reason\":\"test\"}", "event.optOut", HttpStatusCode.OK);
        Assert.Equal((0, 1), (optOut.GetProperty("before").GetArrayLength(), optOut.GetProperty("after").GetArrayLength()));
        JsonElement released = await Does("grid", "DELETE", "/api/limits/g", null, "limit.release", HttpStatusCode.OK);
        Assert.Equal("active", released.GetProperty("before").GetProperty("state").GetString());
        Assert.NotEqual("active", released.GetProperty("after").GetProperty("state").GetString());
        await Does("operator", "POST", "/api/limits", "{\"id\":\"a\",\"class\":\"economic\",\"limitW\":60}", "limit.set", HttpStatusCode.Created);
        JsonElement abandoned = await Does("operator", "POST", "/api/limits/a/abandon", "{\"reason\":\"pump\"}", "limit.abandon", HttpStatusCode.OK);
        Assert.Equal("cancelled", abandoned.GetProperty("after").GetProperty("state").GetString());
        JsonElement lifted = await Does("operator", "POST", "/api/hold", "{\"on\":false,\"reason\":\"r\"}", "hold.lift", HttpStatusCode.OK);
        Assert.Equal((true, false), (lifted.GetProperty("before").GetProperty("held").GetBoolean(), lifted.GetProperty("after").GetProperty("held").GetBoolean()));
        await Does("operator", "POST", "/api/hold", "{\"on\":true,\"reason\":\"r\"}", "hold.set", HttpStatusCode.OK);
        JsonElement locked = await Does("operator", "POST", "/api/boards/p1/b00/lockout", "{\"on\":true,\"reason\":\"fan\"}", "lockout.set", HttpStatusCode.Accepted);
        Assert.Equal(("p1/b00", "fan"), (locked.GetProperty("target").GetString(), locked.GetProperty("after").GetProperty("reason").GetString()));
        await Does("admin", "POST", "/api/pods/p2/lockout", "{\"on\":true,\"reason\":\"cooling\"}", "lockout.set", HttpStatusCode.Accepted);
        JsonElement prices = await Does("operator", "PUT", "/api/prices", "{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2126-01-01T00:00:00Z\",\"powerPerMWh\":250}]}", "prices.set", HttpStatusCode.OK);
        Assert.Equal((0, 1), (prices.GetProperty("before").GetProperty("intervals").GetInt32(), prices.GetProperty("after").GetProperty("intervals").GetInt32()));
        JsonElement key = await Does("admin", "POST", "/api/apikeys", "{\"name\":\"fresh\",\"role\":\"viewer\"}", "apikey.create", HttpStatusCode.Created);
        await Does("admin", "DELETE", "/api/apikeys/" + key.GetProperty("target").GetString(), null, "apikey.revoke", HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_record_and_refusals_make_one()
    {
        int before = (await Trail()).Count(c => c.GetProperty("what").GetString() is not ("refused" or "apikey.create"));
        string again = "{\"id\":\"r\",\"class\":\"economic\",\"limitW\":60}";
        void Once(HttpRequestMessage r)
        {
            AccessHost.Authorize(r, _host.Key("operator"));
            r.Headers.Add("Idempotency-Key", "one");
        }

        await _host.Send("POST", "/api/limits", again, Once);
        await _host.Send("POST", "/api/limits", again, Once);
        await _host.Send(_host.Key("operator"), "POST", "/api/limits/preview", again);
        await _host.Send(_host.Key("operator"), "POST", "/api/sources/rest/test");
        await _host.Send(_host.Key("operator"), "POST", "/api/limits", "{\"class\":\"economic\",\"limitW\":-1}");
        await _host.Send(_host.Key("operator"), "DELETE", "/api/limits/none");
        await _host.Send(_host.Key("operator"), "GET", "/api/site");
        Assert.Equal(before + 1, (await Trail()).Count(c => c.GetProperty("what").GetString() is not ("refused" or "apikey.create")));
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.Send(_host.Key("viewer"), "POST", "/api/hold", "{\"on\":true,\"reason\":\"r\"}")).StatusCode);
        await _host.Send("bk_00000000_0000000000000000000000000000000000000000000000000000000000000000", "GET", "/api/site", from: "127.7.0.2");
        List<JsonElement> refused = await Trail("refused");
        Assert.Contains(refused, c => c.GetProperty("who").GetString() == "key-viewer" && c.GetProperty("status").GetInt32() == 403 && c.GetProperty("request").GetString() == "POST /api/hold");
        Assert.Contains(refused, c => c.GetProperty("who").GetString() == "" && c.GetProperty("status").GetInt32() == 401 && c.GetProperty("from").GetString() == "127.7.0.2");
    }

    [Fact]
    public async Task A_session_and_keys_made_beside_the_host_are_in_the_record_and_no_key_or_cookie_is_anywhere_in_it()
    {
        HttpResponseMessage login = await _host.Send("", "POST", "/api/session", "{\"key\":\"" + _host.Key("operator") + "\"}");
        string cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await _host.Send("DELETE", "/api/session", null, r => r.Headers.Add("Cookie", cookie));
        string beside = _host.Make("beside", "grid");
        await AccessHost.Until(async () => (await Trail("apikey.create")).Any(c => c.GetProperty("after").ToString().Contains("beside grid", StringComparison.Ordinal)), "the key made beside the host");

        Assert.Equal("key-operator", (await Trail("session.open")).Single().GetProperty("who").GetString());
        Assert.Equal("key-operator", (await Trail("session.close")).Single().GetProperty("who").GetString());
        string made = await (await _host.Send(_host.Key("admin"), "POST", "/api/apikeys", "{\"name\":\"fresh\",\"role\":\"viewer\"}")).Content.ReadAsStringAsync(AccessHost.Stop);
        string text = JsonSerializer.Serialize(await Trail()) + string.Concat(_host.Rest.Journal.Bodies.Select(b => JsonSerializer.Serialize(b, b.GetType())));
        Assert.Contains("fresh", text, StringComparison.Ordinal);
        foreach (string secret in (string[])[.. AccessRoles.Names.Keys.Select(_host.Key), beside, cookie.Split('=')[1], JsonDocument.Parse(made).RootElement.GetProperty("key").GetString()!])
        {
            Assert.DoesNotContain(secret[^32..], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_fall_is_answered_and_done_when_no_record_can_be_written_S19()
    {
        _host.Rest.Journal.Fails = true;
        Assert.Equal(HttpStatusCode.Accepted, (await _host.Send(_host.Key("grid"), "POST", "/api/limits", "{\"class\":\"emergency\",\"limitW\":0}")).StatusCode);
        _host.Rest.Journal.Fails = false;
    }

    [Fact]
    public async Task Only_those_who_run_the_site_read_it_and_events_come_with_the_head_of_the_ledger()
    {
        foreach (string role in new[] { "viewer", "grid" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _host.Send(_host.Key(role), "GET", "/api/audit")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await _host.Send(_host.Key(role), "GET", "/api/ledger/export")).StatusCode);
        }

        Assert.True((await _host.Send(_host.Key("viewer"), "GET", "/api/events")).Headers.Contains("Ballast-Ledger-Head"));
    }
}

/// <summary>The trail in the ledger on the disk.</summary>
public sealed class AuditLedgerTests
{
    [Fact]
    public void The_newest_come_first_page_by_page_by_the_index_and_the_chain_proves_them()
    {
        string folder = Directory.CreateTempSubdirectory("ballast-audit-").FullName;
        using (SqliteJournal journal = new(folder))
        {
            for (int i = 0; i < 30; i++)
            {
                journal.Record(RecordKind.Audit, new AuditBody("hold.set", "n" + i, "operator", "local", "POST /api/hold", 200) { Target = "\"kind\":\"note\"," });
                journal.Note("x", "\"kind\":\"audit\",", i);
            }

            Assert.Equal(["n29", "n28", "n27"], journal.Records(RecordKind.Audit, 0, 3).Select(r => r.Body.GetProperty("who").GetString()));
            Assert.Equal(["n1", "n0"], journal.Records(RecordKind.Audit, 28, 10).Select(r => r.Body.GetProperty("who").GetString()));
            Assert.Equal(30, journal.Records(RecordKind.Note, 0, 100).Count);
        }

        Assert.Null(LedgerAudit.Verify(folder).Fault);
        Directory.Delete(folder, true);
    }
}
