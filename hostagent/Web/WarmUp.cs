using System.Text;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Logs;

namespace Ballast.Host.Web;

/// <summary>
/// Asks for a preview once the host listens and once it leads, inside the process, so that the runtime has compiled the way of a limit
/// before the first real one comes. A preview changes nothing; nobody waits for this, and what fails here is only told for debugging.
/// </summary>
internal sealed class WarmUp(HostCore core, IHostApplicationLifetime lifetime, IServiceProvider services, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private RequestDelegate? _requests;

    /// <summary>True once a preview was answered as a leading host answers it.</summary>
    internal bool Done { get; private set; }

    /// <summary>Remembers what requests go through.</summary>
    internal RequestDelegate Behind(RequestDelegate next) => _requests = next;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            await Preview();
            while (!Done)
            {
                await Task.Delay(LookEvery, time, stoppingToken);
                if (await core.Ask(c => c.Dispatcher.Phase).WaitAsync(stoppingToken) == HostPhase.Leading)
                {
                    await Preview();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is being stopped.
        }
        catch (Exception error)
        {
            // The first limit then takes as long as without this.
            HostLog.NotWarm(logger, error);
        }
    }

    // First as a stranger through the door, whatever the door says; then at the operation itself, in case that the door wants a key.
    private async Task Preview()
    {
        Endpoint preview = services.GetRequiredService<EndpointDataSource>().Endpoints.First(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == "previewLimit");
        int status = await Send(preview, _requests!, null);
        if (status == StatusCodes.Status401Unauthorized)
        {
            status = await Send(preview, preview.RequestDelegate!, new Identity(WhoMayWhat.OfSource(WhoMayWhat.RestSource, mayRaise: false), null));
        }

        Done = status == StatusCodes.Status200OK;
    }

    private async Task<int> Send(Endpoint endpoint, RequestDelegate way, Identity? who)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        DefaultHttpContext http = new() { RequestServices = scope.ServiceProvider };
        http.Request.Method = HttpMethods.Post;
        http.Request.Scheme = Uri.UriSchemeHttps;
        http.Request.Path = "/api/limits/preview";
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(Encoding.ASCII.GetBytes("{\"class\":\"economic\",\"limitW\":1,\"test\":true}"));
        using MemoryStream answer = new();
        http.Response.Body = answer;
        http.SetEndpoint(endpoint);
        if (who is not null)
        {
            http.Features.Set(who);
        }

        await way(http);
        return http.Response.StatusCode;
    }
}
