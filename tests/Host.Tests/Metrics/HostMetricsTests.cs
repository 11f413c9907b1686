using System.Globalization;
using System.Text;
using Ballast.Host.Fleet;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Tests.Web;
using Ballast.Virtual.Oracle;

namespace Ballast.Host.Tests.Metrics;

/// <summary>What a running host measures of itself.</summary>
public sealed class HostMetricsTests
{
    [Fact]
    public void A_running_site_shows_its_boards_watts_orders_and_times()
    {
        using InProcessSite site = new(new InProcessOptions { Boards = 6, Pods = 2, BaseW = 40 });
        using HostMeter meter = new(site.Host.Core);
        using MetricStore store = new(meter.Meter);
        Assert.True(site.RunUntil(() => site.Boards.All(b => b.PowerMw > 10_000), 400_000));
        site.RunFor(30_000);
        PromText before = PromText.Read(store.Scrape());
        site.SetCap(site.PowerMw / 2000, GridClass.Reliability);
        site.RunFor(20_000);
        PromText now = PromText.Read(store.Scrape());

        Assert.Equal(6, now.Sum("ballast_boards{"));
        Assert.Equal(6, before.Sum("ballast_boards{pod=\"p1\",mode=\"running\"}") + before.Sum("ballast_boards{pod=\"p2\",mode=\"running\"}"));
        Assert.Equal(6, now.Sum("ballast_boards_flagged{pod=\"p1\",flag=\"admitted\"}") + now.Sum("ballast_boards_flagged{pod=\"p2\",flag=\"admitted\"}"));
        double cap = now["ballast_node_cap_watts{node=\"site\",kind=\"site\"}"];
        double metered = now["ballast_node_metered_watts{node=\"site\",kind=\"site\"}"];
        double ordered = now["ballast_node_ordered_watts{node=\"site\",kind=\"site\"}"];
        Assert.InRange(metered, 0.5 * cap, cap * 1.02);
        Assert.InRange(ordered, 0.5 * cap, cap * 1.1);
        Assert.False(before.Samples.ContainsKey("ballast_node_cap_watts{node=\"site\",kind=\"site\"}"));
        Assert.True(before["ballast_node_headroom_watts{node=\"site\",kind=\"site\",direction=\"down\"}"] > now["ballast_node_headroom_watts{node=\"site\",kind=\"site\",direction=\"down\"}"]);
        Assert.True(now["ballast_pod_limit_joules_per_terahash{pod=\"p1\"}"] < before["ballast_pod_limit_joules_per_terahash{pod=\"p1\"}"]);
        Assert.True(now["ballast_pod_hash_rate_hashes_per_second{pod=\"p1\"}"] < before["ballast_pod_hash_rate_hashes_per_second{pod=\"p1\"}"]);
        Assert.True(now["ballast_messages_in_total{kind=\"telemetry\"}"] > before["ballast_messages_in_total{kind=\"telemetry\"}"]);
        Assert.True(now["ballast_order_ack_duration_seconds_count"] >= before["ballast_order_ack_duration_seconds_count"] + 6);
        Assert.True(now["ballast_acks_total{result=\"applied\"}"] >= 6);
        Assert.Equal(1, now["ballast_events_open{state=\"active\"}"]);
        Assert.Equal((1, 1, 1), (now["ballast_host_phase{phase=\"leading\"}"], now["ballast_meter_fresh"], now["ballast_mqtt_connected"]));
        Assert.True(now["ballast_loop_round_duration_seconds_count"] > 100);
        Assert.True(now["ballast_limit_requests_total{outcome=\"created\"}"] >= 1);
        Assert.Equal(0, now["ballast_journal_failures_total"]);
    }

    [Fact]
    public void What_boards_refuse_is_counted_by_reason_once_and_not_what_they_had_counted_before()
    {
        LoopCounts counts = new();
        FleetBook fleet = new(ToySite.MakeOptions(1, 1), counts);
        long now = 0;
        void Say(string rejects) => fleet.Take("p1/b00"u8, "telemetry"u8, Encoding.ASCII.GetBytes("{\"powerMw\":5,\"mode\":\"running\"" + rejects + "}"), false, now += 1000, out _, out _);
        Say(",\"rejects\":{\"mac\":40,\"stale\":2}");
        Assert.Equal(0, counts.BoardRejects.Sum());
        Say(",\"rejects\":{\"mac\":43,\"stale\":2,\"somethingNew\":9}");
        Assert.Equal((3, 3), (counts.BoardRejects[(int)Wire.Reject.Mac], counts.BoardRejects.Sum()));
        Say(",\"rejects\":{\"mac\":43,\"stale\":2}");
        Assert.Equal(3, counts.BoardRejects.Sum());

        // It restarted and counts from zero.
        Say("");
        Say(",\"rejects\":{\"mac\":1}");
        Assert.Equal(4, counts.BoardRejects.Sum());
        Say(",\"rejects\":[1]");
        Say(",\"rejects\":{\"mac\":-1,\"stale\":{\"mac\":5}}");
        Assert.Equal((4, 0), (counts.BoardRejects.Sum(), fleet.BadMessages));
    }

    [Fact]
    public async Task The_endpoint_answers_in_the_text_format_and_a_stalled_loop_does_not_hold_it()
    {
        RestHost host = new();
        await host.InitializeAsync();
        try
        {
            using ManualResetEventSlim go = new();
            await Until(async () => (await Scrape(host)).Samples.ContainsKey("ballast_host_epoch"));
            Task stalled = host.Core.Ask(_ =>
            {
                go.Wait(TestContext.Current.CancellationToken);
                return 0;
            });
            PromText read = await Scrape(host);
            go.Set();
            await stalled;
            Assert.Equal(1, read["ballast_host_phase{phase=\"leading\"}"]);
            Assert.Equal(4, read.Sum("ballast_boards{"));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public void Thirty_thousand_boards_cost_is_printed()
    {
        SiteOptions options = ToySite.MakeOptions(30_000, 100) with { Meter = new MeterSection() };
        FakeTime time = new();
        using HostCore core = new(options, new Nobody(), new MemoryJournal(), time, Microsoft.Extensions.Logging.Abstractions.NullLogger<HostCore>.Instance, 1);
        using HostMeter meter = new(core);
        using MetricStore store = new(meter.Meter);
        core.Pictures.Take(0);
        string text = store.Scrape();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        const int Times = 20;
        for (int i = 0; i < Times; i++)
        {
            core.Pictures.Take(i * 1000);
        }

        double pictureMs = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Times;
        long pictureBytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Times;
        allocated = GC.GetAllocatedBytesForCurrentThread();
        cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Times; i++)
        {
            text = store.Scrape();
        }

        double scrapeMs = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Times;
        PromText read = PromText.Read(text);
        Assert.Equal(30_000, read.Sum("ballast_boards{"));
        Assert.True(read.Samples.Count < 5000, "series must be summed by pod: " + read.Samples.Count);

        // Per pod and node, not per board: otherwise a picture would be megabytes.
        Assert.True(pictureBytes < 100_000, pictureBytes + " bytes a picture");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"30000 boards, 100 pods: {read.Samples.Count} series, {text.Length} bytes; the loop's picture {pictureMs:0.00} ms of a processor and {pictureBytes} bytes once a second; a scrape {scrapeMs:0.0} ms of a processor and {(GC.GetAllocatedBytesForCurrentThread() - allocated) / Times} bytes beside the loop"));
    }

    private static async Task Until(Func<Task<bool>> so)
    {
        while (!await so())
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<PromText> Scrape(RestHost host)
    {
        HttpResponseMessage answer = await host.Send("GET", "/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return PromText.Read(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
