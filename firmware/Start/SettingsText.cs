using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Start
{
    /// <summary>Values of the settings file. Each returns null, or a sentence that names the setting; what it fills is then empty.</summary>
    public static class SettingsText
    {
        private const int KeyBytes = 32;
        private const int MaxDigits = 9;
        private const int MaxList = 32;

        /// <summary>An id of the contract.</summary>
        public static string? Id(string name, string value, out string into)
        {
            into = Made(value, 32, "-", true) ? value : "";
            return into.Length > 0 ? null : name + " must be 1 to 32 of a-z, 0-9 and -";
        }

        /// <summary>The name of a file on the flash, without a folder.</summary>
        public static string? File(string name, string value, out string into)
        {
            into = Made(value, 32, "-_.", false) ? value : "";
            return into.Length > 0 ? null : name + " must be a file name of 1 to 32 letters, digits, -, _ and ., without a folder";
        }

        /// <summary>0 or 1.</summary>
        public static string? Flag(string name, string value, out bool into)
        {
            into = value == "1";
            return into || value == "0" ? null : name + " must be 0 or 1";
        }

        /// <summary>One of two words; true for the second.</summary>
        public static string? Choice(string name, string value, string first, string second, out bool into)
        {
            into = value == second;
            return into || value == first ? null : name + " must be " + first + " or " + second;
        }

        /// <summary>A number from 0 to <paramref name="max"/>.</summary>
        public static string? Number(string name, string value, int max, out int into)
        {
            return TryNumber(value, 0, value.Length, out into) && into <= max ? null : name + " must be a number from 0 to " + max.ToString();
        }

        /// <summary>Numbers with commas between them; null if the text is anything else.</summary>
        public static int[]? Numbers(string value)
        {
            int[] all = new int[MaxList];
            int count = 0;
            int start = 0;
            for (int i = 0; i <= value.Length; i++)
            {
                if (i < value.Length && value[i] != ',')
                {
                    continue;
                }

                if (count == MaxList || !TryNumber(value, start, i, out all[count]))
                {
                    return null;
                }

                count++;
                start = i + 1;
            }

            int[] numbers = new int[count];
            System.Array.Copy(all, 0, numbers, 0, count);
            return numbers;
        }

        /// <summary>An IPv4 address.</summary>
        public static string? Address(string name, string value, out string into)
        {
            into = "";
            int parts = 0;
            int start = 0;
            for (int i = 0; i <= value.Length; i++)
            {
                if (i < value.Length && value[i] != '.')
                {
                    continue;
                }

                if (!TryNumber(value, start, i, out int part) || part > 255)
                {
                    parts = -1;
                    break;
                }

                parts++;
                start = i + 1;
            }

            if (parts != 4)
            {
                return name + " must be an IPv4 address such as 192.168.1.20";
            }

            into = value;
            return null;
        }

        /// <summary>A key as 64 hexadecimal digits. It is a secret: the sentence does not repeat it.</summary>
        public static string? Key(string name, string value, KeySetting into)
        {
            byte[] key = new byte[KeyBytes];
            bool good = value.Length == 2 * KeyBytes;
            for (int i = 0; i < value.Length && good; i++)
            {
                int digit = Hex(value[i]);
                good = digit >= 0;
                key[i / 2] = (byte)((key[i / 2] << 4) | (digit & 15));
            }

            if (!good)
            {
                return name + " must be 64 hexadecimal digits";
            }

            into.Key = key;
            return null;
        }

        private static bool TryNumber(string text, int start, int end, out int into)
        {
            into = 0;
            bool good = end > start && end - start <= MaxDigits;
            for (int i = start; i < end && good; i++)
            {
                good = text[i] >= '0' && text[i] <= '9';
                into = (into * 10) + (text[i] - '0');
            }

            return good;
        }

        private static bool Made(string value, int max, string others, bool lower)
        {
            bool good = value.Length >= 1 && value.Length <= max;
            for (int i = 0; i < value.Length && good; i++)
            {
                char c = value[i];
                good = (c >= 'a' && c <= 'z') || (!lower && c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.IndexOf(c) >= 0;
            }

            return good;
        }

        private static int Hex(char c)
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
