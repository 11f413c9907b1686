using Ballast.Wire;

namespace Ballast.Firmware.Tests.Week;

/// <summary>A message on its way to the board, and what its sender knows about it.</summary>
internal sealed record WeekMessage
{
    public required string Topic { get; init; }

    public required byte[] Bytes { get; init; }

    public bool Retained { get; init; }

    /// <summary>What the host meant; null for anything that no host of this board has signed for this topic.</summary>
    public DispatchOrder? Dispatch { get; init; }

    /// <summary>The same for one board.</summary>
    public SetMessage? Set { get; init; }

    /// <summary>True if a board must look at it: signed, for its topic, not retained.</summary>
    public bool IsGenuine => !Retained && (Dispatch != null || Set != null);
}
