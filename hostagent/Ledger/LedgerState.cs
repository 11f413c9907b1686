using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ballast.Host.Ledger;

/// <summary>An event that is over: digest of its last record, and when it was taken.</summary>
internal readonly record struct EndedMark(string Digest, long CreatedUtcMs);

/// <summary>
/// What holds after a record: the meaning of the chain, in one place. The writer mirrors its tables with it, and the audit compares
/// the tables with what the records say.
/// </summary>
internal sealed class LedgerState
{
    private readonly Dictionary<string, JournaledOrder> _orders = [];
    private readonly Dictionary<string, JournaledLimit> _open = [];
    private readonly Dictionary<string, EndedMark> _ended = [];
    private readonly Dictionary<(string EventId, int Part), string> _series = [];

    internal uint Epoch { get; private set; }

    internal long SentMs { get; private set; }

    internal double Gain { get; private set; } = 1.10;

    internal IReadOnlyDictionary<string, JournaledOrder> Orders => _orders;

    /// <summary>Limits that are not over, by event.</summary>
    internal IReadOnlyDictionary<string, JournaledLimit> Open => _open;

    /// <summary>Limits that are over, as far as their records were read.</summary>
    internal IReadOnlyDictionary<string, EndedMark> Ended => _ended;

    /// <summary>Digest of each part of a series, as far as their records were read.</summary>
    internal IReadOnlyDictionary<(string EventId, int Part), string> Series => _series;

    /// <summary>False: ended limits are not remembered. The writer's mirror needs none, and would grow with every event.</summary>
    internal bool RemembersEnded { get; init; } = true;

    /// <summary>How long ended events stay in their table, days.</summary>
    internal int KeepEndedDays { get; set; } = 400;

    internal SortedDictionary<string, int> BoardPowerW { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    internal static bool IsOpen(string state) => state is "scheduled" or "active" or "restoring";

    internal JournaledState Snapshot() => new()
    {
        Epoch = Epoch,
        SentMs = SentMs,
        Gain = Gain,
        Orders = [.. _orders.Values],
        Limits = [.. _open.Values.OrderBy(l => l.CreatedUtcMs)],
        BoardPowerW = new Dictionary<string, int>(BoardPowerW),
        Values = new Dictionary<string, string>(Values),
    };

    /// <summary>Applies a record. False: the kind is unknown or the body cannot be read.</summary>
    internal bool Apply(LedgerRecord record)
    {
        try
        {
            switch (record.Kind)
            {
                case RecordKind.State:
                    Reset(record.Read<StateBody>());
                    break;
                case RecordKind.Epoch:
                    Set(record.Read<EpochBody>());
                    break;
                case RecordKind.Orders:
                    Set(record.Read<OrdersBody>());
                    break;
                case RecordKind.Limit:
                    Set(record.Read<JournaledLimit>());
                    break;
                case RecordKind.Series:
                    SeriesBody series = record.Read<SeriesBody>();
                    _series[(series.EventId, series.Part)] = Convert.ToHexStringLower(SHA256.HashData(series.Samples));
                    break;
                case RecordKind.BoardPower:
                    Set(record.Read<BoardPowerBody>());
                    break;
                case RecordKind.Value:
                    ValueBody value = record.Read<ValueBody>();
                    Values[value.Name] = value.Value;
                    break;
                default:
                    // Records that explain and change nothing: open, note, gap, energy and what later versions add.
                    break;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    internal void Set(EpochBody body) => (Epoch, SentMs) = (body.Epoch, body.SentMs);

    internal void Set(OrdersBody body)
    {
        (Gain, SentMs) = (body.Gain, body.SentMs);
        Set(body.Orders);
    }

    internal void Set(uint epoch, OrdersBody body)
    {
        Epoch = epoch;
        Set(body);
    }

    internal void Set(JournaledLimit limit)
    {
        if (IsOpen(limit.State))
        {
            _open[limit.EventId] = limit;
            _ended.Remove(limit.EventId);
        }
        else
        {
            _open.Remove(limit.EventId);
            if (RemembersEnded)
            {
                _ended[limit.EventId] = new EndedMark(Digest(limit), limit.CreatedUtcMs);
            }
        }
    }

    internal static string Digest(JournaledLimit limit) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(LedgerJson.Text(limit))));

    internal void Set(BoardPowerBody body)
    {
        if (body.PowerW is { } watts)
        {
            BoardPowerW[body.Board] = watts;
        }
        else
        {
            BoardPowerW.Remove(body.Board);
        }
    }

    /// <summary>All of it in one order, so that equal states give equal text.</summary>
    internal StateBody Body(string key) => new(
        Epoch, SentMs, Gain, Group(_orders.Values), [.. _open.Values.OrderBy(l => l.EventId, StringComparer.Ordinal)],
        BoardPowerW, Values, KeepEndedDays, key);

    /// <summary>Orders with the same content in one group; groups and pods in a fixed order.</summary>
    internal static List<OrderGroup> Group(IEnumerable<JournaledOrder> orders) =>
    [
        .. orders.GroupBy(o => (o.Epoch, o.Class, o.LimitMjPerTh, o.Share, o.Salt)).OrderBy(g => g.Key).Select(g => new OrderGroup(
            g.Key.Epoch, g.Key.Class, g.Key.LimitMjPerTh, g.Key.Share, g.Key.Salt,
            new SortedDictionary<string, uint[]>(g.ToDictionary(o => o.Pod, o => (uint[])[o.OrderId, o.Seq]), StringComparer.Ordinal))),
    ];

    private void Set(IEnumerable<OrderGroup> groups)
    {
        foreach (OrderGroup group in groups)
        {
            foreach ((string pod, uint[] ids) in group.Pods)
            {
                _orders[pod] = new JournaledOrder(pod, group.Epoch, ids[1], ids[0], group.Class, group.LimitMjPerTh, group.Share, group.Salt);
            }
        }
    }

    private void Reset(StateBody body)
    {
        (Epoch, SentMs, Gain, KeepEndedDays) = (body.Epoch, body.SentMs, body.Gain, body.KeepEndedDays);
        _orders.Clear();
        _open.Clear();
        BoardPowerW.Clear();
        Values.Clear();
        Set(body.Orders);
        foreach (JournaledLimit limit in body.Limits)
        {
            Set(limit);
        }

        foreach ((string board, int watts) in body.BoardPowerW)
        {
            BoardPowerW[board] = watts;
        }

        foreach ((string name, string value) in body.Values)
        {
            Values[name] = value;
        }
    }
}
