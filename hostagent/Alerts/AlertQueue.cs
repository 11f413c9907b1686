using System.Threading.Channels;

namespace Ballast.Host.Alerts;

/// <summary>What a channel has done, for people.</summary>
/// <param name="Id">Channel.</param>
/// <param name="Queued">Messages that wait.</param>
/// <param name="Delivered">Messages that arrived.</param>
/// <param name="Failed">Messages given up.</param>
/// <param name="Dropped">Messages dropped because too many waited.</param>
/// <param name="LastTry">When it was last tried, or null.</param>
/// <param name="LastSaid">What came of that, or "".</param>
public sealed record ChannelView(string Id, int Queued, long Delivered, long Failed, long Dropped, DateTimeOffset? LastTry, string LastSaid);

/// <summary>
/// Messages on their way over one channel: at most 100 wait, the oldest are dropped first. A failed try is made again with growing waits,
/// for about an hour; then the message is given up. Runs beside the loop, which never waits for it.
/// </summary>
internal sealed class AlertQueue : IDisposable
{
    internal const int MostWaiting = 100;
    internal const int MostTries = 64;

    private readonly IAlertChannel _channel;
    private readonly TimeProvider _time;
    private readonly Func<int, TimeSpan> _wait;
    private readonly Action<string, Delivery?> _tell;
    private readonly Channel<AlertMessage> _messages;
    private long _delivered;
    private long _failed;
    private long _dropped;
    private ChannelView _last;

    /// <param name="channel">The way; disposed with this.</param>
    /// <param name="time">Wall clock.</param>
    /// <param name="tell">Hears of each result by name: delivered, failed, dropped, again.</param>
    /// <param name="wait">Wait after a failed try, by its number from 0; null waits 1 s, 2 s, 4 s … 60 s, each up to a fifth longer.</param>
    internal AlertQueue(IAlertChannel channel, TimeProvider time, Action<string, Delivery?> tell, Func<int, TimeSpan>? wait = null)
    {
        _channel = channel;
        _time = time;
        _tell = tell;
        _wait = wait ?? (tried => TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(tried, 6))) * (1 + (Random.Shared.NextDouble() / 5))));
        _last = new ChannelView(channel.Id, 0, 0, 0, 0, null, "");
        _messages = Channel.CreateBounded<AlertMessage>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ =>
            {
                Interlocked.Increment(ref _dropped);
                _tell("dropped", null);
            });
    }

    internal string Id => _channel.Id;

    internal ChannelView View => _last with
    {
        Queued = _messages.Reader.Count,
        Delivered = Volatile.Read(ref _delivered),
        Failed = Volatile.Read(ref _failed),
        Dropped = Volatile.Read(ref _dropped),
    };

    /// <summary>Puts a message in; never waits.</summary>
    internal void Put(AlertMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Tries once, beside the queue: for a test that somebody waits for.</summary>
    internal async Task<Delivery> Try(AlertMessage message, CancellationToken stop)
    {
        Delivery delivery;
        try
        {
            delivery = await _channel.Send(message, stop);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A way to people must not end because a library threw what nobody thought of.
            delivery = new Delivery(false, true, "An error of the host: " + error.GetType().Name + ": " + error.Message);
        }

        _last = _last with { LastTry = _time.GetUtcNow(), LastSaid = delivery.Sentence };
        return delivery;
    }

    /// <summary>Delivers until the host stops.</summary>
    internal async Task Run(CancellationToken stop)
    {
        await foreach (AlertMessage message in _messages.Reader.ReadAllAsync(stop))
        {
            await Deliver(message, stop);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task Deliver(AlertMessage message, CancellationToken stop)
    {
        for (int tried = 0; ; tried++)
        {
            Delivery delivery = await Try(message, stop);
            if (delivery.Good)
            {
                Interlocked.Increment(ref _delivered);
                _tell("delivered", delivery);
                return;
            }

            if (!delivery.Again || tried + 1 >= MostTries)
            {
                Interlocked.Increment(ref _failed);
                _tell("failed", delivery);
                return;
            }

            _tell("again", delivery);
            await Task.Delay(_wait(tried), stop);
        }
    }
}
