using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Mqtt;

namespace Ballast.Host.Tests.Keys;

/// <summary>Somebody with stolen keys. Its orders are signed by hand, right in every member.</summary>
internal static class Thief
{
    internal static void Connect(IMqttConnection connection)
        => connection.Start(new MqttOptions { ClientId = "thief", ReconnectMinMs = 100, ReconnectMaxMs = 200 }, new Deaf());

    internal static (string Topic, byte[] Message) Dispatch(string pod, int kid, byte[] key, uint epoch, uint seq, string site = InProcessSite.Name, long? sentMs = null)
        => Sign("ballast/v1/" + site + "/" + pod + "/dispatch", key, string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"kid\":{kid},\"epoch\":{epoch},\"seq\":{seq},\"orderId\":9,\"class\":\"reliability\",\"leaseS\":3600,\"sent\":{sentMs ?? Future},\"limitMjPerTh\":0,\"share\":0,\"salt\":0,\"rampS\":0,\"spreadS\":0,\"failSpreadS\":0"));

    internal static (string Topic, byte[] Message) Restart(string board, int kid, byte[] key, uint epoch, uint seq, string site = InProcessSite.Name)
        => Sign("ballast/v1/" + site + "/" + board + "/set", key, string.Create(
            CultureInfo.InvariantCulture, $"{{\"kid\":{kid},\"epoch\":{epoch},\"seq\":{seq},\"orderId\":9,\"sent\":{Future},\"restart\":2"));

    // A `sent` ahead of the host's is no reason to refuse.
    private static long Future => DateTimeOffset.UtcNow.AddYears(1).ToUnixTimeMilliseconds();

    private static (string Topic, byte[] Message) Sign(string topic, byte[] key, string open)
    {
        byte[] mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(topic + "\0" + open));
        return (topic, Encoding.ASCII.GetBytes(open + ",\"mac\":\"" + Convert.ToHexStringLower(mac) + "\"}"));
    }

    private sealed class Deaf : IMqttReceiver
    {
        public void OnConnected()
        {
        }

        public void OnDisconnected(MqttConnectResult reason)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos, bool retained)
        {
        }
    }
}
