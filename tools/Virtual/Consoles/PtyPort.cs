using Ballast.Firmware.Console;
using Ballast.Terminal;

namespace Ballast.Virtual.Consoles;

/// <summary>A pseudo-terminal as the firmware's console port.</summary>
internal sealed class PtyPort(Pty pty) : IConsolePort
{
    /// <inheritdoc/>
    public int Read(byte[] buffer, int offset, int count) => pty.Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public int Write(byte[] buffer, int offset, int count) => pty.Write(buffer.AsSpan(offset, count));
}
