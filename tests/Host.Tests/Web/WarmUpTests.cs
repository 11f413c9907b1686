using System.Net;
using Ballast.Host.Access;
using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Access;
using Ballast.Host.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Web;

/// <summary>The host tries the way of a limit before the first one comes, and nobody can tell that it did.</summary>
public sealed class WarmUpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preview_is_asked_for_with_or_without_keys_and_changes_and_counts_nothing(bool withKeys)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ballast-warm-");
        try
        {
            if (withKeys)
            {
                new ApiKeyFile(folder.FullName).Add("somebody", AccessRole.Viewer, DateTimeOffset.UtcNow, null, out _);
            }

            await using RestHost host = new() { Change = o => o with { StateDir = folder.FullName } };
            await host.InitializeAsync();
            HttpResponseMessage answer = await host.Post("/api/limits/preview", "{}");
            Assert.Equal(withKeys ? HttpStatusCode.Unauthorized : HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            WarmUp warm = host.Services.GetRequiredService<WarmUp>();
            await AccessHost.Until(() => Task.FromResult(warm.Done), "the host to have tried a preview");
            Assert.Equal(HostPhase.Leading, host.Core.Dispatcher.Phase);
            Assert.Empty(await host.Core.Ask(c => c.Context.Limits.All.ToList()));
            Assert.All(host.Core.Context.Counts.LimitRequests, n => Assert.Equal(0, n));
            Assert.Empty(host.Journal.Load().Limits);
            Assert.Equal(0, host.Core.HandlerFailures);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_host_that_does_not_lead_yet_goes_on_without_it()
    {
        await using RestHost host = new() { SilentBoard = true };
        await host.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Send("GET", "/health")).StatusCode);
        Assert.False(host.Services.GetRequiredService<WarmUp>().Done);
    }
}
