using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Access;

namespace Ballast.Host.Tests.Access;

/// <summary>Refused changes are in the record, with who, from where and why, and nobody fills the ledger with them.</summary>
public sealed class RefusalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static AuditBody Refusal(string from, int status = 422, string who = "op") => new("refused", who, "operator", from, "POST /api/limits", status) { Why = "limitW: …" };

    [Fact]
    public async Task What_cannot_be_and_what_one_may_not_make_a_record_with_the_reason()
    {
        await using AccessHost host = new();
        await host.InitializeAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.Send(host.Key("operator"), "POST", "/api/limits", "{\"class\":\"economic\",\"limitW\":-1}", from: "127.8.0.1")).StatusCode);
        string body = "{\"id\":\"r\",\"class\":\"economic\",\"limitW\":60}";
        void Once(HttpRequestMessage r)
        {
            AccessHost.Authorize(r, host.Key("operator"));
            r.Headers.Add("Idempotency-Key", "one");
        }

        await host.Send("POST", "/api/limits", body, Once, from: "127.8.0.2");
        Assert.Equal(HttpStatusCode.Conflict, (await host.Send("POST", "/api/limits", body.Replace("60", "70", StringComparison.Ordinal), Once, from: "127.8.0.2")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key("viewer"), "POST", "/api/hold", "{\"on\":true,\"reason\":\"r\"}", from: "127.8.0.3")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.Send(host.Key("operator"), "POST", "/api/limits/preview", "{\"limitW\":-1}", from: "127.8.0.4")).StatusCode);
        JsonElement all = await (await host.Send(host.Key("operator"), "GET", "/api/audit?take=1000")).Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);
        List<JsonElement> refused = [.. all.EnumerateArray().Select(a => a.GetProperty("change")).Where(c => c.GetProperty("what").GetString() == "refused")];
        JsonElement From(string address) => Assert.Single(refused, c => c.GetProperty("from").GetString() == address);
        Assert.Equal(("key-operator", 422, "POST /api/limits"), (From("127.8.0.1").GetProperty("who").GetString(), From("127.8.0.1").GetProperty("status").GetInt32(), From("127.8.0.1").GetProperty("request").GetString()));
        Assert.StartsWith("limitW: ", From("127.8.0.1").GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(409, From("127.8.0.2").GetProperty("status").GetInt32());
        Assert.Contains("draw a new one", From("127.8.0.2").GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(("key-viewer", 403), (From("127.8.0.3").GetProperty("who").GetString(), From("127.8.0.3").GetProperty("status").GetInt32()));
        Assert.DoesNotContain(refused, c => c.GetProperty("from").GetString() == "127.8.0.4");
    }

    [Fact]
    public void A_thousand_a_minute_from_one_address_are_two_records_and_none_is_lost_from_the_count()
    {
        RefusalBook book = new();
        List<AuditBody> written = [];
        for (int i = 0; i < 1000; i++)
        {
            written.AddRange(book.Note(Refusal("10.0.0.1"), 1_000_000 + i, Noon.AddMilliseconds(i)));
        }

        Assert.Single(written);
        Assert.Equal(0, written[0].LeftOut);
        List<AuditBody> end = book.End(1_060_000);
        AuditBody count = Assert.Single(end);
        Assert.Equal((999, Noon.AddMilliseconds(1), "10.0.0.1", "limitW: …"), (count.LeftOut, count.Since, count.From, count.Why));
        Assert.Empty(book.End(1_120_000));
    }

    [Fact]
    public void F29_a_stranger_with_many_addresses_makes_few_records_a_minute_and_each_refusal_is_counted()
    {
        RefusalBook book = new();
        List<AuditBody> written = [];
        for (int i = 0; i < 50_000; i++)
        {
            written.AddRange(book.Note(Refusal("fd00::" + (i % 5000), 401, ""), 1_000_000, Noon));
        }

        written.AddRange(book.End(1_060_000));
        Assert.True(written.Count <= RefusalBook.MostSingle + RefusalBook.MostGroups + 1, written.Count + " records");
        Assert.Equal(50_000, written.Sum(w => w.LeftOut == 0 ? 1 : w.LeftOut));
    }

    [Fact]
    public void The_next_minute_begins_with_a_record_of_its_own_after_what_the_last_one_counted()
    {
        RefusalBook book = new();
        book.Note(Refusal("10.0.0.1"), 1_000_000, Noon);
        book.Note(Refusal("10.0.0.1"), 1_001_000, Noon);
        List<AuditBody> next = book.Note(Refusal("10.0.0.1"), 1_060_000, Noon.AddMinutes(1));
        Assert.Equal([1, 0], next.Select(n => n.LeftOut));
        Assert.Equal(2, book.Note(Refusal("10.0.0.1", 409), 1_060_001, Noon).Count + book.Note(Refusal("10.0.0.1", who: "other"), 1_060_002, Noon).Count);
    }
}
