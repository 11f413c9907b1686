using System.Security.Cryptography;
using System.Text;
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
    private readonly long _startMs = site.Clock.NowMs;
    private readonly uint _epoch = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly List<(string Topic, byte[] Message)> _sent = [];
    private uint _seq;

    public const int Everything = int.MaxValue;

    private long SentMs => (_epoch * 1000L) + site.Clock.NowMs - _startMs;

    /// <summary>An order to a pod, signed, with the next seq.</summary>
    public (string Topic, byte[] Message) Dispatch(
        int limit, GridClass gridClass = GridClass.Economic, uint orderId = 1, string pod = "p1", long sentAgoMs = 0, int leaseS = 60, int rampS = 2, int spreadS = 0)
    {
        string topic = $"ballast/v1/{VirtualSite.Name}/{pod}/dispatch";
        return (topic, Sign(topic, Key(pod), FormattableString.Invariant(
            $"{{\"kid\":1,\"epoch\":{_epoch},\"seq\":{++_seq},\"orderId\":{orderId},\"class\":\"{GridClasses.Name(gridClass)}\",\"leaseS\":{leaseS},\"sent\":{SentMs - sentAgoMs},\"limitMjPerTh\":{limit},\"share\":0,\"salt\":0,\"rampS\":{rampS},\"spreadS\":{spreadS},\"failSpreadS\":2")));
    }

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
        {
            string topic = $"ballast/v1/{VirtualSite.Name}/{board.Identity.Pod}/{board.Identity.Board}/set";
            Publish((topic, Sign(topic, board.Identity.BoardKey, FormattableString.Invariant(
                $"{{\"kid\":1,\"epoch\":{_epoch},\"seq\":{++_seq},\"orderId\":1,\"sent\":{SentMs},\"admit\":{board.Agent.Snapshot.BootNonce},\"afterSeq\":1"))));
        }
    }

    private byte[] Key(string pod) => site.Fleet.Boards.First(b => b.Identity.Pod == pod).Identity.PodKey;

    private static byte[] Sign(string topic, byte[] key, string open)
    {
        byte[] mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{topic}\0{open}"));
        return Encoding.ASCII.GetBytes($"{open},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}");
    }
}
