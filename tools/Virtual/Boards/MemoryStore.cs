using Ballast.Firmware.Agent;

namespace Ballast.Virtual.Boards;

/// <summary>A board's two flash slots. They outlive the agent, so that a restart finds what was stored.</summary>
public sealed class MemoryStore : IStore
{
    private readonly byte[]?[] _slots = new byte[]?[2];

    /// <summary>True makes every write fail, as worn flash does.</summary>
    public bool RefuseWrites { get; set; }

    /// <inheritdoc/>
    public int Read(int slot, byte[] buffer)
    {
        if (_slots[slot] is not { } stored)
            return 0;
        int count = Math.Min(stored.Length, buffer.Length);
        stored.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    /// <inheritdoc/>
    public bool Write(int slot, byte[] buffer, int count)
    {
        if (RefuseWrites)
            return false;
        _slots[slot] = buffer.AsSpan(0, count).ToArray();
        return true;
    }
}
