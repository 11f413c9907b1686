using System.Net.Sockets;
using Ballast.Firmware.Console;

namespace Ballast.Virtual.Consoles;

/// <summary>A non-blocking connection as the firmware's console port.</summary>
internal sealed class SocketPort(Socket socket) : IConsolePort
{
    /// <summary>True once the other side is gone.</summary>
    public bool Gone { get; private set; }

    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count)
    {
        if (Gone || !socket.Poll(0, SelectMode.SelectRead))
            return 0;
        int got = Try(() => socket.Receive(buffer, offset, count, SocketFlags.None));
        Gone |= got == 0;
        return Math.Max(0, got);
    }

    /// <inheritdoc/>
    public int Write(byte[] buffer, int offset, int count) => Gone ? 0 : Math.Max(0, Try(() => socket.Send(buffer, offset, count, SocketFlags.None)));

    /// <summary>Bytes, or -1 if the kernel takes or has none now.</summary>
    private int Try(Func<int> call)
    {
        try
        {
            return call();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return -1;
        }
        catch (SocketException)
        {
            Gone = true;
            return -1;
        }
    }
}
