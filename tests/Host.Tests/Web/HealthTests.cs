using Ballast.Host.Dispatch;

namespace Ballast.Host.Tests.Web;

/// <summary>What /health, /health/ready and /health/active answer in each state of the host.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly RestHost _host = new();

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => _host.InitializeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Leading_is_ready_and_active()
        => Assert.Equal((200, 200, 200), await Ask());

    [Fact]
    public async Task Passive_is_ready_and_not_active()
    {
        await _host.Core.Ask(c =>
        {
            c.Dispatcher.Command(lead: false);
            return 0;
        });
        Assert.Equal(HostPhase.Passive, await _host.Core.Ask(c => c.Dispatcher.Phase));
        Assert.Equal((200, 200, 503), await Ask());
    }

    [Fact]
    public async Task Collecting_is_neither_ready_nor_active()
    {
        RestHost silent = new() { SilentBoard = true };
        await silent.InitializeAsync();
        try
        {
            // The loop has a thread of its own: the time only bounds a failure.
            for (int i = 0; i < 20_000 && await silent.Core.Ask(c => c.Dispatcher.Phase) == HostPhase.Offline; i++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            Assert.Equal(HostPhase.Collecting, await silent.Core.Ask(c => c.Dispatcher.Phase));
            Assert.Equal((200, 503, 503), await Ask(silent));
        }
        finally
        {
            await silent.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_a_broker_it_is_not_ready()
    {
        _host.Connected = false;
        Assert.Equal((200, 503, 200), await Ask());
        _host.Connected = true;
        Assert.Equal((200, 200, 200), await Ask());
    }

    [Fact]
    public async Task A_loop_that_stands_is_said_instead_of_waited_for()
    {
        using ManualResetEventSlim go = new();
        Task<int> stall = _host.Core.Ask(_ =>
        {
            go.Wait(TestContext.Current.CancellationToken);
            return 0;
        });
        try
        {
            Assert.Equal((503, 503, 503), await Ask());
            HttpResponseMessage answer = await _host.Send("GET", "/health/active");
            Assert.Contains("loop has not come round", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        finally
        {
            go.Set();
        }

        await stall;
        Assert.Equal((200, 200, 200), await Ask());
    }

    private Task<(int Health, int Ready, int Active)> Ask() => Ask(_host);

    private static async Task<(int Health, int Ready, int Active)> Ask(RestHost host)
    {
        HttpResponseMessage[] answers = await Task.WhenAll(host.Send("GET", "/health"), host.Send("GET", "/health/ready"), host.Send("GET", "/health/active"));
        return ((int)answers[0].StatusCode, (int)answers[1].StatusCode, (int)answers[2].StatusCode);
    }
}
