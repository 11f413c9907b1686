using Ballast.Firmware.Agent;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// The technician's console over the network: off unless a password is set. One person at a time; the password first, then the same
    /// commands as at the serial port, but for those that take keys or passwords, because the stream is not encrypted. Ten quiet minutes
    /// end it. Its owner brings the socket as a port, steps it, and closes the socket once <see cref="Open"/> is false.
    /// </summary>
    public sealed class LanConsole
    {
        /// <summary>Longest time for the password, ms.</summary>
        public const int LoginMs = 60000;

        /// <summary>Longest time without a key, ms.</summary>
        public const int QuietMs = 600000;

        private readonly BoardAgent _agent;
        private readonly PasswordCheck _password;
        private readonly ConsoleText _out = new ConsoleText();
        private readonly LineEditor _editor;
        private readonly byte[] _typed = new byte[64];
        private CountingPort _port = null!;
        private TechnicianConsole? _console;
        private long _sinceMs;
        private bool _ending;

        /// <summary>Makes it for a board. The check outlives sessions, so that a new connection is no new try.</summary>
        public LanConsole(BoardAgent agent, PasswordCheck password)
        {
            _agent = agent;
            _password = password;
            _editor = new LineEditor(_out);
        }

        /// <summary>True while a session lasts.</summary>
        public bool Open { get; private set; }

        /// <summary>Begins a session. Only while none is open.</summary>
        public void Begin(IConsolePort port, long nowMs)
        {
            _port = new CountingPort(port);
            _console = null;
            _sinceMs = nowMs;
            _ending = false;
            _editor.Secret = true;
            Open = true;
            long wait = _password.WaitMs(nowMs);
            if (wait > 0)
            {
                End("too many wrong passwords; try again in " + ((wait + 999) / 1000).ToString() + " s");
            }
            else
            {
                _out.Raw("Password: ");
            }
        }

        /// <summary>Ends the session: the other side is gone.</summary>
        public void Close()
        {
            // Half a password must not stay for the next; the first Ctrl-C may only end an escape sequence.
            _editor.Take(3);
            _editor.Take(3);
            while (_out.Pending > 0)
            {
                _out.Drain(Nowhere.Port);
            }

            _console = null;
            Open = false;
        }

        /// <summary>One turn.</summary>
        public void Step(long nowMs)
        {
            if (!Open)
            {
                return;
            }

            if (_ending)
            {
                _out.Drain(_port);
                if (_out.Pending == 0 || nowMs - _sinceMs >= LoginMs)
                {
                    Close();
                }

                return;
            }

            if (_console == null)
            {
                Login(nowMs);
                return;
            }

            int before = _port.Typed;
            _console.Step(nowMs);
            if (_port.Typed != before)
            {
                _sinceMs = nowMs;
            }
            else if (nowMs - _sinceMs >= QuietMs)
            {
                End("closed after ten quiet minutes");
            }
        }

        private void Login(long nowMs)
        {
            int n = _port.Read(_typed, 0, _typed.Length);
            for (int i = 0; i < n && _console == null && !_ending; i++)
            {
                string? line = _editor.Take(_typed[i]);
                if (line != null)
                {
                    Enter(line, nowMs);
                }
            }

            System.Array.Clear(_typed, 0, _typed.Length);
            if (_console == null && !_ending && nowMs - _sinceMs >= LoginMs)
            {
                End("closed: no password came");
            }

            _out.Drain(_port);
        }

        private void Enter(string password, long nowMs)
        {
            if (password.Length == 0)
            {
                // An end of line or Ctrl-C is no guess.
                _out.Raw("Password: ");
                return;
            }

            if (_password.Try(password, nowMs))
            {
                _console = new TechnicianConsole(_agent, _port, null, takesSecrets: false);
                _sinceMs = nowMs;
                return;
            }

            // One try a connection: the next one has to connect again.
            _agent.Log.Add(2, _agent.Record.LogLevel, "wrong password at the network console", nowMs);
            End("wrong password");
        }

        private void End(string why)
        {
            _console = null;
            _ending = true;
            _out.Line(why);
        }

        private sealed class CountingPort : IConsolePort
        {
            private readonly IConsolePort _port;

            internal CountingPort(IConsolePort port)
            {
                _port = port;
            }

            internal int Typed { get; private set; }

            public int Read(byte[] buffer, int offset, int count)
            {
                int n = _port.Read(buffer, offset, count);
                Typed += n;
                return n;
            }

            public int Write(byte[] buffer, int offset, int count) => _port.Write(buffer, offset, count);
        }

        private sealed class Nowhere : IConsolePort
        {
            internal static readonly Nowhere Port = new Nowhere();

            public int Read(byte[] buffer, int offset, int count) => 0;

            public int Write(byte[] buffer, int offset, int count) => count;
        }
    }
}
