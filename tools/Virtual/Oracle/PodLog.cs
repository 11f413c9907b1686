namespace Ballast.Virtual.Oracle;

/// <summary>What was published for one pod, and for its boards.</summary>
internal sealed class PodLog
{
    private readonly Dictionary<ulong, SeenMessage> _byPair = [];
    private readonly List<SeenMessage> _contents = [];
    private readonly List<(ulong After, ulong Before)> _gaps = [];
    private ulong? _gapAfter;

    /// <summary>The newest genuine order; null before the first.</summary>
    public SeenMessage? Last { get; private set; }

    /// <summary>First message of every content, oldest first.</summary>
    public IReadOnlyList<SeenMessage> Contents => _contents;

    /// <summary>The oracle's connection was lost: what is published until the next order heard is unknown to it.</summary>
    public void Gap() => _gapAfter ??= Last?.Pair;

    public void Add(SeenMessage order)
    {
        // A genuine order stands whatever else used its numbers, before or after it.
        if (order.Judgement != Judgement.Genuine)
        {
            _byPair.TryAdd(order.Pair, order);
            return;
        }

        _byPair[order.Pair] = order;
        if (_gapAfter is { } after)
        {
            _gaps.Add((after, order.Pair));
            _gapAfter = null;
        }

        if (Last is null || Last.OrderId != order.OrderId || (Last.Pair >> 32) != (order.Pair >> 32))
            _contents.Add(order);
        Last = order;
    }

    /// <summary>True if the pair lies in a gap of what was heard: the oracle's own connection was away.</summary>
    public bool MayHaveMissed(ulong pair) => _gaps.Exists(g => pair > g.After && pair < g.Before);

    public bool TryFind(ulong pair, out SeenMessage message) => _byPair.TryGetValue(pair, out message!);
}
