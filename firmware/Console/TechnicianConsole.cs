using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// The technician's console on one port. <see cref="Step"/> is called by whoever owns the port, in the control loop's thread: it reads
    /// what was typed, runs at most one command and sends what the port takes. A secret is never shown.
    /// </summary>
    public sealed class TechnicianConsole
    {
        private const int BytesPerStep = 64;

        private readonly IConsolePort _port;
        private readonly ConsoleText _out = new ConsoleText();
        private readonly LineEditor _editor;
        private readonly Answer _answer;
        private readonly Report _report;
        private readonly ReadCommands _read;
        private readonly ChangeCommands _change;
        private readonly SelfTest _selfTest;
        private readonly byte[] _typed = new byte[BytesPerStep];
        private bool _greeted;

        /// <summary>Makes a console for a board.</summary>
        /// <param name="agent">The board.</param>
        /// <param name="port">Where the person is.</param>
        /// <param name="device">Null where there is no network to set up.</param>
        /// <param name="takesSecrets">False where others could listen: keys and passwords are then refused.</param>
        public TechnicianConsole(BoardAgent agent, IConsolePort port, IConsoleDevice? device, bool takesSecrets = true)
        {
            _port = port;
            _editor = new LineEditor(_out);
            _answer = new Answer(_out);
            _report = new Report(_out);
            _read = new ReadCommands(agent, _report);
            _change = new ChangeCommands(agent, _answer, _report, device, takesSecrets);
            _selfTest = new SelfTest(agent, _report);
        }

        /// <summary>Lines run since the start.</summary>
        public int Lines { get; private set; }

        /// <summary>Lines that were no command.</summary>
        public int Unknown { get; private set; }

        /// <summary>One turn.</summary>
        public void Step(long nowMs)
        {
            if (!_greeted)
            {
                _greeted = true;
                _out.Line("");
                _out.Line("Ballast board console. Type help for commands.");
                Prompt();
            }

            if (_selfTest.Running)
            {
                StepSelfTest(nowMs);
            }
            else if (_out.Pending < ConsoleText.Capacity / 2)
            {
                // A port that does not take answers gets no new ones.
                Read(nowMs);
            }

            _out.Drain(_port);
        }

        private void Read(long nowMs)
        {
            int n = _port.Read(_typed, 0, BytesPerStep);
            for (int i = 0; i < n; i++)
            {
                string? line = _editor.Take(_typed[i]);
                if (line != null)
                {
                    Run(line, nowMs);
                }
            }
        }

        private void StepSelfTest(long nowMs)
        {
            // Any key but an answer of the test ends it.
            if (_port.Read(_typed, 0, BytesPerStep) > 0 && _typed[0] == 3)
            {
                _selfTest.Cancel();
                _answer.Refuse("cancelled");
            }
            else
            {
                string? line = _selfTest.Step(nowMs);
                if (line != null)
                {
                    _out.Line(line);
                }
            }

            if (!_selfTest.Running)
            {
                Prompt();
            }
        }

        private void Run(string line, long nowMs)
        {
            Lines++;
            if (_editor.Cancelled)
            {
                _change.Cancel();
            }
            else if (_change.Asking)
            {
                _change.Answer(line);
            }
            else
            {
                Dispatch(line.Trim(), nowMs);
            }

            _editor.Secret = _change.AskingSecret;
            if (!_selfTest.Running)
            {
                Prompt();
            }
        }

        private void Dispatch(string line, long nowMs)
        {
            if (line.Length == 0)
            {
                return;
            }

            string[] words = line.Split(' ');
            int count = 0;
            bool json = false;
            for (int i = 0; i < words.Length; i++)
            {
                if (words[i] == "--json")
                {
                    json = true;
                }
                else if (words[i].Length > 0)
                {
                    words[count++] = words[i];
                }
            }

            if (count == 0)
            {
                return;
            }

            _answer.AsJson = json;
            string name = words[0];
            if (name == "help" || name == "?")
            {
                Help(json);
            }
            else if (name == "selftest" || _read.Knows(name))
            {
                if (count > 1)
                {
                    _answer.Refuse(name + " takes no more words; nothing done");
                }
                else if (name == "selftest")
                {
                    _selfTest.Begin(nowMs, json);
                }
                else
                {
                    _read.Run(name, json);
                }
            }
            else if (!_change.Run(words, count, line))
            {
                Unknown++;
                _answer.Refuse("No such command. Type help for the list.");
            }
        }

        private void Prompt()
        {
            string? question = _change.Question;
            _out.Raw(question == null || _answer.AsJson ? "> " : question);
        }

        private void Help(bool json)
        {
            if (json)
            {
                _report.Begin(true);
                _report.Text("", "look", "status temps chips fans volts pools ladder order events log");
                _report.Text("", "do", "set save wifi enroll selftest identify clear-fault restart factory-reset");
                _report.End();
                return;
            }

            _out.Line("Look:");
            _out.Line("  status  temps  chips  fans  volts  pools  ladder  order  events  log");
            _out.Line("Do:");
            _out.Line("  set ...             settings; set alone lists them");
            _out.Line("  save                store settings now");
            _out.Line("  wifi [NAME]         show or set the network; asks for the password");
            _out.Line("  enroll pod|board K  take a key with id K; asks for it");
            _out.Line("  enroll off          leave the host; asks first");
            _out.Line("  selftest            parts, rails, fans, chips, hash rate; Ctrl-C ends it");
            _out.Line("  identify            blink for 30 s");
            _out.Line("  clear-fault         release a latched fault after cooling");
            _out.Line("  restart [chain]     restart the controller, or only the chips");
            _out.Line("  factory-reset       forget settings; keys and latches stay; asks twice");
            _out.Line("Each takes --json: one line with the values, or with done, error or ask.");
            _out.Line("Ctrl-C drops a line or a question. Arrows edit and bring lines back.");
        }
    }
}
