using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Site;

/// <summary>The grid side of a virtual site: it asks the host for limits over REST, as an operator's system would.</summary>
public sealed class HostClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Talks to a host.</summary>
    public HostClient(Uri host) => _http = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Sets a limit on the whole site.</summary>
    /// <returns>The id under which it can be released.</returns>
    /// <exception cref="DemoException">The host refused it.</exception>
    public async Task<string> SetLimitAsync(long limitW, GridClass gridClass, string reason, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/limits")
        {
            Content = JsonContent.Create(new Dictionary<string, object>
            {
                ["op"] = "set",
                ["class"] = GridClasses.Name(gridClass),
                ["node"] = "site",
                ["limitW"] = limitW,
                ["reason"] = reason,
            }),
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using HttpResponseMessage answer = await _http.SendAsync(request, stop);
        string body = await answer.Content.ReadAsStringAsync(stop);
        if (!answer.IsSuccessStatusCode)
            throw new DemoException($"The host refused the limit of {limitW} W ({(int)answer.StatusCode}): {body}");
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("id").ToString();
    }

    /// <summary>Releases a limit.</summary>
    /// <exception cref="DemoException">The host refused.</exception>
    public async Task ReleaseAsync(string id, CancellationToken stop)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(new Uri($"api/limits/{Uri.EscapeDataString(id)}", UriKind.Relative), stop);
        if (!answer.IsSuccessStatusCode)
            throw new DemoException($"The host refused to release the limit ({(int)answer.StatusCode}): {await answer.Content.ReadAsStringAsync(stop)}");
    }

    /// <summary>Reads a page of the REST interface as JSON.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken stop)
        => JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), stop));

    /// <summary>Closes connections.</summary>
    public void Dispose() => _http.Dispose();
}
