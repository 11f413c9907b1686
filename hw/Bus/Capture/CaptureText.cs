using Ballast.Hw.Asic;

namespace Ballast.Hw.Bus.Capture
{
    /// <summary>
    /// The text of a capture, one bus call a line: <c>time request = answer *check</c>. Time is in ms. The request is what the driver asked
    /// for, the answer what the wire said; the check is a CRC-16 of all before it, so that a changed byte is found at its line.
    /// <code>
    /// 220 uart tx 55aa520500000a = ok *d959
    /// 240 uart rx = aa55137000000000000010 *9500
    /// 260 i2c wr 4c 00 1 = 1a ok *ea8c
    /// 280 spi 0801… = 0000… ok *…
    /// </code>
    /// Lines that begin with # are for people.
    /// </summary>
    public static class CaptureText
    {
        private const string Digits = "0123456789abcdef";
        private const int CheckChars = 4;

        /// <summary>Bytes in hex; "-" for none.</summary>
        public static string Hex(byte[] data, int offset, int count)
        {
            if (count == 0)
                return "-";
            char[] text = new char[2 * count];
            for (int i = 0; i < count; i++)
            {
                text[2 * i] = Digits[data[offset + i] >> 4];
                text[2 * i + 1] = Digits[data[offset + i] & 0x0F];
            }

            return new string(text);
        }

        /// <summary>Number of bytes that a hex text holds, or -1 if it is none.</summary>
        public static int HexLength(string text)
        {
            if (text == "-")
                return 0;
            if (text.Length == 0 || (text.Length & 1) != 0)
                return -1;
            for (int i = 0; i < text.Length; i++)
            {
                if (Digits.IndexOf(text[i]) < 0)
                    return -1;
            }

            return text.Length / 2;
        }

        /// <summary>One byte of a hex text that <see cref="HexLength"/> accepts.</summary>
        public static byte HexByte(string text, int index)
            => (byte)(Digits.IndexOf(text[2 * index]) << 4 | Digits.IndexOf(text[2 * index + 1]));

        /// <summary>The word for a status.</summary>
        public static string Status(BusStatus status)
        {
            switch (status)
            {
                case BusStatus.Ok:
                    return "ok";
                case BusStatus.Nack:
                    return "nack";
                case BusStatus.Timeout:
                    return "timeout";
                default:
                    return "fault";
            }
        }

        /// <summary>The status of a word; false for another word.</summary>
        public static bool TryStatus(string word, out BusStatus status)
        {
            status = BusStatus.Fault;
            switch (word)
            {
                case "ok":
                    status = BusStatus.Ok;
                    return true;
                case "nack":
                    status = BusStatus.Nack;
                    return true;
                case "timeout":
                    status = BusStatus.Timeout;
                    return true;
                default:
                    return word == "fault";
            }
        }

        /// <summary>A whole line from its parts.</summary>
        public static string Line(long ms, string request, string answer)
        {
            string text = ms.ToString() + " " + request + " = " + answer;
            return text + " *" + Check(text);
        }

        /// <summary>Takes a line apart; false if it is not one or its check does not match.</summary>
        public static bool TryParse(string line, out long ms, out string request, out string answer)
        {
            ms = 0;
            request = "";
            answer = "";
            int star = line.Length - CheckChars - 2;
            if (star < 0 || line[star] != ' ' || line[star + 1] != '*')
                return false;
            string text = line.Substring(0, star);
            if (line.Substring(star + 2) != Check(text))
                return false;
            int space = text.IndexOf(' ');
            int equals = text.IndexOf('=');
            if (space < 1 || equals < space + 2 || equals + 2 > text.Length || !long.TryParse(text.Substring(0, space), out ms))
                return false;
            request = text.Substring(space + 1, equals - space - 2);
            answer = text.Substring(equals + 2);
            return true;
        }

        /// <summary>The n-th word of a text, from 0; empty if there are fewer.</summary>
        public static string Word(string text, int n)
        {
            int start = 0;
            for (int i = 0; i < n; i++)
            {
                int next = text.IndexOf(' ', start);
                if (next < 0)
                    return "";
                start = next + 1;
            }

            int end = text.IndexOf(' ', start);
            return end < 0 ? text.Substring(start) : text.Substring(start, end - start);
        }

        private static string Check(string text)
        {
            byte[] bytes = new byte[text.Length];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)text[i];
            int crc = Crc16.Ccitt(bytes, 0, bytes.Length);
            byte[] both = { (byte)(crc >> 8), (byte)crc };
            return Hex(both, 0, 2);
        }
    }
}
