namespace Ballast.Firmware.Pool
{
    /// <summary>Reads token values without allocating. Every method says by its result whether the value was there and fitted.</summary>
    public static class JsonValues
    {
        /// <summary>A whole number 0…2^32−1, as a number or, as some pools write ids, in quotes.</summary>
        public static bool TryUInt32(JsonTokens json, int token, out uint value)
        {
            value = 0;
            JsonKind kind = json.Kind(token);
            if (kind != JsonKind.Number && kind != JsonKind.String)
            {
                return false;
            }

            int length = json.Length(token);
            if (length < 1 || length > 10)
            {
                return false;
            }

            byte[] text = json.Text;
            int at = json.Start(token);
            ulong v = 0;
            for (int i = 0; i < length; i++)
            {
                byte c = text[at + i];
                if (c < '0' || c > '9')
                {
                    return false;
                }

                v = (v * 10) + (ulong)(c - '0');
            }

            if (v > 0xFFFFFFFF)
            {
                return false;
            }

            value = (uint)v;
            return true;
        }

        /// <summary>A string of 1…8 hex digits as a number, most significant digit first.</summary>
        public static bool TryHex32(JsonTokens json, int token, out uint value)
        {
            value = 0;
            if (json.Kind(token) != JsonKind.String)
            {
                return false;
            }

            int length = json.Length(token);
            if (length < 1 || length > 8)
            {
                return false;
            }

            byte[] text = json.Text;
            int at = json.Start(token);
            uint v = 0;
            for (int i = 0; i < length; i++)
            {
                int digit = Digit(text[at + i]);
                if (digit < 0)
                {
                    return false;
                }

                v = (v << 4) | (uint)digit;
            }

            value = v;
            return true;
        }

        /// <summary>Bytes that a hex string stands for; -1 if it is not one.</summary>
        public static int HexByteCount(JsonTokens json, int token)
        {
            if (json.Kind(token) != JsonKind.String || (json.Length(token) & 1) != 0)
            {
                return -1;
            }

            byte[] text = json.Text;
            int at = json.Start(token);
            int end = at + json.Length(token);
            for (; at < end; at++)
            {
                if (Digit(text[at]) < 0)
                {
                    return -1;
                }
            }

            return json.Length(token) >> 1;
        }

        /// <summary>Writes the bytes of a string that <see cref="HexByteCount"/> accepted.</summary>
        public static void ReadHex(JsonTokens json, int token, byte[] into, int offset)
        {
            byte[] text = json.Text;
            int at = json.Start(token);
            int end = at + json.Length(token);
            while (at < end)
            {
                int high = Digit(text[at]);
                int low = Digit(text[at + 1]);
                into[offset++] = (byte)((high << 4) | low);
                at += 2;
            }
        }

        private static int Digit(byte c)
        {
            if (c >= '0' && c <= '9')
            {
                return c - '0';
            }

            if (c >= 'a' && c <= 'f')
            {
                return c - 'a' + 10;
            }

            return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        }
    }
}
