using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Console
{
    /// <summary>The commands that change something, with their questions.</summary>
    public sealed class ChangeCommands
    {
        private const int KeyBytes = 32;

        private readonly BoardAgent _agent;
        private readonly ConsoleText _out;
        private readonly IConsoleDevice? _device;
        private Ask _ask;
        private int _number;
        private string _text = "";
        private string _more = "";

        /// <summary>Makes the commands of a board.</summary>
        public ChangeCommands(BoardAgent agent, ConsoleText to, IConsoleDevice? device)
        {
            _agent = agent;
            _out = to;
            _device = device;
        }

        private enum Ask
        {
            Nothing = 0,
            ResetFirst = 1,
            ResetSecond = 2,
            LeaveEnrolment = 3,
            PodKey = 4,
            BoardKey = 5,
            WifiPassword = 6,
            PoolPassword = 7,
        }

        /// <summary>True while the next line answers a question.</summary>
        public bool Asking => _ask != Ask.Nothing;

        /// <summary>True while that answer is a secret.</summary>
        public bool AskingSecret => _ask >= Ask.PodKey;

        /// <summary>The question that is open, or null.</summary>
        public string? Question
        {
            get
            {
                switch (_ask)
                {
                    case Ask.ResetFirst: return "Forget own point, pools, log level and learned ladder? Type yes: ";
                    case Ask.ResetSecond: return "The controller restarts and power goes off. Type RESET: ";
                    case Ask.LeaveEnrolment: return "The board will run on its own and obey no host. Type yes: ";
                    case Ask.PodKey:
                    case Ask.BoardKey: return "Key, 64 hexadecimal digits (not shown): ";
                    case Ask.WifiPassword: return "Password (not shown): ";
                    case Ask.PoolPassword: return "Pool password, may be empty (not shown): ";
                    default: return null;
                }
            }
        }

        /// <summary>Ctrl-C: nothing changes.</summary>
        public void Cancel() => _ask = Ask.Nothing;

        /// <summary>Runs a command. False if it is none of these.</summary>
        public bool Run(string[] words, int count)
        {
            switch (words[0])
            {
                case "set":
                    Set(words, count);
                    return true;
                case "save":
                    _agent.SaveSettings();
                    _out.Line("stored");
                    return true;
                case "wifi":
                    Wifi(words, count);
                    return true;
                case "enroll":
                    Enroll(words, count);
                    return true;
                case "identify":
                    Say(_agent.Identify(), "blinking for 30 s");
                    return true;
                case "clear-fault":
                    Say(_agent.ClearFault(), "asked; see events");
                    return true;
                case "restart":
                    bool chain = count > 1 && words[1] == "chain";
                    Say(_agent.Restart(chain ? 1 : 2), chain ? "chips restart" : "controller restarts");
                    return true;
                case "factory-reset":
                    _ask = Ask.ResetFirst;
                    return true;
                default:
                    return false;
            }
        }

        /// <summary>Takes the answer to the open question.</summary>
        public void Answer(string line)
        {
            Ask ask = _ask;
            _ask = Ask.Nothing;
            switch (ask)
            {
                case Ask.ResetFirst:
                    if (line == "yes")
                    {
                        _ask = Ask.ResetSecond;
                        return;
                    }

                    break;
                case Ask.ResetSecond:
                    if (line == "RESET")
                    {
                        _agent.FactoryReset();
                        _out.Line("reset; keys, enrolment, failsafe, lock-out and latches stay");
                        return;
                    }

                    break;
                case Ask.LeaveEnrolment:
                    if (line == "yes")
                    {
                        _agent.LeaveEnrolment();
                        _out.Line("standalone");
                        return;
                    }

                    break;
                case Ask.PodKey:
                case Ask.BoardKey:
                    TakeKey(ask == Ask.PodKey, line);
                    return;
                case Ask.WifiPassword:
                    Say(_device == null ? "no network here" : _device.SetWifi(_text, line), "stored; takes effect at the next start");
                    return;
                case Ask.PoolPassword:
                    string? refused = _agent.SetPool(_number, _text, _more, line);
                    if (refused == null)
                    {
                        _agent.Record.KeepPool(_number, _text, _more, line);
                    }

                    Say(refused, "in use; save keeps it");
                    return;
                default:
                    return;
            }

            _out.Line("nothing changed");
        }

        private void Set(string[] words, int count)
        {
            if (count == 1)
            {
                _out.Line("  set own-point N     " + Own() + "   highest point by the owner's wish");
                _out.Line("  set failsafe W      " + _agent.Record.FailsafeW.ToString() + "   watts without a host; 0 is sleep");
                _out.Line("  set log-level N     " + _agent.Record.LogLevel.ToString() + "   1 error ... 5 trace");
                _out.Line("  set pool N URL USER     asks for the password");
                return;
            }

            int value = -1;
            bool number = count > 2 && int.TryParse(words[2], out value);
            switch (words[1])
            {
                case "own-point":
                    if (!number || value < 0 || value > _agent.Power.Ladder.Top)
                    {
                        _out.Line("own-point takes 0 (sleep) to " + _agent.Power.Ladder.Top.ToString() + "; see ladder");
                        return;
                    }

                    _agent.Record.OwnPoint = value;
                    break;
                case "failsafe":
                    if (!number || value < 0 || value > 1000000)
                    {
                        _out.Line("failsafe takes watts, 0 to 1000000");
                        return;
                    }

                    _agent.SetFailsafe(value);
                    break;
                case "log-level":
                    if (!number || value < 1 || value > 5)
                    {
                        _out.Line("log-level takes 1 to 5");
                        return;
                    }

                    _agent.Record.LogLevel = value;
                    break;
                case "pool":
                    if (!number || value < 0 || value >= Grid.BoardRecord.PoolSlots || count < 5)
                    {
                        _out.Line("set pool 0...3 stratum+tcp://host:port USER");
                        return;
                    }

                    _number = value;
                    _text = words[3];
                    _more = words[4];
                    _ask = Ask.PoolPassword;
                    return;
                default:
                    _out.Line("No such setting. Type set for the list.");
                    return;
            }

            _out.Line("set; save keeps it");
        }

        private string Own() => _agent.Record.OwnPoint < 0 ? "as provisioned" : _agent.Record.OwnPoint.ToString();

        private void Wifi(string[] words, int count)
        {
            if (_device == null)
            {
                _out.Line("this board's network is its host's");
            }
            else if (count == 1)
            {
                _out.Line(_device.NetworkStatus());
            }
            else
            {
                _text = words[1];
                _ask = Ask.WifiPassword;
            }
        }

        private void Enroll(string[] words, int count)
        {
            if (count == 2 && words[1] == "off")
            {
                _ask = Ask.LeaveEnrolment;
                return;
            }

            int kid = -1;
            bool pod = count == 3 && words[1] == "pod";
            bool board = count == 3 && words[1] == "board";
            if ((!pod && !board) || !int.TryParse(words[2], out kid) || kid < 0 || kid > 255)
            {
                _out.Line("enroll pod KID, enroll board KID (0 to 255), or enroll off");
                return;
            }

            _number = kid;
            _ask = pod ? Ask.PodKey : Ask.BoardKey;
        }

        private void TakeKey(bool pod, string hex)
        {
            byte[] key = new byte[KeyBytes];
            bool good = hex.Length == 2 * KeyBytes;
            for (int i = 0; good && i < KeyBytes; i++)
            {
                int high = Digit(hex[2 * i]);
                int low = Digit(hex[(2 * i) + 1]);
                good = high >= 0 && low >= 0;
                key[i] = (byte)((high << 4) | low);
            }

            if (!good)
            {
                _out.Line("not a key: 64 hexadecimal digits are needed; nothing changed");
            }
            else
            {
                string? refused = _agent.Enrol(pod, _number, key);
                Say(refused, _agent.Record.Enrolled ? "taken; the board is enrolled" : "taken; the other key is still missing");
            }

            System.Array.Clear(key, 0, key.Length);
        }

        private static int Digit(char c)
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

        private void Say(string? reason, string done) => _out.Line(reason == null ? done : "not done: " + reason);
    }
}
