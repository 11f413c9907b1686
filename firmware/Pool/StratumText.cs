using System.Text;

namespace Ballast.Firmware.Pool
{
    /// <summary>Names and fixed parts of Stratum V1 messages, as bytes.</summary>
    internal static class StratumText
    {
        internal static readonly byte[] Id = Ascii("id");
        internal static readonly byte[] Method = Ascii("method");
        internal static readonly byte[] Params = Ascii("params");
        internal static readonly byte[] Result = Ascii("result");
        internal static readonly byte[] Error = Ascii("error");
        internal static readonly byte[] Code = Ascii("code");
        internal static readonly byte[] MessageMember = Ascii("message");
        internal static readonly byte[] VersionRolling = Ascii("version-rolling");
        internal static readonly byte[] VersionRollingMask = Ascii("version-rolling.mask");

        internal static readonly byte[] Notify = Ascii("mining.notify");
        internal static readonly byte[] SetDifficulty = Ascii("mining.set_difficulty");
        internal static readonly byte[] SetExtranonce = Ascii("mining.set_extranonce");
        internal static readonly byte[] SetVersionMask = Ascii("mining.set_version_mask");
        internal static readonly byte[] Ping = Ascii("mining.ping");
        internal static readonly byte[] Reconnect = Ascii("client.reconnect");
        internal static readonly byte[] ShowMessage = Ascii("client.show_message");
        internal static readonly byte[] GetVersion = Ascii("client.get_version");

        internal static readonly byte[] OpenId = Ascii("{\"id\":");
        internal static readonly byte[] ConfigureHead = Ascii(",\"method\":\"mining.configure\",\"params\":[[\"version-rolling\"],{\"version-rolling.mask\":\"");
        internal static readonly byte[] ConfigureTail = Ascii("\",\"version-rolling.min-bit-count\":2}]}\n");
        internal static readonly byte[] SubscribeHead = Ascii(",\"method\":\"mining.subscribe\",\"params\":[\"");
        internal static readonly byte[] AuthorizeHead = Ascii(",\"method\":\"mining.authorize\",\"params\":[\"");
        internal static readonly byte[] SuggestHead = Ascii(",\"method\":\"mining.suggest_difficulty\",\"params\":[");
        internal static readonly byte[] NumberTail = Ascii("]}\n");
        internal static readonly byte[] ExtranonceSubscribe = Ascii(",\"method\":\"mining.extranonce.subscribe\",\"params\":[]}\n");
        internal static readonly byte[] SubmitHead = Ascii(",\"method\":\"mining.submit\",\"params\":[\"");
        internal static readonly byte[] Between = Ascii("\",\"");
        internal static readonly byte[] TextTail = Ascii("\"]}\n");
        internal static readonly byte[] PongTail = Ascii(",\"result\":\"pong\",\"error\":null}\n");
        internal static readonly byte[] VersionHead = Ascii(",\"result\":\"");
        internal static readonly byte[] VersionTail = Ascii("\",\"error\":null}\n");
        internal static readonly byte[] Null = Ascii("null");
        internal static readonly byte[] Quote = Ascii("\"");

        private static byte[] Ascii(string text)
        {
            return Encoding.UTF8.GetBytes(text);
        }
    }
}
