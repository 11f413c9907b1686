using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;

namespace Ballast.Host.Web.Boards;

/// <summary>All boards as they stood at one moment.</summary>
/// <param name="At">When.</param>
/// <param name="StampMs">The same on the process's clock.</param>
/// <param name="Parts">Rows in the configuration's order, <see cref="FleetIndex.PartSize"/> a part.</param>
/// <param name="Count">Rows.</param>
internal sealed record FleetPicture(DateTimeOffset At, long StampMs, FleetRow[][] Parts, int Count)
{
    internal ref readonly FleetRow this[int index] => ref Parts[index / FleetIndex.PartSize][index % FleetIndex.PartSize];
}

/// <summary>
/// A picture of the fleet for lists. It is taken at most once a second, only while somebody asks, and in parts, so that the loop is never
/// held for more than one part; filtering, sorting and writing happen on the thread of the request.
/// </summary>
internal sealed class FleetIndex(HostCore core, TimeProvider time) : IDisposable
{
    /// <summary>Boards that are copied in one piece on the loop.</summary>
    internal const int PartSize = 1000;

    private const long MaxAgeMs = 1000;
    private const int MaxOrders = 16;

    private readonly SemaphoreSlim _taking = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<FleetQuery, int[]> _orders = [];
    private FleetPicture? _picture;

    private long NowMs => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>The picture, at most a second old.</summary>
    internal async Task<FleetPicture> Take()
    {
        if (Fresh() is { } fresh)
        {
            return fresh;
        }

        await _taking.WaitAsync();
        try
        {
            if (Fresh() is { } taken)
            {
                return taken;
            }

            int count = core.Context.Fleet.Boards.Count;
            FleetRow[][] parts = new FleetRow[(count + PartSize - 1) / PartSize][];
            DateTimeOffset at = default;
            for (int part = 0; part < parts.Length; part++)
            {
                int first = part * PartSize;
                parts[part] = await core.Ask(c =>
                {
                    at = c.Context.Clock.UtcNow;
                    return Copy(c.Context, first);
                });
            }

            FleetPicture picture = new(at, NowMs, parts, count);
            lock (_gate)
            {
                _picture = picture;
                _orders.Clear();
            }

            return picture;
        }
        finally
        {
            _taking.Release();
        }
    }

    /// <summary>The rows that a question names, in its order, as places in the picture.</summary>
    internal int[] Order(FleetPicture picture, FleetQuery query)
    {
        lock (_gate)
        {
            if (ReferenceEquals(picture, _picture) && _orders.TryGetValue(query, out int[]? known))
            {
                return known;
            }
        }

        int[] order = query.Apply(picture);
        lock (_gate)
        {
            if (ReferenceEquals(picture, _picture) && _orders.Count < MaxOrders)
            {
                _orders[query] = order;
            }
        }

        return order;
    }

    /// <inheritdoc/>
    public void Dispose() => _taking.Dispose();

    /// <summary>Copies one part; only on the loop.</summary>
    internal static FleetRow[] Copy(DispatchContext context, int first)
    {
        IReadOnlyList<BoardRecord> boards = context.Fleet.Boards;
        long now = context.Clock.NowMs;
        FleetRow[] rows = new FleetRow[Math.Min(PartSize, boards.Count - first)];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = FleetRow.Of(context, boards[first + i], now);
        }

        return rows;
    }

    private FleetPicture? Fresh()
    {
        lock (_gate)
        {
            return _picture is { } picture && NowMs - picture.StampMs < MaxAgeMs ? picture : null;
        }
    }
}
