using Ballast.Host.Dispatch;
using Ballast.Host.Logs;
using Ballast.Host.Metrics;
using Ballast.Host.Options;

namespace Ballast.Host.Alerts;

/// <summary>
/// Looks once a second at the alarms that the loop has published, and tells people. It has threads of its own: a loop that stands is told
/// too, and no receiver that hangs holds anything up.
/// </summary>
public sealed class AlertService : BackgroundService
{
    /// <summary>A loop that has not come round for this long stands, ms.</summary>
    public const long StallMs = 5000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CertificatesEvery = TimeSpan.FromHours(1);

    private readonly HostCore _core;
    private readonly SiteOptions _options;
    private readonly TimeProvider _time;
    private readonly HostMeter _meter;
    private readonly ILogger _logger;
    private readonly List<AlertQueue> _queues = [];
    private DateTimeOffset? _stalledSince;

    /// <summary>Makes the channels of the configuration; nothing is sent before it runs.</summary>
    public AlertService(SiteOptions options, HostCore core, HostMeter meter, TimeProvider time, ILogger<AlertService> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(core);
        (_core, _options, _time, _meter, _logger) = (core, options, time, meter, logger);
        Book = new AlertBook(options.Site, options.HostId, options.Alerts);
        List<IAlertChannel> channels = [.. options.Alerts.Webhooks.Select(w => new WebhookChannel(w))];
        if (options.Alerts.Mail is { } mail)
        {
            channels.Add(new MailChannel(mail));
        }

        foreach (IAlertChannel channel in channels)
        {
            _queues.Add(new AlertQueue(channel, time, (result, delivery) => Note(channel.Id, result, delivery)));
        }
    }

    /// <summary>What is followed and told.</summary>
    internal AlertBook Book { get; }

    /// <summary>The channels.</summary>
    internal IReadOnlyList<ChannelView> Channels => [.. _queues.Select(q => q.View)];

    /// <summary>Tries channels, once each and all at the same time.</summary>
    /// <param name="channel">One channel, or null for all.</param>
    /// <param name="stop">Ends the tries.</param>
    /// <returns>What came of each; empty if there is none.</returns>
    internal async Task<IReadOnlyList<(string Id, Delivery Delivery)>> Test(string? channel, CancellationToken stop)
    {
        AlertMessage message = Book.Trial(_time.GetUtcNow());
        return await Task.WhenAll(_queues.Where(q => channel is null || q.Id == channel).Select(async q => (q.Id, await q.Try(message, stop))));
    }

    /// <summary>One look at the alarms.</summary>
    internal void Step()
    {
        IEnumerable<Alarm> alarms = _core.ActiveAlarms;
        if (_core.LoopAgeMs > StallMs)
        {
            if (_stalledSince is null)
            {
                HostLog.LoopStands(_logger, _core.LoopAgeMs / 1000);
            }

            _stalledSince ??= _time.GetUtcNow();
            alarms = alarms.Append(new Alarm(
                "loop-stall", "The host's loop has not come round for more than 5 s: nothing is steered, and boards fall to failsafe when their leases end. Restart the host if this lasts.", _stalledSince.Value, true));
        }
        else
        {
            _stalledSince = null;
        }

        if (Book.Step(alarms, _core.Context.Clock.NowMs, _time.GetUtcNow()) is { } message)
        {
            _queues.ForEach(q => q.Put(message));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Task[] queues = [.. _queues.Select(q => q.Run(stoppingToken)), Watch(stoppingToken)];
        using PeriodicTimer timer = new(Every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    Step();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // Telling people must not end the host that sheds load.
                    HostLog.Failed(_logger, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is being stopped.
        }

        await Task.WhenAll(queues).ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _queues.ForEach(q => q.Dispose());
        base.Dispose();
    }

    // Certificates are read beside the loop: a file server that hangs, or a broker, must not hold it.
    private async Task Watch(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _core.Certificates = await CertificateWatch.Read(_options, stop);
            await Task.Delay(CertificatesEvery, _time, stop);
        }
    }

    private void Note(string channel, string result, Delivery? delivery)
    {
        if (result != "again")
        {
            _meter.AlertMessages.Add(1, new KeyValuePair<string, object?>("channel", channel), new KeyValuePair<string, object?>("result", result));
        }

        if (result == "delivered")
        {
            HostLog.AlertDelivered(_logger, channel);
        }
        else
        {
            HostLog.AlertFailed(_logger, channel, result, delivery?.Sentence ?? "Too many messages wait.");
        }

        _ = _core.Ask(c =>
        {
            c.Context.Alarms.Set(result != "delivered", "alerts", "Alerts cannot be delivered over " + channel + ": " + delivery?.Sentence, channel);
            return true;
        });
    }
}
