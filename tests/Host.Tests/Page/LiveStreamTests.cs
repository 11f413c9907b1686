using System.Text;
using System.Threading.Channels;
using Ballast.Host.Web;

namespace Ballast.Host.Tests.Page;

/// <summary>How a stream of pictures begins and ends.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private readonly Channel<byte[]> _pictures = Channel.CreateUnbounded<byte[]>();
    private readonly MemoryStream _body = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public void Dispose() => _body.Dispose();

    private string Said => Encoding.UTF8.GetString(_body.ToArray());

    [Fact]
    public async Task A_stream_whose_time_is_up_says_so_after_its_last_picture()
    {
        using CancellationTokenSource timeUp = new();
        Task written = LiveApi.Write(_pictures.Reader, _body, timeUp.Token, Stop);
        await _pictures.Writer.WriteAsync("event: live\ndata: 1\n\n"u8.ToArray(), Stop);
        await timeUp.CancelAsync();
        await written;
        Assert.StartsWith("retry: 1000\n\n", Said, StringComparison.Ordinal);
        Assert.EndsWith("event: end\ndata: {}\n\n", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_who_is_dropped_or_gone_is_told_nothing_more()
    {
        _pictures.Writer.Complete();
        await LiveApi.Write(_pictures.Reader, _body, CancellationToken.None, Stop);
        using CancellationTokenSource gone = new();
        Task written = LiveApi.Write(Channel.CreateUnbounded<byte[]>().Reader, _body, CancellationToken.None, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => written);
        Assert.DoesNotContain("event: end", Said, StringComparison.Ordinal);
    }
}
