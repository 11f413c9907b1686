using System.Net;
using Ballast.Host.Access;
using Ballast.Host.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Access;

/// <summary>With a proxy that does TLS, plain http is for that proxy and for this machine, and only that proxy says who else calls.</summary>
public sealed class ProxyOnlyTests
{
    private static readonly HashSet<IPAddress> Proxies = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("2001:db8::2")];

    [Theory]
    [InlineData("10.0.0.2", false, true)]
    [InlineData("::ffff:10.0.0.2", false, true)]
    [InlineData("2001:db8::2", false, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("::ffff:127.0.0.1", false, true)]
    [InlineData("10.0.0.3", false, false)]
    [InlineData("::ffff:10.0.0.3", false, false)]
    [InlineData("2001:db8::3", false, false)]
    [InlineData("192.168.1.1", false, false)]
    [InlineData("10.0.0.3", true, true)]
    public async Task Plain_http_passes_from_named_proxies_and_this_machine_only(string from, bool tls, bool passes)
    {
        using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext http = new() { RequestServices = services, Response = { Body = new MemoryStream() } };
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        http.Request.Scheme = tls ? "https" : "http";
        bool passed = false;
        await BrowserGuard.ProxyOnly(
            http,
            _ =>
            {
                passed = true;
                return Task.CompletedTask;
            },
            Proxies);
        Assert.Equal(passes, passed);
        Assert.Equal(passes ? 200 : 403, http.Response.StatusCode);
    }

    [Fact]
    public async Task F29_who_is_no_named_proxy_does_not_escape_his_wait_by_naming_other_callers()
    {
        AccessHost host = new(o => o with { Http = new HttpSection { Urls = "http://127.0.0.1:0", TlsProxies = ["10.0.0.2"] } }, withKeys: true);
        await host.InitializeAsync();
        try
        {
            const string Wrong = "bk_00000000_0000000000000000000000000000000000000000000000000000000000000000";
            Task<HttpResponseMessage> As(int caller) => host.Send("GET", "/api/site", null, r =>
            {
                r.Headers.Add("X-Forwarded-For", "10.0.1." + caller);
                AccessHost.Authorize(r, Wrong);
            }, from: "127.8.0.1");
            for (int i = 1; i <= FailureGate.Free; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await As(i)).StatusCode);
            }

            Assert.True(host.Rest.Services.GetRequiredService<AccessDesk>().Gate.Count == 1, "each name that was made up counts as an address of its own");
        }
        finally
        {
            await host.DisposeAsync();
        }
    }
}
