using System.Xml.Linq;
using Ballast.Hw.Boards;
using Ballast.Virtual.Day;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>An hour of the simulated day with every test run, all of it with the long ones.</summary>
public sealed class SimulatedDayTests
{
    [Fact]
    public void An_hour_with_clouds_and_the_broker_away_for_longer_than_a_lease_holds_S16_and_uses_the_surplus()
    {
        DayResult hour = SimulatedDay.Run(new DayOptions { Boards = 100, FromHour = 11, ToHour = 12 });
        Assert.Empty(hour.Findings);
        Assert.True(hour.SamplesUnderCap > 3_000);
        Assert.True(hour.UsedSeconds > 300);
        Assert.InRange(hour.UsedShare, 0.97, 1.02);
        Assert.True(hour.PodCapBoundSeconds > 300);
        Assert.InRange(hour.PodPeakW, 0, hour.PodCapW * 1.03);
        Assert.Single(hour.Outages);

        // While the broker is away all leases end: everything sleeps.
        int asleep = (int)((DayOptions.BrokerOutage - 11) * 3_600) + 100;
        Assert.InRange(hour.Samples[asleep].MeteredW, 0, hour.FloorW * 1.02);
    }

    // Most of a small site's floor is standby, and boards that fall asleep cool with their fans at full: a cap that falls in many steps has
    // to count those watts.
    [Fact]
    public void A_cloud_over_500_boards_with_fans_holds_S16()
    {
        DayResult minutes = SimulatedDay.Run(new DayOptions { Description = BitaxeGamma.Describe(0), FromHour = 10, ToHour = 10.34 });
        Assert.Empty(minutes.Findings);
        Assert.True(minutes.SamplesUnderCap > 3_000);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_whole_day_of_500_boards_holds_S16_and_uses_98_percent_of_the_surplus()
    {
        DayResult day = SimulatedDay.Run(new DayOptions());
        Assert.Empty(day.Findings);
        Assert.InRange(day.UsedShare, 0.98, 1.02);
        Assert.Equal(2, day.Outages.Count);
        Assert.True(day.PodCapBoundSeconds > 3_600);
        Assert.InRange(day.PodPeakW, 0, day.PodCapW * 1.03);
    }

    [Fact]
    public void The_picture_is_well_formed_and_shows_lines_axes_legend_and_outages()
    {
        var samples = Enumerable.Range(0, 7_200).Select(i => new DaySample(36_000 + i, 20_000 + i, 20_000 + i, 19_000 + i, i == 3_000 ? 31_234 : 18_900 + i)).ToList();
        string svg = DayPicture.Draw(new DayResult
        {
            Samples = samples,
            Outages = [new DayOutage("broker away", 38_000, 38_150)],
            Findings = [],
            SamplesUnderCap = 0,
            UsedShare = 0.985,
            UsedSeconds = 1,
            PodCapBoundSeconds = 0,
            PodCapW = 1,
            PodPeakW = 1,
            FloorW = 1_700,
            FullW = 32_000,
            Changes = 0,
            OrdersSent = 0,
            Messages = 0,
            Boards = "",
        });
        XElement root = XDocument.Parse(svg).Root!;
        string[] words = [.. root.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        foreach (string word in (string[])["power at the site's meter, kW", "time of day, hours", "cap", "ordered", "metered", "outage", "broker away, 150 s", "10:00", "12:00", "5", "30"])
            Assert.Contains(word, words);
        Assert.Equal(4, root.Descendants().Count(e => e.Name.LocalName == "path"));

        // A spike of one second must not be lost between two pixels: it is the highest point of the metered line.
        string metered = root.Descendants().Last(e => e.Name.LocalName == "path").Attribute("d")!.Value;
        double highest = metered.Split('M', 'L').Where(p => p.Length > 0).Min(p => double.Parse(p.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(highest, 70, 110);
    }
}
