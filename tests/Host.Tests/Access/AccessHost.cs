using System.Net.Http.Headers;
using System.Text;
using Ballast.Host.Access;
using Ballast.Host.Options;
using Ballast.Host.Tests.Web;

namespace Ballast.Host.Tests.Access;

/// <summary>A host with a folder of its own, and keys of every role in it.</summary>
public sealed class AccessHost : IAsyncLifetime
{
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

    /// <summary>Sends a request with a key; "" sends none.</summary>
    internal Task<HttpResponseMessage> Send(string key, string method, string path, string? body = null, bool headOnly = false) => Send(
        method,
        path,
        body,
        request =>
        {
            if (key.Length > 0)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }
        },
        headOnly);

    /// <summary>Sends a request; with headOnly it does not wait for the content, which may have no end.</summary>
    internal async Task<HttpResponseMessage> Send(string method, string path, string? body, Action<HttpRequestMessage> change, bool headOnly = false)
    {
        using HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = _host.Http.BaseAddress };
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        change(request);
        return await client.SendAsync(request, headOnly ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, Stop);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
