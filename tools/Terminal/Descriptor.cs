using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ballast.Terminal;

/// <summary>Reads and writes of a file that does not block, without exceptions.</summary>
internal static unsafe class Descriptor
{
    /// <summary>Its other side is gone, or it failed.</summary>
    internal const int Gone = -1;

    internal static SafeFileHandle StandardInput { get; } = new(0, ownsHandle: false);

    internal static SafeFileHandle StandardOutput { get; } = new(1, ownsHandle: false);

    /// <summary>Bytes taken; 0 if there are none now; <see cref="Gone"/>.</summary>
    internal static int Read(SafeFileHandle file, Span<byte> into)
    {
        nint got;
        fixed (byte* p = into)
            got = LibC.read(file, p, (nuint)into.Length);
        return got > 0 ? (int)got : got < 0 && Transient() ? 0 : Gone;
    }

    /// <summary>Bytes that the file took, 0 if it takes none now; <see cref="Gone"/>.</summary>
    internal static int Write(SafeFileHandle file, ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty)
            return 0;
        nint took;
        fixed (byte* p = from)
            took = LibC.write(file, p, (nuint)from.Length);
        return took >= 0 ? (int)took : Transient() ? 0 : Gone;
    }

    /// <summary>Waits for events; false if none came in time.</summary>
    internal static bool Poll(Span<PollEntry> entries, int timeoutMs)
    {
        int ready;
        fixed (PollEntry* p = entries)
        {
            do
                ready = LibC.poll(p, (nuint)entries.Length, timeoutMs);
            while (ready < 0 && timeoutMs == 0 && Marshal.GetLastPInvokeError() == LibC.ErrorInterrupted);
        }

        if (ready >= 0)
            return ready > 0;

        // A signal came first: the caller looks again.
        foreach (ref PollEntry entry in entries)
            entry.Returned = 0;
        return false;
    }

    internal static PollEntry Entry(SafeFileHandle file, short events) => new() { Descriptor = (int)file.DangerousGetHandle(), Events = events };

    private static bool Transient() => Marshal.GetLastPInvokeError() is LibC.ErrorAgain or LibC.ErrorInterrupted;
}
