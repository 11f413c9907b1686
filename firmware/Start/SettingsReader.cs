using System.Text;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Hw.Boards;

namespace Ballast.Firmware.Start
{
    /// <summary>
    /// Reads the provisioning file: ASCII, one <c>name=value</c> a line, <c>#</c> begins a comment. Any line that cannot be used
    /// refuses the whole file with a sentence, so that a board never runs with half of its settings.
    /// </summary>
    public sealed class SettingsReader
    {
        /// <summary>Largest file, bytes.</summary>
        public const int MaxBytes = 4096;

        /// <summary>Model name of a board that the file itself describes.</summary>
        public const string CustomModel = "custom";

        private const string CustomPrefix = "custom.";
        private const string PinPrefix = "pin.";

        private readonly DeviceSettings _s = new DeviceSettings();
        private readonly KeySetting _pod = new KeySetting { Key = new byte[0] };
        private readonly KeySetting _board = new KeySetting { Key = new byte[0] };
        private readonly PoolSetting[] _pools = { new PoolSetting(), new PoolSetting() };
        private readonly CustomBoardSettings _custom = new CustomBoardSettings();
        private readonly BoardPins _pins = new BoardPins();
        private string _firstCustom = "";
        private string _firstFixedPin = "";

        private SettingsReader()
        {
        }

        /// <summary>Reads a file; null with a reason if it cannot be used.</summary>
        public static DeviceSettings? TryRead(byte[] file, int count, out string? reason)
        {
            SettingsReader reader = new SettingsReader();
            int start = 0;
            for (int line = 1; start < count; line++)
            {
                int end = start;
                while (end < count && file[end] != (byte)'\n')
                {
                    end++;
                }

                string? wrong = reader.Line(file, start, end);
                if (wrong != null)
                {
                    reason = "settings line " + line.ToString() + ": " + wrong;
                    return null;
                }

                start = end + 1;
            }

            reason = reader.Hardware() ?? reader.Host() ?? reader.Pools();
            return reason == null ? reader._s : null;
        }

        private string? Line(byte[] file, int start, int end)
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
            if (Begins(name, CustomPrefix))
            {
                return Custom(name, value);
            }

            return Begins(name, PinPrefix) ? Pin(name, value) : Member(name, value);
        }

        private static bool Begins(string name, string prefix)
        {
            return name.Length > prefix.Length && name.Substring(0, prefix.Length) == prefix;
        }

        private string? Member(string name, string value)
        {
            NetworkSettings net = _s.Network;
            switch (name)
            {
                case "model": _s.Model = value; return null;
                case "site": return SettingsText.Id(name, value, out _s.Board.Site);
                case "pod": return SettingsText.Id(name, value, out _s.Board.Pod);
                case "board": return SettingsText.Id(name, value, out _s.Board.Board);
                case "serial": _s.Board.Serial = value; return null;
                case "enrolled": return SettingsText.Flag(name, value, out _s.Board.Enrolled);
                case "failsafeW": return SettingsText.Number(name, value, 1000000, out _s.Board.FailsafeW);
                case "nameplateW": return SettingsText.Number(name, value, 1000000, out _s.Board.NameplateW);
                case "podKid": return SettingsText.Number(name, value, 255, out _pod.Kid);
                case "podKey": return SettingsText.Key(name, value, _pod);
                case "boardKid": return SettingsText.Number(name, value, 255, out _board.Kid);
                case "boardKey": return SettingsText.Key(name, value, _board);
                case "mqttHost": _s.Broker.Host = value; return null;
                case "mqttPort": return SettingsText.Number(name, value, 65535, out _s.Broker.Port);
                case "mqttTls": return SettingsText.Flag(name, value, out _s.Broker.Tls);
                case "mqttUser": _s.Broker.User = value; return null;
                case "mqttPassword": _s.Broker.Password = value; return null;
                case "mqttCa": return SettingsText.File(name, value, out _s.Broker.CaFile);
                case "mqttCert": return SettingsText.File(name, value, out _s.Broker.CertificateFile);
                case "mqttKey": return SettingsText.File(name, value, out _s.Broker.KeyFile);
                case "network": return SettingsText.Choice(name, value, "wifi", "ethernet", out net.Ethernet);
                case "ipAddress": return SettingsText.Address(name, value, out net.Address);
                case "ipMask": return SettingsText.Address(name, value, out net.Mask);
                case "ipGateway": return SettingsText.Address(name, value, out net.Gateway);
                case "ipDns": return SettingsText.Address(name, value, out net.Dns);
                case "timeServer": net.TimeServer = value; return null;
                case "httpPort": return SettingsText.Number(name, value, 65535, out net.HttpPort);
                case "consolePassword": net.ConsolePassword = value; return value.Length == 0 ? null : PasswordCheck.Problem(value);
                case "consolePort": return SettingsText.Number(name, value, 65535, out net.ConsolePort);
                case "pool0Url": _pools[0].Url = value; return null;
                case "pool0User": _pools[0].User = value; return null;
                case "pool0Password": _pools[0].Password = value; return null;
                case "pool1Url": _pools[1].Url = value; return null;
                case "pool1User": _pools[1].User = value; return null;
                case "pool1Password": _pools[1].Password = value; return null;
                default: return "'" + name + "' is not a setting of this firmware";
            }
        }

        /// <summary>A member of a custom board; what kind it is, its name decides.</summary>
        private string? Custom(string name, string value)
        {
            string member = name.Substring(CustomPrefix.Length);
            _firstCustom = name;
            if (_custom.SetText(member, value) == null)
            {
                return null;
            }

            int[]? numbers = SettingsText.Numbers(value);
            if (numbers == null)
            {
                return name + " must be a number, or several with commas between them";
            }

            bool flag = numbers.Length == 1 && numbers[0] <= 1;
            if ((numbers.Length == 1 && _custom.SetNumber(member, numbers[0]) == null) || (flag && _custom.SetFlag(member, numbers[0] == 1) == null))
            {
                return null;
            }

            return _custom.SetList(member, numbers) == null ? null : "'" + name + "' is not a member of a board's description, or not with this value";
        }

        private string? Pin(string name, string value)
        {
            string member = name.Substring(PinPrefix.Length);
            string? reason = SettingsText.Number(name, value, BoardPins.MaxGpio, out int gpio) ?? _pins.Set(member, gpio);
            if (reason == null && member != "led" && member != "curtail" && member != "watchdog" && member != "consoleTx" && member != "consoleRx")
            {
                _firstFixedPin = name;
            }

            return reason;
        }

        private string? Hardware()
        {
            BoardPins? fixedPins = BoardPinTable.Find(_s.Model);
            if (_s.Model == CustomModel)
            {
                string? wrong = CustomBoard.Check(_custom);
                if (wrong != null)
                {
                    return CustomPrefix + wrong;
                }

                // S01: the first act after reset drives these lines before it can know the board.
                if (_pins.Reset != SafeState.ResetGpio)
                {
                    return "pin.reset must be 1 on a custom board: the first act after a start pulls it low";
                }

                if (_pins.Takes(SafeState.SdaGpio) || _pins.Takes(SafeState.SclGpio))
                {
                    return "GPIO 47 and 48 may only be pin.sda and pin.scl: the first act after a start sends safe orders there";
                }

                if (_custom.ExternalWatchdog && _pins.Watchdog == BoardPins.None)
                {
                    return "custom.externalWatchdog needs pin.watchdog: it must live from this firmware's edges (S08)";
                }

                _s.Custom = _custom;
                _s.Pins = _pins;
                _pins.EnableActiveHigh = _custom.EnableActiveHigh;
                _pins.PmBusAddress = _custom.Regulator == "tps546" ? 0x24 : _custom.Regulator == "tps53647" ? 0x71 : 0;
            }
            else if (fixedPins == null)
            {
                return "model is \"" + _s.Model + "\": name the board, " + Names() + " or " + CustomModel;
            }
            else if (_firstCustom.Length > 0)
            {
                return _firstCustom + " is set, but model is " + _s.Model + ": only model=custom takes it";
            }
            else if (_firstFixedPin.Length > 0)
            {
                return _firstFixedPin + " is fixed on a " + _s.Model + ": leave it out";
            }
            else
            {
                _s.Pins = fixedPins;
                fixedPins.Led = Either(_pins.Led, fixedPins.Led);
                fixedPins.Curtail = _pins.Curtail;
                fixedPins.Watchdog = _pins.Watchdog;
                fixedPins.ConsoleTx = Either(_pins.ConsoleTx, fixedPins.ConsoleTx);
                fixedPins.ConsoleRx = Either(_pins.ConsoleRx, fixedPins.ConsoleRx);
            }

            int shared = _s.Pins.Shared();
            return shared == BoardPins.None ? null : "GPIO " + shared.ToString() + " is given to two lines";
        }

        private static int Either(int first, int second) => first == BoardPins.None ? second : first;

        private static string Names()
        {
            string[] models = BoardCatalog.Models();
            string all = models[0];
            for (int i = 1; i < models.Length; i++)
            {
                all += ", " + models[i];
            }

            return all;
        }

        private string? Host()
        {
            BrokerSettings broker = _s.Broker;
            NetworkSettings net = _s.Network;
            if (_s.Board.Enrolled)
            {
                if (_s.Board.Site.Length == 0 || _s.Board.Pod.Length == 0 || _s.Board.Board.Length == 0 || broker.Host.Length == 0)
                {
                    return "an enrolled board needs site, pod, board and mqttHost";
                }

                if (_pod.Key.Length == 0 || _board.Key.Length == 0)
                {
                    return "an enrolled board needs podKey and boardKey";
                }
            }

            if ((broker.CertificateFile.Length > 0) != (broker.KeyFile.Length > 0))
            {
                return "mqttCert and mqttKey belong together: give both or neither";
            }

            if (!broker.Tls && (broker.CaFile.Length > 0 || broker.KeyFile.Length > 0))
            {
                return "mqttCa, mqttCert and mqttKey need mqttTls=1";
            }

            if (broker.Tls && net.TimeServer.Length == 0)
            {
                return "mqttTls=1 needs timeServer: a certificate cannot be judged without the date";
            }

            if (net.Address.Length == 0 ? net.Mask.Length + net.Gateway.Length + net.Dns.Length > 0 : net.Mask.Length == 0 || net.Gateway.Length == 0)
            {
                return "a fixed address needs ipAddress, ipMask and ipGateway; leave all out for DHCP";
            }

            if (net.ConsolePassword.Length > 0 && (net.ConsolePort == 0 || net.ConsolePort == net.HttpPort))
            {
                return "consolePort must be from 1 to 65535 and not that of the page; leave consolePassword out for no console over the network";
            }

            if (_pod.Key.Length > 0)
            {
                _s.Board.PodKeys = new KeySetting[] { _pod };
            }

            if (_board.Key.Length > 0)
            {
                _s.Board.BoardKeys = new KeySetting[] { _board };
            }

            return null;
        }

        private string? Pools()
        {
            if (_pools[1].Url.Length > 0 && _pools[0].Url.Length == 0)
            {
                return "pool1Url is set without pool0Url";
            }

            int count = _pools[1].Url.Length > 0 ? 2 : _pools[0].Url.Length > 0 ? 1 : 0;
            _s.Board.Pools = new PoolSetting[count];
            for (int i = 0; i < count; i++)
            {
                _s.Board.Pools[i] = _pools[i];
            }

            return null;
        }
    }
}
