using Ballast.Virtual.Bench;

namespace Ballast.Browser;

/// <summary>A real host with 30,000 boards that only speak.</summary>
public sealed class Crowd : IAsyncLifetime
{
    /// <summary>Boards.</summary>
    public const int Boards = 30_000;

    /// <summary>Pods that they hang in.</summary>
    public const int Pods = 60;

    private const int TelemetryPerS = 1_500;

    private readonly VirtualCrowd _crowd = new(Boards, Pods, mixed: true);

    /// <summary>Address of the page.</summary>
    public Uri Page => _crowd.Page!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await _crowd.StartAsync(TelemetryPerS, TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _crowd.Dispose();
        return ValueTask.CompletedTask;
    }
}
