using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Ballast.Host.Tests.Web;
using Ballast.Host.Web;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ballast.Host.Tests.Page;

/// <summary>One picture a second for all viewers: the loop that sheds load does nothing for each of them.</summary>
public sealed class LiveHubTests : IClassFixture<RestHost>, IDisposable
{
    private readonly RestHost _host;
    private readonly LiveHub _hub;

    public LiveHubTests(RestHost host)
    {
        _host = host;
        _hub = new LiveHub(host.Core, TimeProvider.System, Microsoft.Extensions.Options.Options.Create(new JsonOptions()), NullLogger<LiveHub>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task All_viewers_get_the_very_same_picture()
    {
        Channel<byte[]>[] viewers = [_hub.Join()!, _hub.Join()!, _hub.Join()!];
        await _hub.Second();
        byte[] first = await viewers[0].Reader.ReadAsync(Stop);
        Assert.All(viewers[1..], v => Assert.True(v.Reader.TryRead(out byte[]? same) && ReferenceEquals(first, same)));
        JsonElement picture = Read(first);
        Assert.Equal(4, picture.GetProperty("site").GetProperty("boards").GetProperty("total").GetInt32());
        Assert.Equal("rest", picture.GetProperty("sources")[0].GetProperty("id").GetString());
        Assert.Equal(3, picture.GetProperty("headroom").GetProperty("shed").GetArrayLength());
    }

    [Fact]
    public async Task The_tree_comes_with_the_first_picture_of_a_viewer_and_each_fifth()
    {
        Channel<byte[]> viewer = _hub.Join()!;
        List<bool> trees = [];
        for (int i = 0; i < 11; i++)
        {
            await _hub.Second();
            trees.Add(Read(await viewer.Reader.ReadAsync(Stop)).GetProperty("tree").ValueKind == JsonValueKind.Object);
        }

        Assert.True(trees[0]);
        Assert.Equal(3, trees.Count(t => t));
    }

    [Fact]
    public async Task A_slow_viewer_is_dropped_and_the_others_go_on()
    {
        Channel<byte[]> slow = _hub.Join()!;
        Channel<byte[]> fast = _hub.Join()!;
        for (int i = 0; i <= LiveHub.MostWaiting; i++)
        {
            await _hub.Second();
            await fast.Reader.ReadAsync(Stop);
        }

        Assert.Equal(1, _hub.Viewers);
        int left = 0;
        await foreach (byte[] _ in slow.Reader.ReadAllAsync(Stop))
        {
            left++;
        }

        Assert.Equal(LiveHub.MostWaiting, left);
        await _hub.Second();
        Assert.True(fast.Reader.TryRead(out _));
    }

    [Fact]
    public void There_are_never_more_viewers_than_it_serves()
    {
        List<Channel<byte[]>> viewers = [.. Enumerable.Range(0, LiveHub.MostViewers).Select(_ => _hub.Join()!)];
        Assert.DoesNotContain(null, viewers);
        Assert.Null(_hub.Join());
        _hub.Leave(viewers[7]);
        Assert.NotNull(_hub.Join());
    }

    [Fact]
    public async Task While_nobody_watches_only_the_history_grows()
    {
        await _hub.Second();
        Channel<byte[]> late = _hub.Join()!;
        Assert.False(late.Reader.TryRead(out _));
        Assert.Single(_hub.History.View(900).At);
    }

    [Fact]
    public async Task The_stream_speaks_the_form_of_server_sent_events()
    {
        using HttpResponseMessage answer = await _host.Http.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(Stop));
        Assert.StartsWith("retry: ", await reader.ReadLineAsync(Stop), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync(Stop));
        Assert.Equal("event: live", await reader.ReadLineAsync(Stop));
        string data = (await reader.ReadLineAsync(Stop))!;
        Assert.Equal("", await reader.ReadLineAsync(Stop));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(data["data: ".Length..]).RootElement.GetProperty("site").ValueKind);
    }

    private static JsonElement Read(byte[] text)
    {
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        Assert.Equal("event: live", lines[0]);
        return JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement;
    }
}
