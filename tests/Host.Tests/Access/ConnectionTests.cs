using System.Net;
using System.Net.Sockets;
using Ballast.Host.Access;
using Ballast.Host.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Access;

/// <summary>Who opens connections and says nothing.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task F29_half_open_connections_of_one_address_shut_nobody_else_out()
    {
        await using RestHost host = new();
        await host.InitializeAsync();
        List<Socket> halfOpen = [];
        try
        {
            for (int i = 0; i < ConnectionGate.Most + 50; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                halfOpen.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.20.0.1"), 0));
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, host.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
                    await socket.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\nX-More: "u8.ToArray().AsMemory(), TestContext.Current.CancellationToken);
                }
                catch (SocketException)
                {
                    // Closed already: there was no place.
                }
            }

            using HttpClient another = new() { BaseAddress = host.Http.BaseAddress };
            Assert.Equal(HttpStatusCode.OK, (await another.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
            Assert.InRange(host.Services.GetRequiredService<ConnectionGate>().Count, 1, ConnectionGate.MostOfOne + 2);
        }
        finally
        {
            halfOpen.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public void Strangers_leave_places_for_this_machine_and_a_network_of_IPv6_is_one_address()
    {
        ConnectionGate gate = new([]);
        Assert.Equal(ConnectionGate.MostOfOne, Enumerable.Range(0, 500).Count(i => gate.Enter(IPAddress.Parse("2001:db8::" + i.ToString("x", System.Globalization.CultureInfo.InvariantCulture)))));
        Assert.Equal(ConnectionGate.MostOfOthers - ConnectionGate.MostOfOne, Enumerable.Range(0, 1000).Count(i => gate.Enter(IPAddress.Parse("10.0." + (i / 250) + "." + (i % 250)))));
        Assert.True(gate.Enter(IPAddress.Loopback));
        Assert.False(gate.Enter(IPAddress.Parse("10.9.9.9")));
        gate.Leave(IPAddress.Parse("10.0.0.0"));
        Assert.True(gate.Enter(IPAddress.Parse("10.9.9.9")));
        Assert.Equal(ConnectionGate.MostOfOthers + 1, gate.Count);
    }

    [Fact]
    public void A_proxy_of_the_configuration_speaks_for_many()
    {
        ConnectionGate gate = new(["10.0.0.5"]);
        Assert.Equal(ConnectionGate.MostOfOthers, Enumerable.Range(0, 2000).Count(_ => gate.Enter(IPAddress.Parse("10.0.0.5"))));
    }
}
