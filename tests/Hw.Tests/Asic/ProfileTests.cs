using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Tests.Asic;

public class ProfileTests
{
    [Theory]
    [InlineData("BM1397", 4, 0, 3)]
    [InlineData("BM1362", 8, 0, 7)]
    [InlineData("BM1366", 8, 0, 7)]
    [InlineData("BM1368", 24, 1, 15)]
    [InlineData("BM1370", 24, 1, 15)]
    public void Replies_name_the_job_whatever_the_small_core(string name, int step, int shift, int smallMask)
    {
        Bm13xxProfile profile = Bm13xxChips.Find(name, 0)!;
        Bench bench = new Bench(profile, 1, replyBytes: profile.RollsVersion ? 11 : 9).Up();
        int bytes = profile.RollsVersion ? 11 : 9;
        var job = new ChipJob { MidstateCount = 4 };
        var nonce = new ChipNonce();
        var seen = new HashSet<int>();
        for (int i = 1; i <= 64; i++)
        {
            Assert.Equal(PartStatus.Ok, bench.Chain.SendJob(job, out int id));
            Assert.Equal(step * i % 128, id);
            Assert.Equal(id, Convert.FromHexString(bench.Uart.Sent[^1])[4]);
            seen.Add(id);
            for (int small = 0; small <= smallMask; small++)
            {
                bench.Uart.Deliver(Replies.Nonce(bytes, [1, 2, (byte)i, (byte)small], small, id << shift | small, 0xFFFF));
                bench.Run(20);
                Assert.True(bench.Chain.TryTakeNonce(nonce));
                Assert.Equal(id, nonce.JobId);
                Assert.Equal(profile.Midstates > 0 ? small : 0, nonce.MidstateIndex);
                Assert.Equal(profile.RollsVersion ? 0x1FFFE000u : 0u, nonce.VersionBits);
            }
        }

        Assert.True(seen.Count >= 16, "an id comes back only after 16 jobs");
    }

    [Fact]
    public void The_BM1397_writes_each_step_twice_and_its_repeats_are_dropped()
    {
        Bench bench = new Bench(Bm13xxChips.Find("BM1397", 0)!, 1, replyBytes: 9).Up();
        bench.Uart.Sent.Clear();
        bench.Chain.RampTo(425_000);
        bench.Run(100 * 62);
        Assert.Equal((425_000, false), (bench.Chain.FreqKhz, bench.Chain.Ramping));
        List<string> sent = [.. bench.Uart.Sent.Where(l => l.StartsWith("55aa510900", StringComparison.Ordinal))];
        Assert.Equal(60 * 4, sent.Count);
        Assert.Equal((sent[0], sent[2]), (sent[1], sent[3]));
        Assert.Equal("55aa510900700f0f0f0019", sent[0]);
        Assert.StartsWith("55aa5109000840440221", sent[^1]);

        byte[] frame = Replies.Nonce(9, [1, 2, 3, 4], 0, 4);
        for (int i = 0; i < 3; i++)
            bench.Uart.Deliver(frame);
        bench.Uart.Deliver(Replies.Nonce(9, [1, 2, 3, 5], 0, 4));
        bench.Uart.Deliver(frame);
        bench.Run(20);
        Assert.Equal((3, 2), (bench.Chain.Counters.Nonces, bench.Chain.Counters.Repeats));
    }

    [Fact]
    public void The_BM1397_tells_its_rate_itself_and_rolls_no_version()
    {
        Bench bench = new Bench(Bm13xxChips.Find("BM1397", 0)!, 1, replyBytes: 9).Up();
        bench.Chips.Registers[0x04] = _ => 0x80000000 | 272_000;
        bench.Run(2000);
        Assert.Equal(285, bench.Chain.ChipHashGhs(0));
        Assert.Equal(-1, bench.Chain.DomainHashGhs(0, 0));
        Assert.Equal(PartStatus.NotPresent, bench.Chain.SetVersionMask(0));
        Assert.Equal(PartStatus.OutOfRange, bench.Chain.SendJob(new ChipJob(), out _));
    }

    [Fact]
    public void Only_known_chips_have_a_profile()
    {
        Assert.Null(Bm13xxChips.Find("BM1372", 0));
        foreach (string name in Bm13xxChips.Names())
            Assert.Equal(name, Bm13xxChips.Find(name, 3)!.Name);
    }
}
