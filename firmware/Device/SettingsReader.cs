using System.Text;
using Ballast.Firmware.Agent;

namespace Ballast.Device
{
    /// <summary>
    /// Reads the provisioning file: ASCII, one <c>name=value</c> a line, <c>#</c> begins a comment. Any line that cannot be used
    /// refuses the whole file with a sentence, so that a board never runs with half of its settings.
    /// </summary>
    public static class SettingsReader
    {
        /// <summary>Largest file, bytes.</summary>
        public const int MaxBytes = 2048;

        private const int KeyBytes = 32;

        /// <summary>Reads a file; null with a reason if it cannot be used.</summary>
        public static DeviceSettings? TryRead(byte[] file, int count, out string? reason)
        {
            DeviceSettings settings = new DeviceSettings();
            KeySetting pod = new KeySetting { Key = new byte[0] };
            KeySetting board = new KeySetting { Key = new byte[0] };
            PoolSetting[] pools = { new PoolSetting(), new PoolSetting() };
            int start = 0;
            for (int line = 1; start < count; line++)
            {
                int end = start;
                while (end < count && file[end] != (byte)'\n')
                {
                    end++;
                }

                string? wrong = Line(file, start, end, settings, pod, board, pools);
                if (wrong != null)
                {
                    reason = "settings line " + line.ToString() + ": " + wrong;
                    return null;
                }

                start = end + 1;
            }

            reason = Whole(settings, pod, board, pools);
            return reason == null ? settings : null;
        }

        private static string? Line(byte[] file, int start, int end, DeviceSettings s, KeySetting pod, KeySetting board, PoolSetting[] pools)
        {
            while (end > start && file[end - 1] <= (byte)' ')
            {
                end--;
            }

            if (end == start || file[start] == (byte)'#')
            {
                return null;
            }

            int equals = start;
            for (; equals < end && file[equals] != (byte)'='; equals++)
            {
                if (file[equals] <= (byte)' ' || file[equals] > 126)
                {
                    return "write it as name=value, without blanks around the equals sign";
                }
            }

            if (equals == end || equals == start)
            {
                return "write it as name=value, without blanks around the equals sign";
            }

            for (int i = equals; i < end; i++)
            {
                if (file[i] < (byte)' ' || file[i] > 126)
                {
                    return "only ASCII is allowed";
                }
            }

            string name = Encoding.UTF8.GetString(file, start, equals - start);
            string value = Encoding.UTF8.GetString(file, equals + 1, end - equals - 1);
            return Member(name, value, s, pod, board, pools);
        }

        private static string? Member(string name, string value, DeviceSettings s, KeySetting pod, KeySetting board, PoolSetting[] pools)
        {
            switch (name)
            {
                case "site": return Id(name, value, out s.Board.Site);
                case "pod": return Id(name, value, out s.Board.Pod);
                case "board": return Id(name, value, out s.Board.Board);
                case "serial": s.Board.Serial = value; return null;
                case "enrolled": return Flag(name, value, out s.Board.Enrolled);
                case "failsafeW": return Number(name, value, 1000000, out s.Board.FailsafeW);
                case "nameplateW": return Number(name, value, 1000000, out s.Board.NameplateW);
                case "podKid": return Number(name, value, 255, out pod.Kid);
                case "podKey": return KeyOf(name, value, pod);
                case "boardKid": return Number(name, value, 255, out board.Kid);
                case "boardKey": return KeyOf(name, value, board);
                case "mqttHost": s.Broker.Host = value; return null;
                case "mqttPort": return Number(name, value, 65535, out s.Broker.Port);
                case "mqttTls": return Flag(name, value, out s.Broker.Tls);
                case "mqttUser": s.Broker.User = value; return null;
                case "mqttPassword": s.Broker.Password = value; return null;
                case "pool0Url": pools[0].Url = value; return null;
                case "pool0User": pools[0].User = value; return null;
                case "pool0Password": pools[0].Password = value; return null;
                case "pool1Url": pools[1].Url = value; return null;
                case "pool1User": pools[1].User = value; return null;
                case "pool1Password": pools[1].Password = value; return null;
                default: return "'" + name + "' is not a setting of this firmware";
            }
        }

        private static string? Whole(DeviceSettings s, KeySetting pod, KeySetting board, PoolSetting[] pools)
        {
            if (s.Board.Enrolled)
            {
                if (s.Board.Site.Length == 0 || s.Board.Pod.Length == 0 || s.Board.Board.Length == 0 || s.Broker.Host.Length == 0)
                {
                    return "an enrolled board needs site, pod, board and mqttHost";
                }

                if (pod.Key.Length == 0 || board.Key.Length == 0)
                {
                    return "an enrolled board needs podKey and boardKey";
                }
            }

            if (pod.Key.Length > 0)
            {
                s.Board.PodKeys = new KeySetting[] { pod };
            }

            if (board.Key.Length > 0)
            {
                s.Board.BoardKeys = new KeySetting[] { board };
            }

            if (pools[1].Url.Length > 0 && pools[0].Url.Length == 0)
            {
                return "pool1Url is set without pool0Url";
            }

            int count = pools[1].Url.Length > 0 ? 2 : pools[0].Url.Length > 0 ? 1 : 0;
            s.Board.Pools = new PoolSetting[count];
            for (int i = 0; i < count; i++)
            {
                s.Board.Pools[i] = pools[i];
            }

            return null;
        }

        private static string? Id(string name, string value, out string into)
        {
            into = "";
            bool good = value.Length >= 1 && value.Length <= 32;
            for (int i = 0; i < value.Length; i++)
            {
                char c = value[i];
                good &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            }

            if (!good)
            {
                return name + " must be 1 to 32 of a-z, 0-9 and -";
            }

            into = value;
            return null;
        }

        private static string? Flag(string name, string value, out bool into)
        {
            into = value == "1";
            return into || value == "0" ? null : name + " must be 0 or 1";
        }

        private static string? Number(string name, string value, int max, out int into)
        {
            into = 0;
            bool good = value.Length >= 1 && value.Length <= 7;
            for (int i = 0; i < value.Length && good; i++)
            {
                good = value[i] >= '0' && value[i] <= '9';
                into = (into * 10) + (value[i] - '0');
            }

            return good && into <= max ? null : name + " must be a number from 0 to " + max.ToString();
        }

        private static string? KeyOf(string name, string value, KeySetting into)
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
                // The value is a secret: it is not repeated.
                return name + " must be 64 hexadecimal digits";
            }

            into.Key = key;
            return null;
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
