using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Start;
using Ballast.Hw.Bus;

namespace Ballast.Device
{
    /// <summary>
    /// The socket of the read-only page: one connection at a time, bounded in bytes and time, in a thread of the lowest priority. It only reads
    /// snapshots, so that a request costs the control loop nothing but its turn of the interpreter.
    /// </summary>
    public sealed class HttpPort
    {
        private const int RetryMs = 5000;
        private const int ReceiveTimeoutMs = 500;
        private const int SendTimeoutMs = 1000;

        private readonly LocalApi _api;
        private readonly IClock _clock;
        private readonly int _port;
        private readonly HttpRequest _request = new HttpRequest();
        private readonly byte[] _answer = new byte[LocalApi.MaxResponse];

        /// <summary>A page of a board on a port.</summary>
        public HttpPort(BoardAgent agent, int port, IClock clock)
        {
            _api = new LocalApi(agent);
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
            peer.ReceiveTimeout = ReceiveTimeoutMs;
            peer.SendTimeout = SendTimeoutMs;
            _request.Begin(_clock.NowMs);
            HttpProgress progress = HttpProgress.More;
            while (progress == HttpProgress.More)
            {
                int received = peer.Receive(_request.Bytes, _request.Count, _request.Room, SocketFlags.None);
                if (received <= 0)
                {
                    return;
                }

                progress = _request.Took(received, _clock.NowMs);
            }

            int count = progress == HttpProgress.Complete ? _request.Count : 0;
            int length = _api.Respond(_request.Bytes, count, _answer);
            int sent = 0;
            while (sent < length)
            {
                int n = peer.Send(_answer, sent, length - sent, SocketFlags.None);
                if (n <= 0)
                {
                    return;
                }

                sent += n;
            }
        }
    }
}
