using System.Text;
using Ballast.Host.Logs;

namespace Ballast.Host.Web;

/// <summary>
/// Sends one request through this host's own web server once it listens and before it says that it is ready, inside the process: routes,
/// handlers and the door are put together at the first request. It is a preview that names no watts, so it is refused and changes nothing.
/// </summary>
internal sealed class WarmUp(IServiceProvider services, ILogger<WarmUp> logger) : WhenListening
{
    private RequestDelegate? _requests;
    private volatile bool _done;

    /// <summary>True once it was sent, whatever came of it.</summary>
    internal bool Done => _done;

    /// <summary>Remembers what requests go through.</summary>
    internal RequestDelegate Behind(RequestDelegate next) => _requests = next;

    /// <inheritdoc/>
    public override async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using AsyncServiceScope scope = services.CreateAsyncScope();
            DefaultHttpContext http = new() { RequestServices = scope.ServiceProvider };
            http.Request.Method = HttpMethods.Post;
            http.Request.Scheme = Uri.UriSchemeHttps;
            http.Request.Path = "/api/limits/preview";
            http.Request.ContentType = "application/json";
            http.Request.Body = new MemoryStream(Encoding.ASCII.GetBytes("{}"));
            using MemoryStream answer = new();
            http.Response.Body = answer;
            await _requests!(http);
        }
        catch (Exception error)
        {
            // The first limit then takes as long as without this.
            HostLog.NotWarm(logger, error);
        }

        _done = true;
    }
}
