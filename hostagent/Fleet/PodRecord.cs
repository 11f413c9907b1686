using System.Text;
using Ballast.Wire;

namespace Ballast.Host.Fleet;

/// <summary>A pod: its key, its boards, and the order that holds for it now.</summary>
public sealed class PodRecord
{
    /// <summary>Makes a pod without boards.</summary>
    public PodRecord(int index, string site, string id, int kid, byte[] key)
    {
        Index = index;
        Id = id;
        SignWith(kid, key);
        Topic = "ballast/v1/" + site + "/" + id + "/dispatch";
        TopicUtf8 = Encoding.ASCII.GetBytes(Topic);
    }

    /// <summary>Position among the pods.</summary>
    public int Index { get; }

    /// <summary>Pod id.</summary>
    public string Id { get; }

    /// <summary>Number of the pod key.</summary>
    public int Kid { get; private set; }

    /// <summary>What its orders are signed with.</summary>
    internal HmacSha256 Mac { get; private set; }

    /// <summary>Topic of its orders.</summary>
    public string Topic { get; }

    /// <summary>Its boards.</summary>
    public IReadOnlyList<BoardRecord> Boards => BoardList;

    /// <summary>From the next message on another key signs.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Mac))]
    internal void SignWith(int kid, byte[] key)
    {
        Kid = kid;
        Mac = new HmacSha256(key);
    }

    internal readonly List<BoardRecord> BoardList = [];
    internal readonly byte[] TopicUtf8;

    // The order as last sent.
    internal int Limit;
    internal uint Share;
    internal uint Salt;
    internal OrderClass Class;
    internal uint OrderId;
    internal uint LastSeq;
    internal bool HasOrder;
    internal long NextRepeatMs;
    internal long RestateDueMs = long.MaxValue;
    internal long LastSentMs = long.MinValue / 2;

    // When the content of the order left first; acknowledgements are timed from there.
    internal uint ContentEpoch;
    internal uint ContentOrderId;
    internal long ContentSentMs;

    // Remaining QoS 0 copies of an emergency order.
    internal long EmergencyCopy1Ms = long.MaxValue;
    internal long EmergencyCopy2Ms = long.MaxValue;

    // When answers to a fall are next looked at, and how often it was said again for want of one.
    internal long FallLookMs = long.MaxValue;
    internal byte FallCopies;

    // Watts above standby that the order asks of the boards in the curve.
    internal long OrderedMw;
}
