using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Ballast.Firmware.Agent;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>
    /// The socket of the local page: one connection at a time, bounded in bytes and time by <see cref="LocalSession"/>, in a thread of the lowest
    /// priority. It only reads snapshots, so that a request costs the control loop nothing but its turn of the interpreter.
    /// </summary>
    public sealed class HttpPort
    {
        private const int RetryMs = 5000;
        private const int LookEveryUs = 250000;
        private const int SendTimeoutMs = 1000;

        private readonly LocalSession _session;
        private readonly IClock _clock;
        private readonly int _port;
        private readonly byte[] _buffer = new byte[256];

        /// <summary>A page of a board on a port.</summary>
        public HttpPort(BoardAgent agent, int port, string macAddress, IClock clock)
        {
            LocalApi api = new LocalApi(agent);
            api.MacAddress = macAddress;
            _session = new LocalSession(api);
            _port = port;
            _clock = clock;
        }

        /// <summary>Starts the thread.</summary>
        public void Start()
        {
            new Thread(Run) { Priority = ThreadPriority.Lowest }.Start();
        }

        // A page that fails is no reason to touch the chips: it tries again.
        private void Run()
        {
            while (true)
            {
                try
                {
                    Socket listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    listener.Bind(new IPEndPoint(IPAddress.Any, _port));
                    listener.Listen(1);
                    Serve(listener);
                }
                catch (Exception e)
                {
                    Debug.WriteLine("page: " + e.Message + "; trying again in 5 s");
                    Thread.Sleep(RetryMs);
                }
            }
        }

        private void Serve(Socket listener)
        {
            try
            {
                while (true)
                {
                    Socket peer = listener.Accept();
                    try
                    {
                        Answer(peer);
                    }
                    catch (SocketException)
                    {
                        // The peer went away.
                    }
                    finally
                    {
                        peer.Close();
                    }
                }
            }
            finally
            {
                listener.Close();
            }
        }

        private void Answer(Socket peer)
        {
            peer.SendTimeout = SendTimeoutMs;
            _session.Begin(_clock.NowMs);
            while (!_session.Sent && !_session.Over(_clock.NowMs))
            {
                if (_session.Waiting > 0)
                {
                    int n = peer.Send(_session.Answer, _session.First, _session.Waiting, SocketFlags.None);
                    if (n <= 0)
                    {
                        return;
                    }

                    _session.Took(n);
                }
                else if (peer.Poll(LookEveryUs, SelectMode.SelectRead))
                {
                    int n = peer.Receive(_buffer, 0, _buffer.Length, SocketFlags.None);
                    if (n <= 0)
                    {
                        return;
                    }

                    _session.Receive(_buffer, n, _clock.NowMs);
                }
            }
        }
    }
}
