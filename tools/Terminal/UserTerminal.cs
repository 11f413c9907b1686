using System.Runtime.InteropServices;

namespace Ballast.Terminal;

/// <summary>
/// The terminal of the person at this program, raw while this object lives, so that keys reach the board one by one and the board's own
/// line editing works. It is given back as it was in every way that this program can end but SIGKILL.
/// </summary>
public sealed class UserTerminal : IDisposable
{
    private readonly Termios _before;
    private readonly Termios _raw;
    private readonly PosixSignalRegistration[] _signals;

    private UserTerminal(Termios before)
    {
        _before = before;
        _raw = before;
        LibC.cfmakeraw(ref _raw);
        AppDomain.CurrentDomain.ProcessExit += Restore;
        _signals =
        [
            // Stopped while raw, the shell would get an unusable terminal; continued, it has to be raw again.
            PosixSignalRegistration.Create(PosixSignal.SIGTSTP, c => c.Cancel = true),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Apply(in _raw)),
        ];
        Apply(in _raw);
    }

    /// <summary>Takes the terminal over; null if standard input is none.</summary>
    public static UserTerminal? TryTake() =>
        LibC.isatty(Descriptor.StandardInput) != 0 && LibC.tcgetattr(Descriptor.StandardInput, out Termios before) == 0 ? new UserTerminal(before) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        Apply(in _before);
    }

    private static void Apply(in Termios attributes) => _ = LibC.tcsetattr(Descriptor.StandardInput, LibC.ApplyNow, in attributes);

    private void Restore(object? sender, EventArgs e) => Apply(in _before);
}
