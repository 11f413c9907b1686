namespace Ballast.Virtual.Oracle;

/// <summary>What was published for one pod, and for its boards.</summary>
internal sealed class PodLog
{
    private readonly Dictionary<ulong, SeenMessage> _byPair = [];
    private readonly List<SeenMessage> _contents = [];

    /// <summary>The newest genuine order; null before the first.</summary>
    public SeenMessage? Last { get; private set; }

    /// <summary>Since when the newest genuine order is an emergency, ms; null while it is not.</summary>
    public long? EmergencySinceMs { get; private set; }

    /// <summary>First message of every content, oldest first.</summary>
    public IReadOnlyList<SeenMessage> Contents => _contents;

    public void Add(SeenMessage order)
    {
        // The first judgement of a pair stays: a replay does not make a genuine one forged.
        _byPair.TryAdd(order.Pair, order);
        if (order.Judgement != Judgement.Genuine)
            return;
        if (Last is null || Last.OrderId != order.OrderId || (Last.Pair >> 32) != (order.Pair >> 32))
            _contents.Add(order);
        EmergencySinceMs = order.Class == GridClass.Emergency ? EmergencySinceMs ?? order.AtMs : null;
        Last = order;
    }

    public bool TryFind(ulong pair, out SeenMessage message) => _byPair.TryGetValue(pair, out message!);
}
