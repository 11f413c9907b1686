using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;

namespace Ballast.Device
{
    /// <summary>
    /// The socket of the technician's console over the network (<see cref="LanConsole"/>), stepped by the control loop, because the console reaches
    /// the agent. It asks before each call whether the call would wait, so that no peer can hold the loop up. A second caller waits until the first
    /// has left; who does not say the password is sent away after a minute.
    /// </summary>
    public sealed class LanPort : IConsolePort
    {
        private const int LookEveryMs = 200;
        private const int RetryMs = 5000;

        // What a socket that can be written to takes at once: far less than its buffer.
        private const int Chunk = 128;

        private readonly LanConsole _console;
        private readonly int _port;
        private Socket? _listener;
        private Socket? _peer;
        private long _nextMs;
        private bool _gone;

        /// <summary>A console of a board on a port; opens nothing yet.</summary>
        public LanPort(BoardAgent agent, int port, string password)
        {
            _console = new LanConsole(agent, new PasswordCheck(password));
            _port = port;
        }

        /// <summary>One turn of the control loop. Never throws: a network that fails is no reason to touch the chips.</summary>
        public void Step(long nowMs)
        {
            try
            {
                if (_peer != null)
                {
                    Serve(nowMs);
                }
                else if (nowMs >= _nextMs)
                {
                    _nextMs = nowMs + LookEveryMs;
                    Look(nowMs);
                }
            }
            catch (Exception e)
            {
                Debug.WriteLine("network console: " + e.Message + "; trying again in 5 s");
                Leave();
                Drop(_listener);
                _listener = null;
                _nextMs = nowMs + RetryMs;
            }
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                int waiting = _peer!.Available;
                if (waiting > 0)
                {
                    return _peer.Receive(buffer, offset, waiting < count ? waiting : count, SocketFlags.None);
                }

                // Readable without bytes: the peer has closed.
                _gone |= _peer.Poll(0, SelectMode.SelectRead) && _peer.Available == 0;
            }
            catch (Exception)
            {
                _gone = true;
            }

            return 0;
        }

        /// <inheritdoc/>
        public int Write(byte[] buffer, int offset, int count)
        {
            try
            {
                if (count == 0 || !_peer!.Poll(0, SelectMode.SelectWrite))
                {
                    return 0;
                }

                int sent = _peer.Send(buffer, offset, count < Chunk ? count : Chunk, SocketFlags.None);
                return sent > 0 ? sent : 0;
            }
            catch (Exception)
            {
                // Taken as written, or the console would wait for ever.
                _gone = true;
                return count;
            }
        }

        private static void Drop(Socket? socket)
        {
            try
            {
                socket?.Close();
            }
            catch (Exception)
            {
                // It is gone either way.
            }
        }

        private void Look(long nowMs)
        {
            if (_listener == null)
            {
                _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _listener.Bind(new IPEndPoint(IPAddress.Any, _port));
                _listener.Listen(1);
            }

            if (_listener.Poll(0, SelectMode.SelectRead))
            {
                _peer = _listener.Accept();
                _gone = false;
                _console.Begin(this, nowMs);
            }
        }

        private void Serve(long nowMs)
        {
            _console.Step(nowMs);
            if (!_console.Open || _gone)
            {
                Leave();
            }
        }

        private void Leave()
        {
            if (_console.Open)
            {
                _console.Close();
            }

            Drop(_peer);
            _peer = null;
        }
    }
}
