using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;
using Ballast.Host.Web.Boards;

namespace Ballast.Host.Tests.Web;

/// <summary>The list of boards at the size of a large site.</summary>
public sealed class FleetScaleTests
{
    private const int Boards = 30_000;

    [Fact]
    public void A_page_of_thirty_thousand_boards_holds_the_loop_for_a_thousand_at_a_time_and_its_cost_is_printed()
    {
        ToySite site = new(Boards, 15, start: false);
        DispatchContext context = site.Context;
        foreach (ToyBoard toy in site.Boards)
        {
            byte[] name = Encoding.ASCII.GetBytes(toy.Name);
            foreach ((string kind, string text) in new[] { ("birth", toy.Birth()), ("state", toy.State()), ("telemetry", toy.Telemetry(0)) })
            {
                context.Fleet.Take(name, Encoding.ASCII.GetBytes(kind), Encoding.ASCII.GetBytes(text), false, 0, out _, out _);
            }
        }

        FleetPicture picture = Take(context, out _);
        FleetQuery query = new("", "p3", "", "b0", "power", true);
        Page(picture, query);
        picture = Take(context, out double middleMs);
        Assert.All(picture.Parts, part => Assert.InRange(part.Length, 1, FleetIndex.PartSize));

        long start = Stopwatch.GetTimestamp();
        FleetPage filtered = Page(picture, query);
        double filteredMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        FleetPage all = Page(picture, query with { Pod = "", Text = "" });
        double sortedMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int bytes = JsonSerializer.SerializeToUtf8Bytes(all, JsonSerializerOptions.Web).Length;

        Assert.Equal((Boards, Boards, 200), (all.Total, all.Matched, all.Rows.Count));
        Assert.Equal(context.Fleet.Boards.Count(b => b.Pod.Id == "p3" && b.Name.Contains("b0", StringComparison.Ordinal)), filtered.Matched);
        Assert.True(all.Rows.Zip(all.Rows.Skip(1)).All(p => p.First.PowerW >= p.Second.PowerW));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Boards} boards: {picture.Parts.Length} pieces in the loop of {middleMs:0.000} ms (median); off the loop: filtered page {filteredMs:0.0} ms, all sorted {sortedMs:0.0} ms, {bytes} bytes for 200 rows"));
    }

    private static FleetPage Page(FleetPicture picture, FleetQuery query) => FleetApi.Page(picture, query, query.Apply(picture), 0, 200);

    private static FleetPicture Take(DispatchContext context, out double middleMs)
    {
        List<double> took = [];
        FleetRow[][] parts = new FleetRow[Boards / FleetIndex.PartSize][];
        for (int i = 0; i < parts.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            parts[i] = FleetIndex.Copy(context, i * FleetIndex.PartSize);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        middleMs = took.Order().ElementAt(took.Count / 2);
        return new FleetPicture(context.Clock.UtcNow, 0, parts, Boards);
    }
}
