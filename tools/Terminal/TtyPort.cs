using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ballast.Terminal;

/// <summary>
/// A serial port, or the outer side of a pseudo-terminal: raw, 8N1, no flow control, for this program alone. It never sets DTR or RTS, and
/// leaves them as they are when it closes. (Linux raises both together when a port is opened; the usual reset circuit of an ESP32 acts only
/// when they differ.)
/// </summary>
public sealed class TtyPort : IDisposable
{
    // Linux numbers rates (asm-generic/termbits.h); these are the ones that USB adapters and the ESP32 share.
    private static readonly (int Baud, uint Code)[] Rates =
    [
        (9600, 0xD), (19200, 0xE), (38400, 0xF), (57600, 0x1001), (115200, 0x1002), (230400, 0x1003), (460800, 0x1004), (921600, 0x1007),
        (1000000, 0x1008), (1500000, 0x100A), (2000000, 0x100B),
    ];

    private readonly SafeFileHandle _file;
    private readonly Termios _before;

    private TtyPort(SafeFileHandle file, Termios before, string path)
    {
        _file = file;
        _before = before;
        Path = path;
    }

    /// <summary>Rates that can be asked for, for messages.</summary>
    public static string KnownRates => string.Join(", ", Rates.Select(r => r.Baud));

    /// <summary>Device.</summary>
    public string Path { get; }

    internal SafeFileHandle File => _file;

    /// <summary>True for a rate that <see cref="TryOpen"/> takes.</summary>
    public static bool Knows(int baud) => Array.Exists(Rates, r => r.Baud == baud);

    /// <summary>Opens a port; null with one sentence that says what is wrong and what to do.</summary>
    public static TtyPort? TryOpen(string path, int baud, out string problem)
    {
        const int Flags = LibC.OpenReadWrite | LibC.OpenNoControl | LibC.OpenNonBlocking | LibC.OpenCloseOnExec;
        problem = "";
        var file = new SafeFileHandle(LibC.open(path, Flags), ownsHandle: true);
        if (file.IsInvalid)
        {
            problem = WhyNot(path, Marshal.GetLastPInvokeError());
        }
        else if (LibC.isatty(file) == 0 || LibC.tcgetattr(file, out Termios before) != 0)
        {
            problem = $"{path} is no serial port: see ls /dev/ttyUSB* /dev/ttyACM*.";
        }
        else if (LibC.flock(file, LibC.LockExclusiveNow) != 0)
        {
            problem = Busy(path);
        }
        else if (!Set(file, before, baud))
        {
            problem = $"{path} does not take {baud} baud ({Marshal.GetLastPInvokeErrorMessage()}): choose another with --baud.";
        }
        else
        {
            _ = LibC.ioctl(file, LibC.SetExclusive, 0);
            return new TtyPort(file, before, path);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Takes what came; 0 if nothing did, -1 once the other side is gone.</summary>
    public int Read(Span<byte> into) => Descriptor.Read(_file, into);

    /// <summary>Sends; the bytes that were taken, -1 once the other side is gone.</summary>
    public int Write(ReadOnlySpan<byte> from) => Descriptor.Write(_file, from);

    /// <summary>Waits until something came or the other side went; false if neither did in time.</summary>
    public bool Wait(int timeoutMs)
    {
        Span<PollEntry> one = [Descriptor.Entry(_file, LibC.PollIn)];
        return Descriptor.Poll(one, timeoutMs);
    }

    /// <summary>Closes it and gives it back as it was, but for the modem lines: those stay.</summary>
    public void Dispose()
    {
        Termios before = _before;
        before.Control &= ~LibC.ControlHangUpOnClose;
        _ = LibC.tcsetattr(_file, LibC.ApplyNow, in before);
        _ = LibC.ioctl(_file, LibC.ClearExclusive, 0);
        _file.Dispose();
    }

    private static bool Set(SafeFileHandle file, Termios attributes, int baud)
    {
        LibC.cfmakeraw(ref attributes);
        attributes.Input &= ~LibC.InputSoftwareFlow;
        attributes.Control &= ~(LibC.ControlHangUpOnClose | LibC.ControlHardwareFlow | LibC.ControlTwoStopBits);
        attributes.Control |= LibC.ControlNoModemLines | LibC.ControlReceiver;
        return LibC.cfsetspeed(ref attributes, Array.Find(Rates, r => r.Baud == baud).Code) == 0
            && LibC.tcsetattr(file, LibC.ApplyNow, in attributes) == 0;
    }

    private static string WhyNot(string path, int error) => error switch
    {
        LibC.ErrorNoEntry => $"There is no {path}: plug the adapter in, then see ls /dev/ttyUSB* /dev/ttyACM*.",
        LibC.ErrorAccess or LibC.ErrorNotPermitted =>
            $"{path} may not be opened by you: join its group (sudo usermod -aG dialout $USER) and log in again.",
        LibC.ErrorBusy => Busy(path),
        _ => $"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.",
    };

    private static string Busy(string path) => $"{path} is in use by another program: close it there (fuser {path} names it).";
}
