using Ballast.Wire;

namespace Ballast.Benchmarks;

/// <summary>What a whole board executes, parts' models left out: the drivers, the control loop, the miner and the wire.</summary>
internal static class BoardWorkloads
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static object[][] All() =>
    [
        ["board: tick that takes a nonce and submits it", 40_000L, .. Share()],
        ["board: tick that takes an emergency and cuts power", 80_000L, .. Emergency()],
        ["board: 50 ticks (1 s), hashing", 0L, .. Second(BoardRig.Hashing)],
        ["board: 50 ticks (1 s), waiting for an order", 0L, .. Second(Waiting)],
    ];

    // Finds the tick in one run and stops before it in the next: both runs are the same.
    private static Action[] Share()
    {
        BoardRig? rig = null;
        return
        [
            () =>
            {
                BoardRig scout = BoardRig.Hashing(Key);
                int before = scout.Miner.Stats.SharesSubmitted;
                while (scout.Miner.Stats.SharesSubmitted == before)
                    scout.Tick();
                rig = BoardRig.Hashing(Key);
                rig.Run(scout.Ticks - rig.Ticks - 1);
            },
            () =>
            {
                int before = rig!.Miner.Stats.SharesSubmitted;
                rig.Tick();
                Workloads.Must(rig.Miner.Stats.SharesSubmitted == before + 1);
            },
        ];
    }

    private static Action[] Emergency()
    {
        BoardRig? rig = null;
        return
        [
            () =>
            {
                rig = BoardRig.Hashing(Key);
                rig.Order(0, OrderClass.Emergency);
            },
            () =>
            {
                rig!.Tick();
                rig.SettleModel();
                Workloads.Must(rig.RailOff && rig.Agent.Snapshot.LatchDispatch);
            },
        ];
    }

    private static Action[] Second(Func<byte[], BoardRig> make)
    {
        BoardRig? rig = null;
        return [() => rig = make(Key), () => rig!.Run(50)];
    }

    private static BoardRig Waiting(byte[] key)
    {
        var rig = new BoardRig(key);
        rig.Run(500);
        return rig;
    }
}
