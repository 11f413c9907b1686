using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Options;

namespace Ballast.Host.Alerts;

/// <summary>Posts messages as JSON to an address of the configuration.</summary>
internal sealed class WebhookChannel : IAlertChannel
{
    private readonly WebhookSection _section;
    private readonly HttpClient _http;

    internal WebhookChannel(WebhookSection section)
    {
        _section = section;

        // A redirect would carry token and signature to somebody else.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false })
        {
            Timeout = TimeSpan.FromSeconds(section.TimeoutS),
        };
    }

    public string Id => _section.Id;

    public async Task<Delivery> Send(AlertMessage message, CancellationToken cancel)
    {
        byte[] body = message.ToJson();
        using HttpRequestMessage request = new(HttpMethod.Post, _section.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("Ballast");
        request.Headers.Add("X-Ballast-Delivery", message.Id);
        if (_section.Secret is { } secret)
        {
            request.Headers.Add("X-Ballast-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        }

        if (_section.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            int status = (int)answer.StatusCode;
            string said = "The receiver answered " + status.ToString(CultureInfo.InvariantCulture);
            return status is >= 200 and < 300 ? new Delivery(true, false, said + ".")
                : status is 408 or 425 or 429 or >= 500 ? new Delivery(false, true, said + ".")
                : new Delivery(false, false, said + ": check url, token and secret of webhook " + Id + ".");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Delivery(false, true, "The receiver did not answer within " + _section.TimeoutS.ToString(CultureInfo.InvariantCulture) + " s.");
        }
        catch (HttpRequestException error)
        {
            return new Delivery(false, true, "The receiver cannot be reached: " + error.Message.TrimEnd('.') + ".");
        }
    }

    public void Dispose() => _http.Dispose();
}
