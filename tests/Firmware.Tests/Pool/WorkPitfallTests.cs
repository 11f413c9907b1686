using System.Buffers.Binary;
using System.Text.Json;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>The numbered pitfalls that lie in the work itself: extranonce2, job ids, block time, results that come too late.</summary>
public sealed class WorkPitfallTests
{
    private const int Shift = 28;

    [Theory]
    [InlineData(32)]
    [InlineData(8)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0)]
    public void P12_any_length_of_extranonce2_works_and_a_short_one_ends_without_repeating(int length)
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", extranonce2Length: length, settings: new MinerSettings { NtimeWindowS = 0 });
        bench.Run(170_000);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4);
        JsonElement submit = Assert.Single(bench.Submits);
        Assert.Equal(2 * length, submit.GetProperty("params")[2].GetString()!.Length);
        Assert.True(bench.Difficulty(submit) >= 4);
        var headers = bench.Chain.Sent.Select(s => Convert.ToHexString(s.Header)).ToArray();
        Assert.Equal(headers.Length, headers.Distinct().Count());

        // With no time to roll, every job takes an extranonce2 of its own.
        Assert.Equal(length == 0 ? 1 : length == 1 ? 256 : 339, headers.Length, 5.0);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("00")]
    [InlineData("\\u00e9\\\"\\\\")]
    [InlineData("{}")]
    public void P13_job_ids_go_back_as_they_came(string id)
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", job: TestJob.NotifyLine(id));
        bench.Run(1000);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4);
        Assert.Equal(JsonDocument.Parse($"\"{id}\"").RootElement.GetString(), Assert.Single(bench.Submits).GetProperty("params")[1].GetString());
    }

    [Fact]
    public void P14_block_time_stays_in_its_window_and_a_refusal_ties_it_to_the_clock()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4", settings: new MinerSettings { NtimeWindowS = 10 });
        bench.Run(100_000);
        uint Ntime(byte[] header) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68)) - 0x685468d7;
        Assert.Equal(Enumerable.Range(0, 11).Select(i => (uint)i), bench.Chain.Sent.Select(s => Ntime(s.Header)).Distinct().Order());

        var strict = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        Action<ScriptedPool, JsonElement> login = strict.Link.OnLine!;
        strict.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() == "mining.submit")
                p.Error(line, """[20,"Time too new",null]""");
            else
                login(p, line);
        };
        strict.Run(4000);
        PoolTools.Share(strict, strict.Chain.Sent[^1], 4);
        strict.Chain.Sent.Clear();
        long since = strict.Clock.NowMs;
        strict.Link.Send(TestJob.NotifyLine("second", clean: true));
        strict.Run(60_000);

        // One header a second is enough for a chip whose job lasts two minutes; no merkle root is spent on more.
        Assert.InRange(strict.Chain.Sent.Count, 55, 65);
        Assert.Single(strict.Chain.Sent.Select(s => Convert.ToHexString(s.Header.AsSpan(36, 32))).Distinct());
        for (int i = 0; i < strict.Chain.Sent.Count; i++)
            Assert.True(Ntime(strict.Chain.Sent[i].Header) <= (strict.Clock.NowMs - since) / 1000);
        for (int i = 0; i < strict.Chain.Sent.Count; i++)
            Assert.True(Ntime(strict.Chain.Sent[i].Header) <= i + 1);
    }

    [Fact]
    public void P15_a_result_for_work_that_the_table_no_longer_has_is_counted_and_dropped()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var sent = bench.Chain.Sent[^1];
        uint nonce = FakeChain.Search(sent.Header, 0, 4, Shift);
        bench.Chain.State = Ballast.Hw.Asic.ChainState.Off;
        bench.Run(40);
        bench.Chain.State = Ballast.Hw.Asic.ChainState.Running;
        bench.Chain.Plant(sent.Id + 7, nonce);
        bench.Run(40);
        Assert.Equal(1, bench.Miner.Stats.UnknownJob);
        Assert.Empty(bench.Submits);
    }

    [Fact]
    public void An_id_that_came_round_still_finds_the_work_it_named_before()
    {
        var bench = new Bench(Profiles.Bm1370(16), difficulty: "1000000");
        bench.Run(1000);
        var old = bench.Chain.Sent[^1];
        uint nonce = FakeChain.Search(old.Header, 0, 1, 16);
        while (bench.Chain.Sent.Count(s => s.Id == old.Id) < 2)
            bench.Run(100);
        bench.Chain.Plant(old.Id, nonce);
        bench.Run(40);
        Assert.Equal(0, bench.Miner.Stats.HwErrors);
        Assert.True(bench.Miner.Stats.LastNonceMs > 0);
    }
}
