using System.Net;
using Ballast.Host.Access;
using Ballast.Host.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Web;

/// <summary>The host sends itself a request before it says that it is ready, and nobody can tell that it did.</summary>
public sealed class WarmUpTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_is_sent_with_or_without_keys_and_changes_and_counts_nothing(bool withKeys)
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
            Assert.True(host.Services.GetRequiredService<WarmUp>().Done);
            HttpResponseMessage answer = await host.Post("/api/limits/preview", "{}");
            Assert.Equal(withKeys ? HttpStatusCode.Unauthorized : HttpStatusCode.UnprocessableEntity, answer.StatusCode);
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
    public async Task A_host_that_collects_is_warm_and_not_ready()
    {
        await using RestHost host = new() { SilentBoard = true };
        await host.InitializeAsync();
        Assert.True(host.Services.GetRequiredService<WarmUp>().Done);
        Assert.Equal(HttpStatusCode.OK, (await host.Send("GET", "/health")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Send("GET", "/health/ready")).StatusCode);
    }
}
