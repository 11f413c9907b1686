namespace Ballast.Terminal;

/// <summary>How a session at a console ended.</summary>
public enum SessionEnd
{
    /// <summary>The person ended it.</summary>
    Left,

    /// <summary>The board's side is gone.</summary>
    BoardGone,

    /// <summary>A signal ended this program.</summary>
    Stopped,
}

/// <summary>A person at a console: passes keys to the port and the port's bytes to the screen until the exit key.</summary>
public static class LiveSession
{
    /// <summary>Ctrl-]: the key that ends a session. All others, Ctrl-C too, belong to the board.</summary>
    public const byte ExitKey = 0x1D;

    private const int TurnMs = 200;

    /// <summary>Runs until it ends. The terminal must be raw (<see cref="UserTerminal"/>).</summary>
    public static SessionEnd Run(TtyPort port, CancellationToken stop)
    {
        byte[] keys = new byte[512];
        byte[] screen = new byte[4096];
        int first = 0;
        int waiting = 0;
        while (!stop.IsCancellationRequested)
        {
            // Keys are taken only when the port took the last ones.
            PollEntry input = Descriptor.Entry(Descriptor.StandardInput, LibC.PollIn);
            PollEntry board = Descriptor.Entry(port.File, waiting > 0 ? (short)(LibC.PollIn | LibC.PollOut) : LibC.PollIn);
            Span<PollEntry> both = waiting > 0 ? [board] : [board, input];
            if (!Descriptor.Poll(both, TurnMs))
                continue;
            if ((both[0].Returned & (LibC.PollIn | LibC.PollHangUp | LibC.PollError)) != 0 && !Show(port, screen))
                return SessionEnd.BoardGone;
            if (waiting == 0 && both.Length > 1 && both[1].Returned != 0)
            {
                int got = Descriptor.Read(Descriptor.StandardInput, keys);
                int exit = got <= 0 ? got : Array.IndexOf(keys, ExitKey, 0, got);
                if (got == Descriptor.Gone || exit == 0)
                    return SessionEnd.Left;
                first = 0;
                waiting = exit > 0 ? exit : got;
                if (exit > 0)
                {
                    port.Write(keys.AsSpan(0, exit));
                    return SessionEnd.Left;
                }
            }

            if (waiting > 0)
            {
                int took = port.Write(keys.AsSpan(first, waiting));
                if (took < 0)
                    return SessionEnd.BoardGone;
                first += took;
                waiting -= took;
            }
        }

        return SessionEnd.Stopped;
    }

    private static bool Show(TtyPort port, byte[] screen)
    {
        int got = port.Read(screen);
        if (got < 0)
            return false;
        ReadOnlySpan<byte> rest = screen.AsSpan(0, got);
        while (!rest.IsEmpty)
        {
            int shown = Descriptor.Write(Descriptor.StandardOutput, rest);
            if (shown < 0)
                return true;
            rest = rest[shown..];
            if (shown == 0)
                Thread.Sleep(1);
        }

        return true;
    }
}
