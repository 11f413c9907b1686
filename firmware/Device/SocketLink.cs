using System;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using Ballast.Firmware.Pool;

namespace Ballast.Device
{
    /// <summary>
    /// A TCP or TLS stream. Name look-up, connect and handshake run in the link's own thread, so that the control loop goes on where the
    /// runtime lets it; where a native call stops all threads, the pool client has asked before (S20).
    /// </summary>
    public sealed class SocketLink : ITcpLink
    {
        private const int SendTimeoutMs = 250;

        private readonly object _lock = new object();
        private readonly AutoResetEvent _wanted = new AutoResetEvent(false);
        private readonly NameCache _names;
        private Socket? _socket;
        private NetworkStream? _stream;
        private string _host = "";
        private int _port;
        private bool _tls;
        private int _generation;

        /// <summary>A closed link with its thread.</summary>
        public SocketLink(NameCache names)
        {
            _names = names;
            new Thread(Run).Start();
        }

        /// <inheritdoc/>
        public TcpState State { get; private set; }

        /// <inheritdoc/>
        public void Connect(string host, int port, bool tls)
        {
            lock (_lock)
            {
                CloseLocked();
                _host = host;
                _port = port;
                _tls = tls;
                State = TcpState.Connecting;
            }

            _wanted.Set();
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            lock (_lock)
            {
                if (State != TcpState.Open)
                {
                    return 0;
                }

                try
                {
                    int waiting = _socket!.Available;
                    if (_stream != null)
                    {
                        if (_stream.DataAvailable)
                        {
                            return _stream.Read(buffer, offset, count);
                        }
                    }
                    else if (waiting > 0)
                    {
                        return _socket.Receive(buffer, offset, waiting < count ? waiting : count, SocketFlags.None);
                    }

                    // Readable without bytes: the peer has closed.
                    if (waiting == 0 && _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0)
                    {
                        CloseLocked();
                    }
                }
                catch (Exception)
                {
                    CloseLocked();
                }

                return 0;
            }
        }

        /// <inheritdoc/>
        public bool Write(byte[] buffer, int offset, int count)
        {
            lock (_lock)
            {
                if (State != TcpState.Open)
                {
                    return false;
                }

                try
                {
                    if (_stream != null)
                    {
                        _stream.Write(buffer, offset, count);
                        return true;
                    }

                    int sent = 0;
                    while (sent < count)
                    {
                        int n = _socket!.Send(buffer, offset + sent, count - sent, SocketFlags.None);
                        if (n <= 0)
                        {
                            CloseLocked();
                            return false;
                        }

                        sent += n;
                    }

                    return true;
                }
                catch (Exception)
                {
                    CloseLocked();
                    return false;
                }
            }
        }

        /// <inheritdoc/>
        public void Close()
        {
            lock (_lock)
            {
                CloseLocked();
            }
        }

        private static void Dispose(Socket? socket, NetworkStream? stream)
        {
            try
            {
                stream?.Close();
                socket?.Close();
            }
            catch (Exception)
            {
                // It is gone either way.
            }
        }

        private void CloseLocked()
        {
            _generation++;
            Dispose(_socket, _stream);
            _socket = null;
            _stream = null;
            State = TcpState.Closed;
        }

        private void Run()
        {
            try
            {
                while (true)
                {
                    _wanted.WaitOne();
                    Open();
                }
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("pool link", e.Message);
            }
        }

        private void Open()
        {
            string host;
            int port;
            bool tls;
            int generation;
            lock (_lock)
            {
                if (State != TcpState.Connecting)
                {
                    return;
                }

                host = _host;
                port = _port;
                tls = _tls;
                generation = _generation;
            }

            Socket? socket = null;
            NetworkStream? stream = null;
            try
            {
                IPAddress? address = _names.Find(host);
                if (address != null)
                {
                    socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Connect(new IPEndPoint(address, port));
                    socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, true);
                    socket.SendTimeout = SendTimeoutMs;
                    if (tls)
                    {
                        SslStream secure = new SslStream(socket);
                        stream = secure;
                        secure.SslVerification = SslVerification.CertificateRequired;
                        secure.AuthenticateAsClient(host, SslProtocols.Tls12);
                    }
                }
            }
            catch (Exception)
            {
                _names.Forget(host);
                Dispose(socket, stream);
                socket = null;
                stream = null;
            }

            lock (_lock)
            {
                if (generation != _generation)
                {
                    // Closed, or asked for another peer, in the meantime.
                    Dispose(socket, stream);
                    return;
                }

                _socket = socket;
                _stream = stream;
                State = socket == null ? TcpState.Closed : TcpState.Open;
            }
        }
    }
}
