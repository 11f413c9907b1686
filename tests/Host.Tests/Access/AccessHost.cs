using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Ballast.Host.Access;
using Ballast.Host.Options;
using Ballast.Host.Tests.Web;

namespace Ballast.Host.Tests.Access;

/// <summary>A host with a folder of its own, and keys of every role in it.</summary>
public sealed class AccessHost : IAsyncLifetime
{
    private static int _addresses;
    private readonly Dictionary<string, string> _keys = [];
    private readonly RestHost _host;

    public AccessHost()
        : this(o => o, withKeys: true)
    {
    }

    internal AccessHost(Func<SiteOptions, SiteOptions> change, bool withKeys)
    {
        Folder = Directory.CreateTempSubdirectory("ballast-access-").FullName;
        File = new ApiKeyFile(Folder);
        if (withKeys)
        {
            foreach (string role in AccessRoles.Names.Keys)
            {
                _keys[role] = Make("key-" + role, role);
            }
        }

        _host = new RestHost { Change = o => change(o with { StateDir = Folder }) };
    }

    internal string Folder { get; }

    internal ApiKeyFile File { get; }

    internal RestHost Rest => _host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The key of a role; "" sends none.</summary>
    internal string Key(string role) => role.Length == 0 ? "" : _keys[role];

    /// <summary>Makes another key, as `ballast apikey create` does beside the host.</summary>
    internal string Make(string name, string role, TimeSpan? lasts = null)
    {
        File.Add(name, AccessRoles.Names[role], DateTimeOffset.UtcNow, lasts is { } t ? DateTimeOffset.UtcNow + t : null, out string text);
        return text;
    }

    /// <summary>Sends a request with a key; "" sends none. With headOnly it does not wait for the content, which may have no end.</summary>
    internal Task<HttpResponseMessage> Send(string key, string method, string path, string? body = null, bool headOnly = false, string? from = null)
        => Send(method, path, body, request => Authorize(request, key), headOnly, from);

    /// <summary>Sends a request. Each comes from an address of its own on this machine unless it names one, so that wrong keys of one test do not shut out another's.</summary>
    internal async Task<HttpResponseMessage> Send(string method, string path, string? body, Action<HttpRequestMessage> change, bool headOnly = false, string? from = null)
    {
        using HttpClient client = Client(from ?? NextAddress());
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        change(request);
        return await client.SendAsync(request, headOnly ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, Stop);
    }

    /// <summary>A browser without a memory for cookies, at an address of this machine.</summary>
    internal HttpClient Client(string from) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
        ConnectCallback = async (context, stop) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = _host.Http.BaseAddress };

    /// <summary>Waits for something that the host does in the background.</summary>
    internal static async Task Until(Func<Task<bool>> good, string what)
    {
        for (int i = 0; !await good(); i++)
        {
            Assert.True(i < 3_000, "waited in vain for " + what);
            await Task.Delay(50, Stop);
        }
    }

    internal static void Authorize(HttpRequestMessage request, string key)
    {
        if (key.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    private static string NextAddress()
    {
        int n = Interlocked.Increment(ref _addresses);
        return "127.1." + (n / 250 % 250) + "." + ((n % 250) + 1);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
