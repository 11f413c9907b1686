using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Keys;

/// <summary>A running host's part of the work on keys, over REST.</summary>
public sealed class KeyService : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Talks to a host.</summary>
    /// <param name="host">Its address.</param>
    /// <param name="apiKeyFile">File with an API key of role admin, or null if the host asks for none.</param>
    /// <exception cref="IOException">The file cannot be used; the message is one sentence.</exception>
    public KeyService(Uri host, string? apiKeyFile)
    {
        _http = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromSeconds(10) };
        if (apiKeyFile is null)
            return;
        if (!File.Exists(apiKeyFile))
            throw new IOException($"There is no file {apiKeyFile}.");
        if (PrivateFile.IsShared(apiKeyFile))
            throw new IOException($"{apiKeyFile} holds an API key and others may read it: chmod 600 {apiKeyFile}.");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(apiKeyFile).Trim());
    }

    /// <summary>Asks for a rotation, a revocation or a swap.</summary>
    /// <returns>Null if the host took it, else its sentence.</returns>
    /// <exception cref="IOException">The host does not answer; the message is one sentence.</exception>
    public string? Ask(string verb, string node, string reason)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"api/keys/{verb}", UriKind.Relative)) { Content = JsonContent.Create(new { node, reason }) };
            using HttpResponseMessage answer = _http.Send(request);
            if (answer.IsSuccessStatusCode)
                return null;
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            string text = reader.ReadToEnd();
            return Detail(text) ?? $"The host at {_http.BaseAddress} answered {(int)answer.StatusCode}.";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new IOException($"The host does not answer at {_http.BaseAddress}: start it, name its address with --url, or, while it does not run, work on the store with --offline.", e);
        }
    }

    /// <summary>Ends connections.</summary>
    public void Dispose() => _http.Dispose();

    private static string? Detail(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("detail").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
