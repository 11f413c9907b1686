using System.Text;
using System.Text.Json;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Tests.Mining;

namespace Ballast.Firmware.Tests.Pool;

/// <summary>The numbered pitfalls of Stratum clients, each against a scripted pool.</summary>
public sealed class PitfallTests
{
    private const int Shift = 28;

    [Fact]
    public void P01_a_pool_that_falls_silent_is_left_after_three_minutes()
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.Run(179_000);
        Assert.Single(bench.Link.Connects);

        // Answers to other requests do not count as life.
        bench.Link.Send("""{"id":null,"method":"mining.set_difficulty","params":[1]}""");
        bench.Run(5_000);
        Assert.Equal(2, bench.Link.Connects.Count);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
    }

    [Fact]
    public void P02_a_new_difficulty_holds_from_the_next_job_and_each_job_keeps_its_own()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var first = bench.Chain.Sent[^1];
        bench.Link.Send("""{"id":null,"method":"mining.set_difficulty","params":[64]}""");
        bench.Run(1000);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4, below: 64);
        Assert.Single(bench.Submits);

        bench.Link.Send(TestJob.NotifyLine("second", ntime: "685468e0"));
        bench.Run(1000);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4, below: 64);
        Assert.Single(bench.Submits);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 64);
        Assert.Equal(2, bench.Submits.Length);

        // The older job is still alive, at its own difficulty.
        PoolTools.Share(bench, first, 4, below: 64);
        Assert.Equal(3, bench.Submits.Length);
        Assert.Equal(TestJob.Text("job_id"), bench.Submits[2].GetProperty("params")[1].GetString());
    }

    [Fact]
    public void P03_a_new_extranonce_holds_from_the_next_job_and_old_work_keeps_the_old_one()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var old = bench.Chain.Sent[^1];
        bench.Link.Send("""{"id":null,"method":"mining.set_extranonce","params":["aabbccdd",2]}""");
        bench.Link.Send(TestJob.NotifyLine("second"));
        bench.Run(1000);
        PoolTools.Share(bench, old, 4);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4);
        Assert.Equal(2, bench.Submits.Length);
        Assert.Equal(8, bench.Submits[0].GetProperty("params")[2].GetString()!.Length);
        Assert.True(bench.Difficulty(bench.Submits[0], "4128064f") >= 4);
        Assert.Equal(4, bench.Submits[1].GetProperty("params")[2].GetString()!.Length);
        Assert.True(bench.Difficulty(bench.Submits[1], "aabbccdd") >= 4);
    }

    [Fact]
    public void P04_a_repeated_notify_does_not_start_over()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(2000);
        bench.Link.Send(TestJob.NotifyLine());
        bench.Run(2000);
        Assert.Equal(1, bench.Client.Counters.DuplicateNotifies);

        // The same content under a new id, and the first id again: other merkle roots, so nothing is hashed twice.
        bench.Link.Send(TestJob.NotifyLine("again"));
        bench.Run(2000);
        bench.Link.Send(TestJob.NotifyLine());
        bench.Run(2000);
        var headers = bench.Chain.Sent.Select(s => Convert.ToHexString(s.Header)).ToArray();
        Assert.True(headers.Length > 12);
        Assert.Equal(headers.Length, headers.Distinct().Count());
    }

    [Fact]
    public void P05_a_clean_job_drops_results_of_older_jobs_that_are_still_in_the_chips()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var old = bench.Chain.Sent[^1];
        int before = bench.Chain.Sent.Count;
        bench.Link.Send(TestJob.NotifyLine("clean", clean: true, ntime: "685468e0"));
        bench.Run(60);

        // The new job goes out at once, not at the next interval.
        Assert.Equal(before + 1, bench.Chain.Sent.Count);
        PoolTools.Share(bench, old, 4);
        Assert.Empty(bench.Submits);
        Assert.Equal(1, bench.Miner.Stats.Stale);
        Assert.Equal(0, bench.Miner.Stats.HwErrors);
    }

    [Fact]
    public void P06_queues_are_bounded_the_oldest_job_gives_way()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Run(1000);
        var old = bench.Chain.Sent[^1];
        for (int i = 0; i < 16; i++)
        {
            bench.Link.Send(TestJob.NotifyLine($"n{i}", ntime: (0x685468e0 + i).ToString("x8")));
            bench.Run(20);
        }

        PoolTools.Share(bench, old, 4);
        Assert.Empty(bench.Submits);
        Assert.Equal(1, bench.Miner.Stats.Stale);

        // Unanswered submits are bounded too.
        bench.Link.OnLine = null;
        var now = bench.Chain.Sent[^1];
        uint nonce = 0;
        for (int i = 0; i < 40; i++)
        {
            nonce = FakeChain.Search(now.Header, 0, 4, Shift, nonce + 1);
            bench.Chain.Plant(now.Id, nonce);
            bench.Run(20);
        }

        Assert.Equal(40, bench.Client.Counters.Submitted);
        Assert.Equal(8, bench.Client.Counters.Unanswered);
    }

    [Fact]
    public void P07_nothing_is_submitted_before_the_pool_has_authorized()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        JsonElement? waiting = null;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() == "mining.authorize")
            {
                waiting = line;
                p.Send(TestJob.NotifyLine());
            }
            else
            {
                login(p, line);
            }
        };
        bench.Run(2000);
        Assert.Equal(PoolPhase.Authorizing, bench.Client.Phase);
        Assert.Empty(bench.Chain.Sent);
        bench.Link.Result(waiting!.Value, "true");
        bench.Run(100);
        Assert.NotEmpty(bench.Chain.Sent);
    }

    [Fact]
    public void P08_error_answers_to_optional_requests_change_nothing()
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.PoolSettings.SuggestDifficulty = 1000;
        bench.PoolSettings.SubscribeExtranonce = true;
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() is "mining.configure" or "mining.suggest_difficulty" or "mining.extranonce.subscribe")
                p.Error(line, """[20,"Unknown method",null]""");
            else
                login(p, line);
        };
        bench.Run(2000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.NotEmpty(bench.Chain.Sent);
        Assert.Equal(0u, bench.Client.VersionMask);
        Assert.Equal(0u, bench.Chain.VersionMask);
        Assert.Single(bench.Link.Calls("mining.suggest_difficulty"));
        Assert.Single(bench.Link.Calls("mining.extranonce.subscribe"));
    }

    [Theory]
    [InlineData("mining.configure")]
    [InlineData("mining.suggest_difficulty")]
    public void P08_a_pool_that_closes_on_an_optional_request_is_asked_without_it_the_next_time(string method)
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.PoolSettings.SuggestDifficulty = 1000;
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() == method)
                p.Close();
            else
                login(p, line);
        };
        bench.Run(5000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.True(bench.Client.HasJob);
        Assert.Equal(2, bench.Link.Connects.Count);
    }

    [Fact]
    public void P08_a_pool_that_does_not_answer_configure_is_used_without_version_rolling()
    {
        var bench = new Bench(Profiles.Bm1370());
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.configure")
                login(p, line);
        };
        bench.Run(6000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.Contains(PoolTools.Events(bench.Client), e => e.Kind == PoolEventKind.NoVersionRolling);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void P09_lines_that_come_in_pieces_and_lines_of_16_kB_are_read_whole(int chunk)
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        bench.Link.Chunk = chunk;
        bench.Run(20_000);
        Assert.True(bench.Client.HasJob);
        string coinb1 = TestJob.Text("coinb1") + new string('a', 16_000);
        bench.Link.Chunk = 1000;
        bench.Link.Send(TestJob.NotifyLine("long", clean: true, coinb1: coinb1));
        bench.Run(3000);
        var sent = bench.Chain.Sent[^1];
        PoolTools.Share(bench, sent, 4);
        JsonElement p = Assert.Single(bench.Submits).GetProperty("params");
        byte[] header = TestJob.Header("4128064f", p[2].GetString()!, 0x20000000, Convert.ToUInt32(p[3].GetString(), 16), Convert.ToUInt32(p[4].GetString(), 16), coinb1);
        Assert.Equal(Convert.ToHexString(header[..76]), Convert.ToHexString(sent.Header[..76]));
    }

    [Fact]
    public void P09_a_line_without_end_is_dropped_and_the_next_one_is_read()
    {
        var bench = new Bench(Profiles.Bm1370());
        bench.Run(1000);
        bench.Link.SendRaw(Encoding.ASCII.GetBytes(new string('x', 100_000)));
        bench.Run(1000);
        bench.Link.Send("yyy");
        bench.Link.Send(TestJob.NotifyLine("after", clean: true));
        bench.Run(1000);
        Assert.True(bench.Client.OversizeLines >= 1);
        Assert.Equal("after", Encoding.ASCII.GetString(bench.Client.Job.Id, 0, bench.Client.Job.IdLength));
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
    }

    [Fact]
    public void P10_a_reconnect_forgets_work_extranonce_difficulty_and_mask()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "64");
        bench.Run(1000);
        var old = bench.Chain.Sent[^1];
        bench.Link.OnLine = ScriptedPool.Login(TestJob.NotifyLine(), "deadbeef", 6, mask: "1fff0000", difficulty: "4");
        bench.Link.Close();
        bench.Run(5000);
        Assert.Equal(PoolPhase.Ready, bench.Client.Phase);
        Assert.Equal(0x1fff0000u, bench.Client.VersionMask);
        Assert.Equal(0x1fff0000u, bench.Chain.VersionMask);
        PoolTools.Share(bench, old, 64);
        Assert.Empty(bench.Submits);
        Assert.Equal(1, bench.Miner.Stats.Stale);
        PoolTools.Share(bench, bench.Chain.Sent[^1], 4);
        JsonElement submit = Assert.Single(bench.Submits);
        Assert.Equal(12, submit.GetProperty("params")[2].GetString()!.Length);
        Assert.True(bench.Difficulty(submit, "deadbeef") >= 4);
    }

    [Fact]
    public void P11_answers_are_matched_to_their_shares_by_id_in_any_order()
    {
        var bench = new Bench(Profiles.Bm1370(Shift), difficulty: "4");
        Action<ScriptedPool, JsonElement> login = bench.Link.OnLine!;
        bench.Link.OnLine = (p, line) =>
        {
            if (line.GetProperty("method").GetString() != "mining.submit")
                login(p, line);
        };
        bench.Run(1000);
        uint nonce = 0;
        for (int i = 0; i < 7; i++)
        {
            nonce = FakeChain.Search(bench.Chain.Sent[^1].Header, 0, 4, Shift, nonce + 1);
            bench.Chain.Plant(bench.Chain.Sent[^1].Id, nonce);
        }

        bench.Run(200);
        JsonElement[] s = bench.Submits;
        Assert.Equal(7, s.Length);
        bench.Link.Error(s[6], """[23,"low difficulty",null]""");
        bench.Link.Error(s[2], """[21,"Job not found",null]""");
        bench.Link.Error(s[4], """{"code":22,"message":"duplicate"}""");
        bench.Link.Result(s[0], "true");
        bench.Link.Result(s[0], "true");
        bench.Link.Send("""{"id":4711,"result":true,"error":null}""");
        bench.Link.Result(s[3], "false");
        bench.Link.Error(s[5], """[20,"ntime out of range",null]""");
        bench.Run(100);
        PoolCounters counters = bench.Client.Counters;
        Assert.Equal(1, counters.Accepted);
        int Rejects(ShareReject reason) => counters.Rejected[(int)reason];
        Assert.Equal((1, 1, 1, 1, 1), (Rejects(ShareReject.Stale), Rejects(ShareReject.Duplicate), Rejects(ShareReject.LowDifficulty), Rejects(ShareReject.Other), Rejects(ShareReject.Time)));
        Assert.Equal(5, bench.Miner.Stats.Rejected);
    }
}
