using System.Text.Json;
using System.Threading.Channels;
using Ballast.Host.Dispatch;
using Ballast.Host.Signals;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Ballast.Host.Web;

/// <summary>What the live stream says each second: the site as /api/site, headroom, tree, sources and breaker requests as their own addresses have them.</summary>
/// <param name="Site">The site.</param>
/// <param name="Headroom">What the grid side may count on.</param>
/// <param name="Sources">All sources.</param>
/// <param name="Breakers">Breaker requests of this run, the newest last.</param>
/// <param name="Ledger">Head of the ledger, segment/number/hash.</param>
/// <param name="Tree">What holds where; each fifth second, and at once when orders or limits have changed or somebody begins to watch. Null in between: nothing new.</param>
internal sealed record LiveView(
    SiteView Site, HeadroomView Headroom, IReadOnlyList<SourceView> Sources, IReadOnlyList<BreakerView> Breakers, string Ledger, TreeView? Tree);

/// <summary>
/// Takes one picture of the site each second and hands it to all viewers. However many watch, the loop that sheds load is asked once; text is
/// made once and off that loop. While nobody watches it only takes the sample of the history. A loop that stands sends nothing: viewers then
/// see that their values are old.
/// </summary>
internal sealed class LiveHub(HostCore core, TimeProvider time, IOptions<JsonOptions> json, ILogger<LiveHub> logger) : BackgroundService
{
    /// <summary>Viewers at once; one more is told to come back.</summary>
    internal const int MostViewers = 200;

    /// <summary>Pictures that may wait for a slow viewer; then he is dropped, and his browser comes back.</summary>
    internal const int MostWaiting = 5;

    private const int TreeEvery = 5;

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<byte[]>> _viewers = [];
    private int _sinceTree;
    private volatile bool _treeWanted;
    private (long Orders, int Limits) _treeOf;

    /// <summary>What the site did lately.</summary>
    internal LiveHistory History { get; } = new();

    /// <summary>Viewers now.</summary>
    internal int Viewers
    {
        get
        {
            lock (_lock)
            {
                return _viewers.Count;
            }
        }
    }

    /// <summary>A new viewer's pictures, or null if there are too many viewers. The channel is completed when he is dropped.</summary>
    internal Channel<byte[]>? Join()
    {
        Channel<byte[]> viewer = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
        lock (_lock)
        {
            if (_viewers.Count >= MostViewers)
            {
                return null;
            }

            _viewers.Add(viewer);
            _treeWanted = true;
        }

        return viewer;
    }

    /// <summary>Forgets a viewer.</summary>
    internal void Leave(Channel<byte[]> viewer)
    {
        lock (_lock)
        {
            _viewers.Remove(viewer);
        }
    }

    /// <summary>Takes the picture of a second and hands it out.</summary>
    internal async Task Second()
    {
        bool watched = Viewers > 0;
        (LiveSample? sample, LiveView? view) = await core.Ask(c => (Sample(c), watched ? Take(c) : null));
        if (sample is { } taken)
        {
            History.Add(taken);
        }

        if (view is not null)
        {
            HandOut(Text(view));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await Second().WaitAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    logger.LogError(error, "The live picture could not be taken");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is being stopped.
        }
    }

    // Nothing before the first decision, which would be a zero that was never measured.
    private static LiveSample? Sample(HostCore core)
    {
        DispatchPicture picture = core.Dispatcher.Picture;
        return picture.AtMs == 0 ? null : new LiveSample(
            core.Context.Clock.UtcSeconds,
            picture.Cap.Holds ? (float)picture.Cap.W : float.NaN,
            (float)(picture.FloorW + picture.OrderedW),
            (float)picture.MeterW,
            picture.MeterConfigured && picture.MeterFresh);
    }

    private LiveView Take(HostCore core)
    {
        (long, int) treeOf = (core.Dispatcher.Picture.OrderChanges, core.Context.Limits.Open.Count());
        bool tree = ++_sinceTree >= TreeEvery || treeOf != _treeOf || _treeWanted;
        if (tree)
        {
            _treeWanted = false;
            _sinceTree = 0;
            _treeOf = treeOf;
        }

        return new LiveView(
            ViewMaker.Site(core),
            GridApi.Headroom(core),
            [.. core.Sources.All.Select(s => s.View())],
            [.. core.Dispatcher.Breakers.All.Select(BreakerApi.View)],
            core.Context.Journal.Head.ToString(),
            tree ? GridApi.Tree(core) : null);
    }

    // The form of server-sent events: the time as the id, one line of data, an empty line.
    private byte[] Text(LiveView view)
    {
        using MemoryStream text = new();
        text.Write("event: live\ndata: "u8);
        JsonSerializer.Serialize(text, view, json.Value.SerializerOptions);
        text.Write("\n\n"u8);
        return text.ToArray();
    }

    private void HandOut(byte[] text)
    {
        lock (_lock)
        {
            _viewers.RemoveWhere(viewer =>
            {
                bool slow = !viewer.Writer.TryWrite(text);
                if (slow)
                {
                    viewer.Writer.TryComplete();
                }

                return slow;
            });
        }
    }
}
