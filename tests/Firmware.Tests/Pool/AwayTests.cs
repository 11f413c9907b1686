using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>What becomes of shares and blocks that are found while the pool's stream is down, and how long a nonce waits for its submit.</summary>
public sealed class AwayTests
{
    private const int Shift = 28;

    // The network's target of these jobs: 2^247, which difficulty 64 in units of the shift meets and 4 does not.
    private const string EasyBits = "1f7fffff";

    [Fact]
    public void A_share_found_while_the_stream_is_down_is_counted_as_lost_and_not_sent_later()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        Break(bench);
        bench.Chain.Plant(sent.Id, FakeChain.Search(sent.Header, 0x00400000, 4, Shift), 0x00400000);
        bench.Run(40);
        Assert.Equal((1, 0, 0), (bench.Miner.Stats.SharesLost, bench.Miner.Stats.Stale, bench.Miner.Stats.SharesSubmitted));
        Assert.Equal(1, bench.Miner.Stats.ValidNonces);
        Return(bench);
        Assert.Empty(bench.Submits);
    }

    [Fact]
    public void A_block_found_while_the_stream_is_down_is_sent_in_the_next_session_with_the_same_extranonce()
    {
        (Bench bench, uint nonce) = BlockWhileAway();
        Assert.Equal((1, 0, 0), (bench.Miner.Stats.BlocksFound, bench.Miner.Stats.SharesLost, bench.Miner.Stats.SharesSubmitted));
        Assert.Contains(PoolTools.Events(bench.Client), e => e.Kind == PoolEventKind.BlockFound && e.Text.Contains("kept for the next session"));
        Return(bench);
        JsonElement submit = Assert.Single(bench.Submits);
        Assert.Equal("easy", submit.GetProperty("params")[1].GetString());
        Assert.Equal(nonce.ToString("x8"), submit.GetProperty("params")[4].GetString());
        Assert.Equal("00400000", submit.GetProperty("params")[5].GetString());
        Assert.Equal((1, 1, 0, 1), (bench.Miner.Stats.BlocksSentLate, bench.Miner.Stats.SharesSubmitted, bench.Miner.Stats.SharesLost, bench.Miner.Stats.Accepted));

        // Once.
        bench.Link.Close();
        Return(bench);
        Assert.Single(bench.Submits);
    }

    [Theory]
    [InlineData("deadbeef", null, "1fffe000")]
    [InlineData("4128064f", "0000000000000000000000000000000000000000000000000000000000000001", "1fffe000")]
    [InlineData("4128064f", null, "00006000")]
    public void A_block_that_the_next_session_cannot_know_is_lost_and_said_to_be(string extranonce1, string? previous, string mask)
    {
        (Bench bench, _) = BlockWhileAway();
        Return(bench, extranonce1, previous, mask);
        Assert.Empty(bench.Submits);
        Assert.Equal((1, 0), (bench.Miner.Stats.SharesLost, bench.Miner.Stats.BlocksSentLate));
        Assert.Contains(PoolTools.Events(bench.Client), e => e.Kind == PoolEventKind.BlockFound && e.Text.Contains("is lost"));
    }

    [Fact]
    public void The_time_from_a_nonces_frame_to_its_submit_counts_the_ticks_that_it_waited()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", settings: new MinerSettings { CompressionsPerStep = 6 });
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        uint nonce = 0;
        for (int i = 0; i < 7; i++)
        {
            nonce = FakeChain.Search(sent.Header, 0, 4, Shift, nonce + 1);
            bench.Chain.Plant(sent.Id, nonce, receivedMs: bench.Clock.NowMs - 5);
        }

        // Two nonces a tick: the seventh is sent three ticks of 20 ms after the first.
        bench.Run(20);
        Assert.Equal((2, 5, 5), (bench.Miner.Stats.SharesSubmitted, bench.Miner.Stats.SubmitDelayMs, bench.Miner.Stats.SubmitDelayMaxMs));
        bench.Run(200);
        Assert.Equal((7, 65, 65), (bench.Miner.Stats.SharesSubmitted, bench.Miner.Stats.SubmitDelayMs, bench.Miner.Stats.SubmitDelayMaxMs));
    }

    private static (Bench Bench, uint Nonce) BlockWhileAway()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", job: TestJob.NotifyLine("easy", nbits: EasyBits));
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        PoolTools.Events(bench.Client);
        Break(bench);
        uint nonce = FakeChain.Search(sent.Header, 0x00400000, 64, Shift);
        bench.Chain.Plant(sent.Id, nonce, 0x00400000);
        bench.Run(40);
        return (bench, nonce);
    }

    private static void Break(Bench bench)
    {
        bench.Link.Reachable = false;
        bench.Link.Close();
        bench.Run(100);
        Assert.NotEqual(PoolPhase.Ready, bench.Client.Phase);
    }

    private static void Return(Bench bench, string extranonce1 = "4128064f", string? previous = null, string mask = "1fffe000")
    {
        bench.Link.Reachable = true;
        bench.Link.OnLine = ScriptedPool.Login(TestJob.NotifyLine("other", nbits: EasyBits, prevhash: previous), extranonce1, difficulty: "4", mask: mask);
        bench.Run(20_000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
    }
}
