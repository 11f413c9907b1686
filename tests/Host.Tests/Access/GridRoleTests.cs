using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Access;

/// <summary>Grid and operator beside each other: neither replaces, repeats or ends the other's limit by chance.</summary>
public sealed class GridRoleTests(AccessHost host) : IClassFixture<AccessHost>
{
    private Task<HttpResponseMessage> Set(string role, string id, int watts, string? idempotency = null) => host.Send("POST", "/api/limits", "{\"id\":\"" + id + "\",\"class\":\"economic\",\"limitW\":" + watts + "}", r =>
    {
        r.Headers.Authorization = new("Bearer", host.Key(role));
        if (idempotency is not null)
        {
            r.Headers.Add("Idempotency-Key", idempotency);
        }
    });

    private Task<string[]> Open() => host.Rest.Core.Ask(c => c.Context.Limits.Open.Where(l => l.State != EventState.Restoring).Select(l => l.Entry.Source + ":" + l.Entry.Id + ":" + l.LimitW).ToArray());

    [Fact]
    public async Task The_same_id_and_the_same_idempotency_key_on_both_sides_are_two_limits_and_the_smaller_holds_S12()
    {
        Assert.Equal(HttpStatusCode.Created, (await Set("operator", "peak", 60, "one")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Set("grid", "peak", 40, "one")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Set("grid", "peak", 40, "one")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Set("grid", "peak", 41, "one")).StatusCode);
        Assert.Equal(["rest:peak:60", "rest-grid:peak:40"], await Open());
        Assert.Equal(40, await host.Rest.Core.Ask(c => c.Context.Limits.CapOf(c.Context.Tree.Site).W));

        // The grid ends its own only.
        Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("grid"), "DELETE", "/api/limits/peak")).StatusCode);
        Assert.Equal(["rest:peak:60"], await Open());
        Assert.Equal(HttpStatusCode.NotFound, (await host.Send(host.Key("grid"), "DELETE", "/api/limits/peak")).StatusCode);
        Assert.Equal(["rest:peak:60"], await Open());

        // The operator ends any.
        Assert.Equal(HttpStatusCode.Created, (await Set("grid", "other", 30)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("operator"), "DELETE", "/api/limits/other")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("admin"), "DELETE", "/api/limits/peak")).StatusCode);
        Assert.Empty(await Open());
    }

    [Fact]
    public async Task A_viewer_who_tries_hears_what_he_would_need()
    {
        HttpResponseMessage answer = await Set("viewer", "v", 10);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop);
        Assert.Equal((HttpStatusCode.Forbidden, "Your key has the role viewer and may not do this: it needs the role operator, grid or admin."), (answer.StatusCode, problem.GetProperty("detail").GetString()));
    }
}

/// <summary>With `http.mayRaise` false no key raises, and everything that lowers works.</summary>
public sealed class NoRaiseTests
{
    [Fact]
    public async Task No_role_raises_where_the_configuration_forbids_it()
    {
        AccessHost host = new(o => o with { Http = o.Http with { MayRaise = false } }, withKeys: true);
        await host.InitializeAsync();
        try
        {
            foreach (string role in new[] { "operator", "grid", "admin" })
            {
                Assert.Equal(HttpStatusCode.Created, (await host.Send(host.Key(role), "POST", "/api/limits", "{\"id\":\"l-" + role + "\",\"class\":\"economic\",\"limitW\":50}")).StatusCode);
                Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key(role), "POST", "/api/limits", "{\"id\":\"l-" + role + "\",\"class\":\"economic\",\"limitW\":60}")).StatusCode);
                Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key(role), "POST", "/api/limits", "{\"class\":\"economic\",\"limitW\":60,\"durationS\":5}")).StatusCode);
                Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key(role), "DELETE", "/api/limits/l-" + role)).StatusCode);
                Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key(role), "POST", "/api/limits/l-" + role + "/abandon", "{\"reason\":\"r\"}")).StatusCode);
            }

            Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("operator"), "POST", "/api/hold", "{\"on\":true,\"reason\":\"r\"}")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await host.Send(host.Key("admin"), "POST", "/api/hold", "{\"on\":false,\"reason\":\"r\"}")).StatusCode);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }
}
