using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Benchmarks;

/// <summary>What the chip drivers execute per job and per nonce, UART and SPI left out.</summary>
internal static class ChipWorkloads
{
    public static object[][] All() =>
    [
        ["BM1370: job frame", 3_300L, HeaderJob()],
        ["BM1397: job frame with 4 midstates", 5_700L, MidstateJob()],
        ["A1: job frame", 850L, A1Job()],
        ["BM1370: nonce frame found and split, 1 chip", 850L, Nonce(1)],
        ["BM1370: nonce frame found and split, 126 chips", 850L, Nonce(126)],
        ["BM1370: PLL dividers for a frequency", 4_200L, Pll()],
    ];

    private static Action HeaderJob()
    {
        byte[] frame = new byte[Bm13xxFrame.MaxBytes];
        var job = new ChipJob();
        return () => Workloads.Must(Bm13xxFrame.HeaderJob(frame, 0, 24, job) == 88);
    }

    private static Action MidstateJob()
    {
        byte[] frame = new byte[Bm13xxFrame.MaxBytes];
        var job = new ChipJob { MidstateCount = 4 };
        return () => Workloads.Must(Bm13xxFrame.MidstateJob(frame, 0, 4, job, 4) == 152);
    }

    private static Action A1Job()
    {
        byte[] frame = new byte[A1Frame.MaxBytes];
        var job = new ChipJob { MidstateCount = 1 };
        A1Profile profile = ChipA1.Create(0, 16000);
        return () => Workloads.Must(A1Frame.Job(profile, frame, 0, 1, 1, job, 0x1D00FFFF) == 58);
    }

    private static Action Nonce(int chips)
    {
        byte[] frame = ChipTimes.NonceFrame();
        var parser = new Bm13xxParser();
        var reply = new Bm13xxReply();
        var nonce = new ChipNonce();
        Bm13xxProfile profile = Bm13xxChips.Find("BM1370", 0)!;
        int interval = Bm13xxProfile.AddressInterval(chips);
        return () =>
        {
            parser.Feed(frame, 0, frame.Length);
            Workloads.Must(parser.TryTake(reply));
            Bm13xxNonce.Decode(profile, interval, chips, reply, nonce);
        };
    }

    private static Action Pll()
    {
        var setting = new PllSetting();
        PllLimits limits = Bm13xxChips.Find("BM1370", 0)!.Pll;
        return () => Workloads.Must(Bm13xxPll.TryFind(limits, 525_000, setting));
    }
}
