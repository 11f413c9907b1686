using System.Text.Json;
using Ballast.Host.Ledger;

namespace Ballast.Virtual.InProcess;

/// <summary>A journal in memory that can be told to fail, and that notes the order of its writes.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Dictionary<string, JournaledOrder> _orders = [];
    private readonly Dictionary<string, JournaledLimit> _limits = [];
    private readonly Dictionary<string, SortedDictionary<int, byte[]>> _series = [];
    private readonly Dictionary<string, int> _power = [];
    private readonly Dictionary<string, string> _values = [];
    private readonly List<LedgerRecord> _records = [];
    private uint _epoch;
    private long _sent;
    private double _gain = 1.10;

    /// <summary>Planted fault: nothing can be written.</summary>
    public bool Fails { get; set; }

    /// <summary>What was written, oldest first.</summary>
    public List<string> Log { get; set; } = [];

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public JournaledState Load() => new()
    {
        Epoch = _epoch,
        SentMs = _sent,
        Gain = _gain,
        Orders = [.. _orders.Values],
        Limits = [.. _limits.Values.Where(l => l.State is "scheduled" or "active" or "restoring")],
        BoardPowerW = new Dictionary<string, int>(_power),
        Values = new Dictionary<string, string>(_values),
    };

    /// <inheritdoc/>
    public bool CommitEpoch(uint epoch, long sentMs) => Write("epoch " + epoch, () =>
    {
        _epoch = epoch;
        _sent = sentMs;
    });

    /// <inheritdoc/>
    public bool SaveOrders(IReadOnlyList<JournaledOrder> orders, double gain, long sentMs) => Write("orders", () =>
    {
        foreach (JournaledOrder order in orders)
        {
            _orders[order.Pod] = order;
        }

        _gain = gain;
        _sent = sentMs;
    });

    /// <inheritdoc/>
    public bool SaveLimit(JournaledLimit limit) => Write("limit " + limit.Id + " " + limit.State, () => _limits[limit.EventId] = limit.Record.Length == 0 && _limits.TryGetValue(limit.EventId, out JournaledLimit? old) ? limit with { Record = old.Record } : limit);

    /// <inheritdoc/>
    public bool AppendSeries(string eventId, int part, ReadOnlySpan<byte> samples)
    {
        byte[] bytes = samples.ToArray();
        return Write("series " + part, () =>
        {
            if (!_series.TryGetValue(eventId, out SortedDictionary<int, byte[]>? parts))
            {
                _series[eventId] = parts = [];
            }

            parts[part] = bytes;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<JournaledLimit> Events(int skip, int take) => [.. _limits.Values.OrderByDescending(l => l.CreatedUtcMs).Skip(skip).Take(take)];

    /// <inheritdoc/>
    public JournaledLimit? FindEvent(string eventId) => _limits.GetValueOrDefault(eventId);

    /// <inheritdoc/>
    public byte[] Series(string eventId) => _series.TryGetValue(eventId, out SortedDictionary<int, byte[]>? parts) ? [.. parts.Values.SelectMany(p => p)] : [];

    /// <inheritdoc/>
    public JournaledLimit? FindByRequestKey(string key) => _limits.Values.FirstOrDefault(l => l.RequestKey == key);

    /// <inheritdoc/>
    public bool SaveBoardPower(string board, int powerW) => Write("power " + board + " " + powerW, () =>
    {
        if (powerW < 0)
        {
            _power.Remove(board);
        }
        else
        {
            _power[board] = powerW;
        }
    });

    /// <inheritdoc/>
    public bool SaveValue(string name, string value) => Write("value " + name, () => _values[name] = value);

    /// <summary>Bodies of what was recorded.</summary>
    public List<object> Bodies { get; } = [];

    /// <inheritdoc/>
    public bool Record<T>(string kind, T body) => Write("record " + kind, () =>
    {
        Bodies.Add(body!);
        _records.Add(new LedgerRecord(_records.Count + 1, 1, 0, kind, JsonSerializer.SerializeToElement(body, JsonSerializerOptions.Web)));
    });

    /// <inheritdoc/>
    public IReadOnlyList<LedgerRecord> Records(string kind, int skip, int take) => [.. _records.Where(r => r.Kind == kind).Reverse().Skip(skip).Take(take)];

    /// <inheritdoc/>
    public bool Note(string kind, string text, long utcMs) => Write("note " + kind, () => { });

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private bool Write(string what, Action write)
    {
        Problem = Fails ? "The journal cannot be written (test)." : null;
        if (Fails)
        {
            return false;
        }

        Log.Add(what);
        write();
        return true;
    }
}
