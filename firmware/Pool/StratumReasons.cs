namespace Ballast.Firmware.Pool
{
    /// <summary>Reads what pools say in words.</summary>
    internal static class StratumReasons
    {
        /// <summary>The reason in an error: [code, text, …], or an object with code and message at newer servers.</summary>
        internal static ShareReject Of(JsonTokens json, int error)
        {
            int code = json.Kind(error) == JsonKind.Object ? json.Member(error, StratumText.Code) : json.Element(error, 0);
            int text = json.Kind(error) == JsonKind.Object ? json.Member(error, StratumText.MessageMember) : json.Element(error, 1);
            uint number = 0;
            JsonValues.TryUInt32(json, code, out number);
            if (number >= 21 && number <= 25)
            {
                return (ShareReject)(int)(number - 20);
            }

            return MentionsTime(json, text) ? ShareReject.Time : ShareReject.Other;
        }

        // "ntime out of range", "Time too new", "time-too-old": any text about time that is not a time-out.
        private static bool MentionsTime(JsonTokens json, int token)
        {
            if (json.Kind(token) != JsonKind.String)
            {
                return false;
            }

            byte[] text = json.Text;
            int end = json.Start(token) + json.Length(token);
            for (int i = json.Start(token); i + 4 <= end; i++)
            {
                if ((text[i] | 0x20) == 't' && (text[i + 1] | 0x20) == 'i' && (text[i + 2] | 0x20) == 'm' && (text[i + 3] | 0x20) == 'e'
                    && (i + 4 == end || (text[i + 4] | 0x20) != 'o'))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>At most so many characters of a string, with everything that is not printable ASCII as a question mark.</summary>
        internal static string Text(JsonTokens json, int token, int most)
        {
            int length = json.Length(token);
            int start = json.Start(token);
            char[] chars = new char[length < most ? length : most];
            for (int i = 0; i < chars.Length; i++)
            {
                byte c = json.Text[start + i];
                chars[i] = c >= 0x20 && c < 0x7F ? (char)c : '?';
            }

            return new string(chars);
        }
    }
}
