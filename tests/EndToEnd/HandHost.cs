using Ballast.Mqtt;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;

namespace Ballast.EndToEnd;

/// <summary>
/// Orders by hand, signed with the site's keys: what no honest host sends (old, replayed, forged), and what one would.
/// </summary>
internal sealed class HandHost(VirtualSite site)
{
    private readonly OrderSigner _signer = new(VirtualSite.Name, site.Clock);
    private readonly List<(string Topic, byte[] Message)> _sent = [];

    public const int Everything = OrderSigner.Everything;

    // Nothing is sent again here: on a slow machine, too, no lease may end before its test.
    private const int LeaseS = 900;

    /// <summary>Age of an order that every board takes for stale, ms.</summary>
    public const long StaleMs = (LeaseS + 30) * 1_000L;

    /// <summary>An order to a pod, signed, with the next seq.</summary>
    public (string Topic, byte[] Message) Dispatch(
        int limit, GridClass gridClass = GridClass.Economic, uint orderId = 1, string pod = "p1", long sentAgoMs = 0, int leaseS = LeaseS, int rampS = 2, int spreadS = 0)
        => _signer.Dispatch(pod, Key(pod), limit, gridClass, orderId, sentAgoMs, leaseS, rampS, spreadS);

    /// <summary>Everything published so far.</summary>
    public IReadOnlyList<(string Topic, byte[] Message)> Sent => [.. _sent];

    public void Publish((string Topic, byte[] Message) signed, int qos = 1)
    {
        Assert.Equal(MqttPublishResult.Taken, site.Observer.Link.Publish(signed.Topic, signed.Message, qos, false));
        _sent.Add(signed);
    }

    /// <summary>Orders everything on, and admits every board.</summary>
    public void AdmitAll()
    {
        Publish(Dispatch(Everything));
        foreach (VirtualBoard board in site.Fleet.Boards)
            Publish(_signer.Admit(board.Identity, board.Agent.Snapshot.BootNonce));
    }

    private byte[] Key(string pod) => site.Fleet.Boards.First(b => b.Identity.Pod == pod).Identity.PodKey;
}
