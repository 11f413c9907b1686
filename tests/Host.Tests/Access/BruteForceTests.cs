using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Host.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ballast.Host.Tests.Access;

/// <summary>Somebody who tries keys, and what he can make the host hold.</summary>
public sealed class BruteForceTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Wrong = "bk_00000000_0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("GET", "/api/site", null)]
    [InlineData("POST", "/api/session", "{\"key\":\"" + Wrong + "\"}")]
    public async Task After_five_wrong_keys_an_address_waits_and_a_key_that_worked_from_there_goes_on_working(string method, string path, string? body)
    {
        string from = path.EndsWith("site", StringComparison.Ordinal) ? "127.9.0.1" : "127.9.0.2";
        string trusted = host.Key("operator");
        Assert.Equal(HttpStatusCode.OK, (await host.Send(trusted, "GET", "/api/site", from: from)).StatusCode);
        for (int i = 0; i < FailureGate.Free; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Send(body is null ? Wrong : "", method, path, body, from: from)).StatusCode);
        }

        HttpResponseMessage shut = await host.Send(body is null ? Wrong : "", method, path, body, from: from);
        Assert.Equal((HttpStatusCode)429, shut.StatusCode);
        Assert.InRange(shut.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        Assert.EndsWith("s.", (await shut.Content.ReadFromJsonAsync<JsonElement>(AccessHost.Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        // Not even the right key, from one that never used it here: whoever guesses must not see when he is right.
        Assert.Equal((HttpStatusCode)429, (await host.Send(host.Key("admin"), "GET", "/api/site", from: from)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(trusted, "GET", "/api/site", from: from)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await host.Send(trusted, "POST", "/api/limits", "{\"class\":\"emergency\",\"limitW\":0}", from: from)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Send(host.Key("admin"), "GET", "/api/site", from: "127.9.0.9")).StatusCode);
    }

    [Fact]
    public void The_wait_doubles_up_to_15_minutes_and_is_forgotten_after_an_hour_of_peace()
    {
        MovedClock clock = new();
        FailureGate gate = new(clock);
        IPAddress from = IPAddress.Parse("10.0.0.7");
        List<int> waits = [];
        for (int i = 0; i < 20; i++)
        {
            gate.Fail(from, "");
            waits.Add(gate.WaitS(from, ""));
            clock.Now += TimeSpan.FromSeconds(waits[^1]);
            Assert.Equal(0, gate.WaitS(from, ""));
        }

        Assert.Equal([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900, 900], waits);
        clock.Now += TimeSpan.FromHours(1.1);
        gate.Fail(from, "");
        Assert.Equal(0, gate.WaitS(from, ""));
    }

    [Fact]
    public void A_key_that_is_tried_from_many_addresses_is_shut_for_all_but_those_it_works_from()
    {
        MovedClock clock = new();
        FailureGate gate = new(clock);
        IPAddress owner = IPAddress.Parse("10.0.0.1");
        gate.Good(owner, "1a2b3c4d");
        for (int i = 0; i < 50; i++)
        {
            gate.Fail(IPAddress.Parse("10.1.0." + i), "1a2b3c4d");
        }

        Assert.True(gate.WaitS(IPAddress.Parse("10.2.0.1"), "1a2b3c4d") > 800);
        Assert.Equal(0, gate.WaitS(IPAddress.Parse("10.2.0.1"), "00000000"));
        Assert.Equal(0, gate.WaitS(owner, "1a2b3c4d"));
    }

    [Fact]
    public void Memory_is_bounded_and_one_network_of_IPv6_is_one_address()
    {
        MovedClock clock = new();
        FailureGate gate = new(clock);
        for (int i = 0; i < FailureGate.MostEntries * 2; i++)
        {
            clock.Now += TimeSpan.FromMilliseconds(1);
            gate.Fail(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), "");
            gate.Good(new IPAddress([11, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), "k");
        }

        Assert.InRange(gate.Count, 1, FailureGate.MostEntries);
        int before = gate.Count;
        Random random = new(1);
        byte[] address = IPAddress.Parse("2001:db8::").GetAddressBytes();
        for (int i = 0; i < 20; i++)
        {
            random.NextBytes(address.AsSpan(8));
            gate.Fail(new IPAddress(address), "");
        }

        Assert.InRange(gate.Count, 0, before + 1);
        Assert.True(gate.WaitS(IPAddress.Parse("2001:db8::1"), "") > 0);
        Assert.Equal(0, gate.WaitS(IPAddress.Parse("2001:db8:0:1::1"), ""));
        Assert.Equal("10.0.0.7", FailureGate.AddressOf(IPAddress.Parse("::ffff:10.0.0.7")));
    }

    [Fact]
    public void Only_the_first_wrong_key_and_each_longer_wait_are_told()
    {
        MovedClock clock = new();
        FailureGate gate = new(clock);
        int[] told = [.. Enumerable.Range(0, 8).Select(_ => gate.Fail(IPAddress.Loopback, ""))];
        Assert.Equal([1, 0, 0, 0, 5, 6, 7, 8], told);
    }

    [Fact]
    public async Task Headers_that_never_end_and_too_many_of_them_are_cut_off()
    {
        KestrelServerLimits limits = host.Rest.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.True(limits.RequestHeadersTimeout <= TimeSpan.FromSeconds(15) && limits.KeepAliveTimeout <= TimeSpan.FromMinutes(2));
        Assert.True(limits.MaxConcurrentConnections <= 2000 && limits.MaxRequestBodySize <= 16 * 1024 && limits.MinRequestBodyDataRate is not null);
        HttpResponseMessage many = await host.Send("GET", "/health", null, r =>
        {
            for (int i = 0; i < 100; i++)
            {
                r.Headers.Add("X-H" + i, "v");
            }
        });
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, many.StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await host.Send("", "GET", "/health?" + new string('a', 5000))).StatusCode);
    }
}
