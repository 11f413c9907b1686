using Ballast.Mqtt.Native;

namespace Ballast.Mqtt;

/// <summary>Waits for a socket or for a call from another thread, whichever comes first.</summary>
internal sealed unsafe class WakePipe : IDisposable
{
    private readonly int _read = -1;
    private readonly int _write = -1;
    private int _pending;

    internal WakePipe()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int* ends = stackalloc int[2];
        if (PosixNative.Pipe(ends) == 0)
        {
            _read = ends[0];
            _write = ends[1];
        }
    }

    /// <summary>Ends the present or the next wait. At most one byte is ever in the pipe, so this never blocks.</summary>
    internal void Wake()
    {
        if (_write >= 0 && Interlocked.Exchange(ref _pending, 1) == 0)
        {
            byte one = 1;
            _ = PosixNative.Write(_write, &one, 1);
        }
    }

    /// <summary>Waits until the socket is ready, <see cref="Wake"/> was called, or the time is over.</summary>
    internal void Wait(int socket, bool wantWrite, int timeoutMs)
    {
        if (_read < 0)
        {
            // No poll here (Windows): a short sleep costs latency, not correctness.
            Thread.Sleep(5);
            return;
        }

        PosixNative.PollFd* fds = stackalloc PosixNative.PollFd[2];
        fds[0] = new PosixNative.PollFd { Fd = _read, Events = PosixNative.PollIn };
        fds[1] = new PosixNative.PollFd
        {
            Fd = socket,
            Events = (short)(PosixNative.PollIn | (wantWrite ? PosixNative.PollOut : 0)),
        };
        _ = PosixNative.Poll(fds, socket < 0 ? 1u : 2u, timeoutMs);
        if (fds[0].Returned != 0)
        {
            byte one;
            Volatile.Write(ref _pending, 0);
            _ = PosixNative.Read(_read, &one, 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_read >= 0)
        {
            _ = PosixNative.Close(_read);
            _ = PosixNative.Close(_write);
        }
    }
}
