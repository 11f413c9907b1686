using System.Net.Sockets;
using Ballast.Firmware.Pool;

namespace Ballast.Virtual.Boards;

/// <summary>A non-blocking socket as the firmware's byte stream. Plain TCP only: a request for TLS fails, it never falls back.</summary>
public sealed class SocketTcpLink : ITcpLink, IDisposable
{
    private Socket? _socket;
    private Task? _connecting;

    /// <inheritdoc/>
    public TcpState State
    {
        get
        {
            if (_connecting is { } connecting)
            {
                if (!connecting.IsCompleted)
                    return TcpState.Connecting;
                _connecting = null;
                if (!connecting.IsCompletedSuccessfully)
                    Close();
            }

            return _socket is null ? TcpState.Closed : TcpState.Open;
        }
    }

    /// <inheritdoc/>
    public void Connect(string host, int port, bool tls)
    {
        Close();
        if (tls)
            return;
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _connecting = ConnectAsync(_socket, host, port);
    }

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        if (State != TcpState.Open)
            return 0;
        try
        {
            if (!_socket!.Poll(0, SelectMode.SelectRead))
                return 0;
            int got = _socket.Receive(buffer, offset, count, SocketFlags.None);
            if (got == 0)
                Close();
            return got;
        }
        catch (SocketException)
        {
            Close();
            return 0;
        }
    }

    /// <inheritdoc/>
    public bool Write(byte[] buffer, int offset, int count)
    {
        if (State != TcpState.Open)
            return false;
        try
        {
            // The send buffer of the kernel takes whole lines; a peer that lets it fill up is closed.
            _socket!.Blocking = false;
            int sent = _socket.Send(buffer, offset, count, SocketFlags.None);
            if (sent == count)
                return true;
        }
        catch (SocketException)
        {
        }

        Close();
        return false;
    }

    /// <inheritdoc/>
    public void Close()
    {
        _connecting = null;
        _socket?.Dispose();
        _socket = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private static async Task ConnectAsync(Socket socket, string host, int port)
    {
        try
        {
            await socket.ConnectAsync(host, port);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException("not connected", e);
        }
    }
}
