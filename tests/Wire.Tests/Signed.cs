using System.Security.Cryptography;
using System.Text;

namespace Ballast.Wire.Tests;

/// <summary>Builds messages with the platform's HMAC, so that the code under test does not check itself.</summary>
internal static class Signed
{
    public const string PodTopic = "ballast/v1/demo/p1/dispatch";
    public const string BoardTopic = "ballast/v1/demo/p1/b01/set";
    public const string GridTopic = "ballast/v1/demo/grid/signal";

    public const string Common = "\"kid\":1,\"epoch\":1763800000,\"seq\":7,\"orderId\":3,\"sent\":1763800000123";

    public const string Dispatch =
        Common + ",\"class\":\"economic\",\"leaseS\":60,\"limitMjPerTh\":18250,\"share\":0,\"salt\":0,\"rampS\":15,\"spreadS\":30,\"failSpreadS\":10";

    public static byte[] Key { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    /// <summary>The message "{" + members + MAC member.</summary>
    public static byte[] Message(string members, string topic) => Body("{" + members, topic);

    public static byte[] Body(string body, string topic)
    {
        byte[] mac = HMACSHA256.HashData(Key, (byte[])[.. Encoding.UTF8.GetBytes(topic), 0, .. Encoding.Latin1.GetBytes(body)]);
        return Encoding.Latin1.GetBytes(body + ",\"mac\":\"" + Convert.ToHexStringLower(mac) + "\"}");
    }

    public static bool Verify(byte[] message, string topic, byte[]? key = null)
    {
        byte[] t = Encoding.UTF8.GetBytes(topic);
        return Envelope.VerifyMac(message, 0, message.Length, t, t.Length, new HmacSha256(key ?? Key));
    }

    public static Reject ParseDispatch(byte[] message, DispatchOrder? into = null) =>
        Envelope.ParseDispatch(message, 0, message.Length, false, into ?? new DispatchOrder());

    public static Reject ParseSet(byte[] message, SetMessage? into = null) =>
        Envelope.ParseSet(message, 0, message.Length, false, into ?? new SetMessage());

    public static Reject ParseGrid(byte[] message, GridSignal? into = null) =>
        Envelope.ParseGridSignal(message, 0, message.Length, false, into ?? new GridSignal());
}
