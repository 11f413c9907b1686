using Ballast.Firmware.Agent;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Site;

namespace Ballast.Virtual.Boards;

/// <summary>Looks into a board for the oracle.</summary>
internal static class BoardLook
{
    /// <summary>What the agent's snapshot says, beside the model's true power.</summary>
    public static BoardProbe Into(BoardIdentity identity, BoardSnapshot s, long powerMw, long connectedSinceMs)
    {
        long rejects = 0;
        foreach (int count in s.Rejects)
            rejects += count;
        return new BoardProbe
        {
            Pod = identity.Pod,
            Board = identity.Board,
            PowerMw = powerMw,
            EffectiveMw = s.EffectiveMw,
            Admitted = s.Admitted,
            BootNonce = s.BootNonce,
            DispatchPair = ((ulong)s.DispatchEpoch << 32) | s.DispatchSeq,
            SetPair = ((ulong)s.SetEpoch << 32) | s.SetSeq,
            OrderId = s.OrderId,
            LeaseEndMs = s.LeaseEndMs,
            Rejects = rejects,
            ConnectedSinceMs = connectedSinceMs,
        };
    }

    /// <summary>What the oracle must know of a board of this description.</summary>
    public static BoardFacts Facts(BoardIdentity identity, Hw.Boards.BoardDescription description, int failsafeW)
    {
        int[] powerMw = [.. description.Points.Select(p => p.PowerMw)];
        return new BoardFacts(
            identity.Pod,
            identity.Board,
            powerMw,
            [.. description.Points.Select(p => p.HashGhs)],
            failsafeW == 0 ? 0 : powerMw.LastOrDefault(p => p <= failsafeW * 1000));
    }
}
