using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ballast.Terminal;

/// <summary>struct termios of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Termios
{
    internal uint Input;
    internal uint Output;
    internal uint Control;
    internal uint Local;
    internal byte Line;
    internal ControlCharacters Characters;
    internal uint InSpeed;
    internal uint OutSpeed;

    [InlineArray(32)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    internal int Descriptor;
    internal short Events;
    internal short Returned;
}

/// <summary>
/// The part of Linux's C library that .NET has nothing for: pseudo-terminals and terminal attributes. Numbers are those of the generic
/// Linux ABI (x86-64, arm64).
/// </summary>
internal static unsafe partial class LibC
{
    internal const int OpenReadWrite = 0x2;
    internal const int OpenNoControl = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x80000;

    internal const short PollIn = 0x1;
    internal const short PollOut = 0x4;
    internal const short PollError = 0x8;
    internal const short PollHangUp = 0x10;

    internal const int ErrorNotPermitted = 1;
    internal const int ErrorNoEntry = 2;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorAgain = 11;
    internal const int ErrorAccess = 13;
    internal const int ErrorBusy = 16;

    internal const nuint SetExclusive = 0x540C;
    internal const nuint ClearExclusive = 0x540D;
    internal const int LockExclusiveNow = 2 | 4;

    internal const int ApplyNow = 0;
    internal const int FlushBoth = 2;

    internal const uint ControlHangUpOnClose = 0x400;
    internal const uint ControlNoModemLines = 0x800;
    internal const uint ControlReceiver = 0x80;
    internal const uint ControlTwoStopBits = 0x40;
    internal const uint ControlHardwareFlow = 0x80000000;
    internal const uint InputSoftwareFlow = 0x400 | 0x800 | 0x1000;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int posix_openpt(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int grantpt(SafeFileHandle master);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlockpt(SafeFileHandle master);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ptsname_r(SafeFileHandle master, byte* name, nuint length);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(SafeFileHandle file, byte* into, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(SafeFileHandle file, byte* from, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(PollEntry* entries, nuint count, int timeoutMs);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetattr(SafeFileHandle file, out Termios attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcsetattr(SafeFileHandle file, int when, in Termios attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcflush(SafeFileHandle file, int queue);

    [LibraryImport(Library)]
    internal static partial void cfmakeraw(ref Termios attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int cfsetspeed(ref Termios attributes, uint speed);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport(Library)]
    internal static partial int isatty(SafeFileHandle file);

    [LibraryImport(Library)]
    internal static partial uint geteuid();
}
