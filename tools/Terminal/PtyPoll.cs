namespace Ballast.Terminal;

/// <summary>Looks at many pseudo-terminals with one call of the system.</summary>
public sealed class PtyPoll
{
    private readonly PollEntry[] _entries;

    /// <summary>For these, in this order. They must outlive it.</summary>
    public PtyPoll(IReadOnlyList<Pty> all)
    {
        _entries = [.. all.Select(p => Descriptor.Entry(p.Master, LibC.PollIn))];
    }

    /// <summary>Looks; waits for nothing.</summary>
    public void Look() => Descriptor.Poll(_entries, 0);

    /// <summary>True if somebody has opened the outer side.</summary>
    public bool Open(int index) => (_entries[index].Returned & LibC.PollHangUp) == 0;

    /// <summary>True if something was typed.</summary>
    public bool Typed(int index) => (_entries[index].Returned & LibC.PollIn) != 0;
}
