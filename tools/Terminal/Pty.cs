using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ballast.Terminal;

/// <summary>
/// The inner side of a pseudo-terminal: what a person opens at <see cref="Path"/> reads and types here. Nothing blocks, and bytes pass as
/// they are. <see cref="PtyPoll"/> says when somebody is there.
/// </summary>
public sealed class Pty : IDisposable
{
    private readonly SafeFileHandle _master;

    private Pty(SafeFileHandle master, string path)
    {
        _master = master;
        Path = path;
    }

    /// <summary>Device that a person opens, such as /dev/pts/7.</summary>
    public string Path { get; }

    internal SafeFileHandle Master => _master;

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">The system has none to give.</exception>
    public static Pty Open()
    {
        const int Flags = LibC.OpenReadWrite | LibC.OpenNoControl | LibC.OpenCloseOnExec | LibC.OpenNonBlocking;
        var master = new SafeFileHandle(LibC.posix_openpt(Flags), ownsHandle: true);
        if (master.IsInvalid || LibC.grantpt(master) != 0 || LibC.unlockpt(master) != 0)
            throw Failed(master);
        string path = NameOf(master);
        Raw(master);

        // A pty that nobody has opened yet does not tell that nobody is there: opened and closed once, it does.
        using var slave = new SafeFileHandle(LibC.open(path, Flags), ownsHandle: true);
        return slave.IsInvalid ? throw Failed(master) : new Pty(master, path);
    }

    /// <summary>Takes what was typed; 0 if nothing was, or nobody is there.</summary>
    public int Read(Span<byte> into) => Math.Max(0, Descriptor.Read(_master, into));

    /// <summary>Sends; the bytes that were taken.</summary>
    public int Write(ReadOnlySpan<byte> from) => Math.Max(0, Descriptor.Write(_master, from));

    /// <summary>Drops what was sent and typed and never read, so that the next person does not see it.</summary>
    public void Forget()
    {
        Span<byte> typed = stackalloc byte[256];
        while (Read(typed) > 0)
        {
        }

        // Flushing one side drops what waits at the other: this opens the outer side for the moment.
        using var slave = new SafeFileHandle(LibC.open(Path, LibC.OpenReadWrite | LibC.OpenNoControl | LibC.OpenCloseOnExec | LibC.OpenNonBlocking), ownsHandle: true);
        if (!slave.IsInvalid)
            _ = LibC.tcflush(slave, LibC.FlushBoth);
        Raw(_master);
    }

    /// <inheritdoc/>
    public void Dispose() => _master.Dispose();

    private static void Raw(SafeFileHandle file)
    {
        if (LibC.tcgetattr(file, out Termios attributes) != 0)
            return;
        LibC.cfmakeraw(ref attributes);
        _ = LibC.tcsetattr(file, LibC.ApplyNow, in attributes);
    }

    private static unsafe string NameOf(SafeFileHandle master)
    {
        byte* name = stackalloc byte[128];
        if (LibC.ptsname_r(master, name, 128) != 0)
            throw Failed(master);
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    private static IOException Failed(SafeFileHandle master)
    {
        string why = Marshal.GetLastPInvokeErrorMessage();
        master.Dispose();
        return new IOException($"The system gives no pseudo-terminal ({why}): see /proc/sys/kernel/pty/max and ulimit -n.");
    }
}
