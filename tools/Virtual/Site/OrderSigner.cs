using System.Security.Cryptography;
using System.Text;
using Ballast.Hw.Bus;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Site;

/// <summary>Orders written by hand and signed with a site's keys, without the host's or the firmware's code: for tests and benches.</summary>
/// <param name="site">Site id.</param>
/// <param name="clock">Time.</param>
public sealed class OrderSigner(string site, IClock clock)
{
    private readonly long _startMs = clock.NowMs;
    private readonly uint _epoch = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private uint _seq;

    /// <summary>The limit under which every board runs at its top.</summary>
    public const int Everything = int.MaxValue;

    private long SentMs => (_epoch * 1000L) + clock.NowMs - _startMs;

    /// <summary>An order to a pod, signed, with the next seq.</summary>
    public (string Topic, byte[] Message) Dispatch(
        string pod, byte[] key, int limit, GridClass gridClass = GridClass.Economic, uint orderId = 1, long sentAgoMs = 0, int leaseS = 60, int rampS = 2, int spreadS = 0)
    {
        string topic = $"ballast/v1/{site}/{pod}/dispatch";
        return (topic, Sign(topic, key, FormattableString.Invariant(
            $"{{\"kid\":1,\"epoch\":{_epoch},\"seq\":{++_seq},\"orderId\":{orderId},\"class\":\"{GridClasses.Name(gridClass)}\",\"leaseS\":{leaseS},\"sent\":{SentMs - sentAgoMs},\"limitMjPerTh\":{limit},\"share\":0,\"salt\":0,\"rampS\":{rampS},\"spreadS\":{spreadS},\"failSpreadS\":2")));
    }

    /// <summary>Admits a board under its present nonce.</summary>
    public (string Topic, byte[] Message) Admit(BoardIdentity board, uint bootNonce)
    {
        ArgumentNullException.ThrowIfNull(board);
        string topic = $"ballast/v1/{site}/{board.Pod}/{board.Board}/set";
        return (topic, Sign(topic, board.BoardKey, FormattableString.Invariant(
            $"{{\"kid\":1,\"epoch\":{_epoch},\"seq\":{++_seq},\"orderId\":1,\"sent\":{SentMs},\"admit\":{bootNonce},\"afterSeq\":1")));
    }

    private static byte[] Sign(string topic, byte[] key, string open)
    {
        byte[] mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{topic}\0{open}"));
        return Encoding.ASCII.GetBytes($"{open},\"mac\":\"{Convert.ToHexStringLower(mac)}\"}}");
    }
}
