using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Console
{
    /// <summary>The commands that change something, with their questions.</summary>
    public sealed class ChangeCommands
    {
        private const int KeyBytes = 32;

        private readonly BoardAgent _agent;
        private readonly Answer _answer;
        private readonly Report _report;
        private readonly IConsoleDevice? _device;
        private readonly bool _takesSecrets;
        private Ask _ask;
        private int _number;
        private string _text = "";
        private string _more = "";

        /// <summary>Makes the commands of a board.</summary>
        public ChangeCommands(BoardAgent agent, Answer answer, Report report, IConsoleDevice? device, bool takesSecrets)
        {
            _agent = agent;
            _answer = answer;
            _report = report;
            _device = device;
            _takesSecrets = takesSecrets;
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
        public bool Run(string[] words, int count, string line)
        {
            string name = words[0];
            switch (name)
            {
                case "set":
                    Set(words, count);
                    return true;
                case "wifi":
                    Wifi(count, line);
                    return true;
                case "enroll":
                    Enroll(words, count);
                    return true;
                case "restart":
                    Restart(words, count);
                    return true;
                case "save":
                case "identify":
                case "clear-fault":
                case "factory-reset":
                    if (count > 1)
                    {
                        _answer.Refuse(name + " takes no more words; nothing done");
                    }
                    else
                    {
                        Alone(name);
                    }

                    return true;
                default:
                    return false;
            }
        }

        private void Alone(string name)
        {
            switch (name)
            {
                case "save":
                    _agent.SaveSettings();
                    _answer.Done("stored");
                    break;
                case "identify":
                    _answer.Say(_agent.Identify(), "blinking for 30 s");
                    break;
                case "clear-fault":
                    _answer.Say(_agent.ClearFault(), "asked; see events");
                    break;
                default:
                    Open(Ask.ResetFirst);
                    break;
            }
        }

        private void Restart(string[] words, int count)
        {
            bool chain = count == 2 && words[1] == "chain";
            if (count > 1 && !chain)
            {
                _answer.Refuse("restart (the controller) or restart chain (the chips); nothing done");
                return;
            }

            _answer.Say(_agent.Restart(chain ? 1 : 2), chain ? "chips restart" : "controller restarts");
        }

        /// <summary>Asks, unless the answer would be a secret that others could hear.</summary>
        private void Open(Ask ask)
        {
            if (ask >= Ask.PodKey && !_takesSecrets)
            {
                _answer.Refuse("keys and passwords are taken at the serial console only");
                return;
            }

            _ask = ask;
            _answer.Ask(Question!, AskingSecret);
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
                        Open(Ask.ResetSecond);
                        return;
                    }

                    break;
                case Ask.ResetSecond:
                    if (line == "RESET")
                    {
                        _agent.FactoryReset();
                        _answer.Done("reset; keys, enrolment, failsafe, lock-out and latches stay");
                        return;
                    }

                    break;
                case Ask.LeaveEnrolment:
                    if (line == "yes")
                    {
                        _agent.LeaveEnrolment();
                        _answer.Done("standalone");
                        return;
                    }

                    break;
                case Ask.PodKey:
                case Ask.BoardKey:
                    TakeKey(ask == Ask.PodKey, line);
                    return;
                case Ask.WifiPassword:
                    _answer.Say(_device == null ? "no network here" : _device.SetWifi(_text, line), "stored; takes effect at the next start");
                    return;
                case Ask.PoolPassword:
                    string? refused = _agent.SetPool(_number, _text, _more, line);
                    if (refused == null)
                    {
                        _agent.Record.KeepPool(_number, _text, _more, line);
                    }

                    _answer.Say(refused, "in use; save keeps it");
                    return;
                default:
                    return;
            }

            _answer.Refuse("nothing changed");
        }

        private void Set(string[] words, int count)
        {
            if (count == 1)
            {
                List();
                return;
            }

            int value = -1;
            bool number = count >= 3 && (count == 3 || words[1] == "pool") && int.TryParse(words[2], out value);
            switch (words[1])
            {
                case "own-point":
                    if (!number || value < 0 || value > _agent.Power.Ladder.Top)
                    {
                        _answer.Refuse("own-point takes 0 (sleep) to " + _agent.Power.Ladder.Top.ToString() + "; see ladder");
                        return;
                    }

                    _agent.Record.OwnPoint = value;
                    break;
                case "failsafe":
                    if (!number || value < 0 || value > 1000000)
                    {
                        _answer.Refuse("failsafe takes watts, 0 to 1000000");
                        return;
                    }

                    _agent.SetFailsafe(value);
                    break;
                case "log-level":
                    if (!number || value < 1 || value > 5)
                    {
                        _answer.Refuse("log-level takes 1 to 5");
                        return;
                    }

                    _agent.Record.LogLevel = value;
                    break;
                case "pool":
                    if (!number || value < 0 || value >= Grid.BoardRecord.PoolSlots || count != 5)
                    {
                        _answer.Refuse("set pool 0...3 stratum+tcp://host:port USER");
                        return;
                    }

                    if (Pool.PoolEndpoint.TryParse(words[3], words[4], "", out string? wrong) == null)
                    {
                        _answer.Refuse(wrong!);
                        return;
                    }

                    _number = value;
                    _text = words[3];
                    _more = words[4];
                    Open(Ask.PoolPassword);
                    return;
                default:
                    _answer.Refuse("No such setting. Type set for the list.");
                    return;
            }

            _answer.Done("set; save keeps it");
        }

        private void List()
        {
            _report.Begin(_answer.AsJson);
            if (_agent.Record.OwnPoint < 0)
            {
                _report.Unknown("set own-point N", "as provisioned; 0 sleep to " + _agent.Power.Ladder.Top.ToString());
            }
            else
            {
                _report.Number("set own-point N", "ownPoint", _agent.Record.OwnPoint, "highest point by the owner's wish");
            }

            _report.Number("set failsafe W", "failsafeW", _agent.Record.FailsafeW, "W without a host; 0 is sleep");
            _report.Number("set log-level N", "logLevel", _agent.Record.LogLevel, "1 error ... 5 trace");
            _report.Unknown("set pool N URL USER", "asks for the password; see pools");
            _report.End();
        }

        private void Wifi(int count, string line)
        {
            if (_device == null)
            {
                _answer.Refuse("this board's network is its host's");
            }
            else if (count == 1)
            {
                _report.Begin(_answer.AsJson);
                _report.Text("network", "network", _device.NetworkStatus());
                _report.End();
            }
            else
            {
                // A name may hold blanks: it is the rest of the line.
                _text = WithoutJson(line.Substring(4).Trim());
                Open(Ask.WifiPassword);
            }
        }

        private string WithoutJson(string name)
        {
            const string Flag = "--json";
            int rest = name.Length - Flag.Length;
            if (!_answer.AsJson || rest < 0)
            {
                return name;
            }

            return name.Substring(rest) == Flag ? name.Substring(0, rest).Trim() : name.Substring(0, Flag.Length) == Flag ? name.Substring(Flag.Length).Trim() : name;
        }

        private void Enroll(string[] words, int count)
        {
            if (count == 2 && words[1] == "off")
            {
                Open(Ask.LeaveEnrolment);
                return;
            }

            int kid = -1;
            bool pod = count == 3 && words[1] == "pod";
            bool board = count == 3 && words[1] == "board";
            if ((!pod && !board) || !int.TryParse(words[2], out kid) || kid < 0 || kid > 255)
            {
                _answer.Refuse("enroll pod KID, enroll board KID (0 to 255), or enroll off");
                return;
            }

            _number = kid;
            Open(pod ? Ask.PodKey : Ask.BoardKey);
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
                _answer.Refuse("not a key: 64 hexadecimal digits are needed; nothing changed");
            }
            else
            {
                string? refused = _agent.Enrol(pod, _number, key);
                _answer.Say(refused, _agent.Record.Enrolled ? "taken; the board is enrolled" : "taken; the other key is still missing");
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
    }
}
