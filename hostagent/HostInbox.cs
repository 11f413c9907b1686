using System.Diagnostics;
using System.Threading.Channels;

namespace Ballast.Host;

/// <summary>Where a piece of work waits for the host's loop.</summary>
internal enum Lane
{
    /// <summary>Requests of people and systems, and what parts of the host hand to the loop. Done first.</summary>
    Asks,

    /// <summary>Signed limits of the grid side. Done next.</summary>
    Signals,

    /// <summary>What boards and hosts say once, and links that come and go.</summary>
    Words,

    /// <summary>Readings of meters and surpluses: only the newest counts.</summary>
    Readings,

    /// <summary>Telemetry: the next one says it again.</summary>
    Telemetry,
}

/// <summary>A message or something to do.</summary>
/// <param name="Topic">Topic, or null for something to do.</param>
/// <param name="Payload">Payload of a message.</param>
/// <param name="Retained">True if the broker kept it.</param>
/// <param name="Action">What to do, or null for a message.</param>
internal readonly record struct Work(byte[]? Topic, byte[]? Payload, bool Retained, Action? Action)
{
    /// <summary>When it was put in, a timestamp of <see cref="Stopwatch"/>.</summary>
    internal long At { get; init; }
}

/// <summary>
/// What waits for the host's loop. Requests and signed limits never wait behind what boards say (F29), and every lane but the requests' is
/// bounded: when telemetry or readings pile up, the oldest go; when the others do, the newest (F30). Within one lane, and among words,
/// readings and telemetry, the order of arrival holds.
/// </summary>
/// <param name="boards">Boards of the site: the bounds go with them.</param>
internal sealed class HostInbox(int boards)
{
    /// <summary>Most requests, and most signals, that one round takes: neither may keep the loop from its own work.</summary>
    internal const int MostUrgent = 500;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, Work Work)>[] _lanes = [new(), new(), new(), new(), new()];
    private readonly long[] _dropped = new long[5];
    private long _number;
    private bool _closed;

    /// <summary>Work that waits in a lane.</summary>
    internal int Waiting(Lane lane)
    {
        lock (_gate)
        {
            return _lanes[(int)lane].Count;
        }
    }

    /// <summary>Messages of a lane that were given up since the start.</summary>
    internal long Dropped(Lane lane)
    {
        lock (_gate)
        {
            return _dropped[(int)lane];
        }
    }

    /// <summary>Most that a lane holds.</summary>
    internal int Most(Lane lane) => lane switch
    {
        Lane.Asks => int.MaxValue,
        Lane.Signals => 1_000,
        Lane.Words => 10_000 + (8 * boards),
        Lane.Readings => 256,
        _ => 2_000 + (2 * boards),
    };

    /// <summary>Puts work into a lane. False if the host is stopping, or the lane is full and keeps what it has.</summary>
    internal bool Put(Lane lane, Work work)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            Queue<(long, Work)> queue = _lanes[(int)lane];
            if (queue.Count >= Most(lane) && work.Action is null)
            {
                _dropped[(int)lane]++;
                if (lane is not (Lane.Readings or Lane.Telemetry))
                {
                    return false;
                }

                queue.Dequeue();
            }

            queue.Enqueue((_number++, work with { At = Stopwatch.GetTimestamp() }));
        }

        Wake();
        return true;
    }

    /// <summary>Wakes the loop although nothing waits: time has passed.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Waits until something is there or time has passed.</summary>
    internal async ValueTask Wait(CancellationToken stop)
    {
        await _wake.Reader.WaitToReadAsync(stop);
        _wake.Reader.TryRead(out _);
    }

    /// <summary>Takes the next of one lane.</summary>
    internal bool TryTake(Lane lane, out Work work)
    {
        lock (_gate)
        {
            bool any = _lanes[(int)lane].TryDequeue(out (long, Work Work) first);
            work = first.Work;
            return any;
        }
    }

    /// <summary>Takes the oldest of what boards, hosts and meters said.</summary>
    internal bool TryTakeSaid(out Work work)
    {
        lock (_gate)
        {
            int oldest = -1;
            long number = long.MaxValue;
            for (int i = (int)Lane.Words; i < _lanes.Length; i++)
            {
                if (_lanes[i].TryPeek(out (long Number, Work) first) && first.Number < number)
                {
                    (oldest, number) = (i, first.Number);
                }
            }

            work = oldest < 0 ? default : _lanes[oldest].Dequeue().Work;
            return oldest >= 0;
        }
    }

    /// <summary>Takes nothing more in; what waits can still be taken out.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }
}
