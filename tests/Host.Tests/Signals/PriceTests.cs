using System.Globalization;
using System.Text;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Prices;
using Ballast.Host.Tests.Sim;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Signals;

/// <summary>Prices and the number that they make (step 11).</summary>
public sealed class PriceTests
{
    private static readonly PriceSection Section = new() { HashPricePerPhDay = 45, PoolFeePercent = 2, AdderPerMWh = 10, FallbackMjPerTh = 12_000 };

    [Theory]
    [InlineData(45, 2, 70, 0, 26_250)] // the example of the doc comment
    [InlineData(45, 2, 60, 10, 26_250)] // a payment for not using power costs as much as power
    [InlineData(45, 0, 60, 0, 31_250)]
    [InlineData(45, 2, 0, 0, int.MaxValue)]
    [InlineData(45, 2, -30, 0, int.MaxValue)]
    [InlineData(45, 2, -30, 40, 183_750)]
    [InlineData(0, 0, 60, 0, 0)]
    [InlineData(0, 0, -1, 0, int.MaxValue)] // paid to use power
    [InlineData(45, 100, 60, 0, 0)]
    [InlineData(10_000, 0, 0.0001, 0, int.MaxValue)]
    [InlineData(45, 2, 25_000, 0, 73)]
    public void The_break_even_of_a_price_is_a_number(double hash, double fee, double power, double curtailment, int expected)
        => Assert.Equal(expected, BreakEven.MjPerTh(hash, fee, power, curtailment));

    /// <summary>In plain money: a step of a board that the number lets run earns at least what it costs; the next mJ/TH would not.</summary>
    [Fact]
    public void What_the_number_lets_run_pays_and_the_next_does_not()
    {
        Gen<(double Hash, double Fee, double Power)> gen = Gen.Choose(1, 50_000).SelectMany(h => Gen.Choose(0, 60).SelectMany(f => Gen.Choose(1, 100_000).Select(p => (h / 100.0, f / 10.0, p / 100.0))));
        Prop.ForAll(gen.ToArbitrary(), c =>
        {
            int number = BreakEven.MjPerTh(c.Hash, c.Fee, c.Power, 0);
            double profit(double mjPerTh)
            {
                double terahashes = 1000 * 86_400.0;
                double megawattHours = terahashes * mjPerTh / 1000 / 3.6e9;
                return (c.Hash * (1 - (c.Fee / 100))) - (megawattHours * c.Power);
            }

            return number == int.MaxValue || (profit(number) > -1e-6 * c.Hash && profit(number + 1.01) < 0);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261122, 1));
    }

    private static byte[] Json(params string[] rows) => Encoding.UTF8.GetBytes("{\"intervals\":[" + string.Join(',', rows) + "]}");

    private static string Row(string start, string end, string prices = "\"powerPerMWh\":60") => "{\"start\":\"" + start + "\",\"end\":\"" + end + "\"," + prices + "}";

    [Theory]
    [InlineData("{}", "intervals")]
    [InlineData("nonsense", "")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\"}]}", "intervals[0].powerPerMWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":1e9}]}", "intervals[0].powerPerMWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":-6000}]}", "intervals[0].powerPerMWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":\"NaN\"}]}", "intervals[0].powerPerMWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":NaN}]}", "intervals[0].powerPerMWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerKWh\":0.06}]}", "intervals[0].powerPerKWh")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":6,\"hashPricePerPhDay\":-1}]}", "intervals[0].hashPricePerPhDay")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":6}]}", "intervals[0].start")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T01:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":6}]}", "intervals[0].end")]
    [InlineData("{\"intervals\":[null]}", "intervals[0].start")]
    [InlineData("{\"intervals\":[{\"start\":\"2026-01-01T00:00:00Z\",\"end\":\"2026-01-01T01:00:00Z\",\"powerPerMWh\":6},{\"start\":\"2026-01-01T00:59:00Z\",\"end\":\"2026-01-01T02:00:00Z\",\"powerPerMWh\":6}]}", "intervals")]
    public void F7_wrong_prices_are_refused_with_their_field(string json, string field)
    {
        Assert.Null(PriceSeries.ParseJson(Encoding.UTF8.GetBytes(json), Section, out RequestFault? fault));
        Assert.Equal(field, fault!.Field);
        Assert.True(fault.Sentence.Length > 20);
        Assert.DoesNotContain("System.", fault.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(".NET", fault.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b,c\n", "line 1")]
    [InlineData("start,end,powerPerMWh\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z\n", "line 2")]
    [InlineData("start,end,powerPerMWh\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,6e1\n", "line 2")]
    [InlineData("start,end,powerPerMWh\n\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,NaN\n", "line 3.powerPerMWh")]
    [InlineData("start,end,powerPerMWh\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,60,45\n", "line 2")]
    [InlineData("start,end,powerPerMWh\n2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,99999\n", "line 2.powerPerMWh")]
    public void F7_a_wrong_price_file_is_refused_with_its_line(string csv, string field)
    {
        Assert.Null(PriceSeries.ParseCsv(csv, Section, out RequestFault? fault));
        Assert.Equal(field, fault!.Field);
    }

    [Fact]
    public void A_file_of_lines_is_read_with_its_optional_columns()
    {
        PriceSeries series = PriceSeries.ParseCsv("start,end,powerPerMWh,hashPricePerPhDay,curtailmentPerMWh\r\n2026-01-01T01:00:00+01:00,2026-01-01T01:00:00Z,-12.5,,\r\n2026-01-01T02:00:00Z,2026-01-01T03:00:00Z,60,50,7\r\n", Section, out _)!;
        Assert.Equal(new PriceInterval(Utc("2026-01-01T00:00:00Z"), Utc("2026-01-01T01:00:00Z"), -12.5), series.Intervals[0]);
        Assert.Equal(new PriceInterval(Utc("2026-01-01T02:00:00Z"), Utc("2026-01-01T03:00:00Z"), 60, 50, 7), series.Intervals[1]);
        Assert.Null(series.At(Utc("2026-01-01T01:00:00Z")));
        Assert.Equal(series.Intervals[0], series.At(Utc("2026-01-01T00:59:59Z")));
        Assert.Equal(Utc("2026-01-01T02:00:00Z"), series.ChangeAfter(Utc("2026-01-01T01:30:00Z")));
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string In(ToySite site, double seconds) => site.Time.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static (ToySite Site, SourceBook Book) Running()
    {
        ToySite site = new ToySite(change: o => o with { Price = Section }).UpAndRunning();
        return (site, SourceSite.Book(site));
    }

    [Fact]
    public void Step11_prices_switch_at_the_edges_of_their_intervals_and_a_gap_means_the_lower_of_number_and_fallback_S17()
    {
        (ToySite site, SourceBook book) = Running();
        PriceSource price = book.Price!;
        Assert.Equal((12_000, SourceQuality.Waiting), (price.CeilingMjPerTh, price.View().Quality));
        Assert.Equal(PriceOutcome.Taken, price.Put(
            Json(Row(In(site, -10), In(site, 300)), Row(In(site, 300), In(site, 600), "\"powerPerMWh\":113"), Row(In(site, 900), In(site, 1200), "\"powerPerMWh\":-80")), true, out _));
        site.Run(250);
        Assert.Equal((26_250, SourceQuality.Good), (price.CeilingMjPerTh, price.View().Quality));
        Assert.True(site.PowerW > 0.97 * site.FullW);
        site.Run(90);
        Assert.Equal(14_939, price.CeilingMjPerTh);
        double expected = site.Boards.Sum(b => b.Ladder.PowerMw(b.Ladder.Choose(14_939, 0, b.RankAtZero))) / 1000.0;
        Assert.Equal(expected, site.PowerW, 0.5);
        site.Run(300);
        Assert.Equal((12_000, SourceQuality.Stale, true), (price.CeilingMjPerTh, price.View().Quality, price.View().FallbackHolds));
        Assert.True(site.Context.Alarms.IsUp("price-missing", "price"));
        site.Run(500);
        Assert.Equal(int.MaxValue, price.CeilingMjPerTh);
        Assert.Null(price.View().AsksMjPerTh);
        Assert.True(site.PowerW > 0.97 * site.FullW);
    }

    [Fact]
    public void A_gap_after_a_number_below_the_fallback_keeps_that_number()
    {
        (ToySite site, SourceBook book) = Running();
        book.Price!.Put(Json(Row(In(site, -10), In(site, 60), "\"powerPerMWh\":240")), true, out _);
        Assert.Equal(7350, book.Price.CeilingMjPerTh);
        site.Run(120);
        Assert.Equal(7350, book.Price.CeilingMjPerTh);
    }

    [Fact]
    public void F34_prices_that_change_in_the_middle_of_an_interval_act_at_once_and_come_back_by_the_ramp()
    {
        (ToySite site, SourceBook book) = Running();
        book.Price!.Put(Json(Row(In(site, -10), In(site, 3600))), true, out _);
        site.Run(200);
        book.Price.Put(Json(Row(In(site, -10), In(site, 3600), "\"powerPerMWh\":240")), true, out _);
        site.Run(25);
        double low = site.PowerW;
        Assert.Equal(site.StandbyW, low, 0.5);
        book.Price.Put(Json(Row(In(site, -10), In(site, 3600))), true, out _);
        site.Run(5);
        Assert.True(site.PowerW <= low + (5.1 * site.Context.RampUpWPerS));
        site.Run(200);
        Assert.True(site.PowerW > 0.97 * site.FullW);
    }

    [Fact]
    public void Prices_survive_a_restart_and_a_wrong_set_changes_nothing_S14()
    {
        (ToySite site, SourceBook book) = Running();
        book.Price!.Put(Json(Row(In(site, -10), In(site, 3600))), true, out _);
        Assert.Equal(PriceOutcome.Invalid, book.Price.Put(Json(Row(In(site, -10), In(site, 3600), "\"powerPerMWh\":1e9")), true, out _));
        Assert.Equal(PriceOutcome.Forbidden, book.Price.Put(Json(), false, out _));
        site.Journal.Fails = true;
        Assert.Equal(PriceOutcome.JournalDown, book.Price.Put(Json(), true, out _));
        site.Journal.Fails = false;
        Assert.Equal((26_250, 1L, 1L), (book.Price.CeilingMjPerTh, book.Price.View().Taken, book.Price.View().Refused));
        site.NewHost();
        Assert.Equal(26_250, SourceSite.Book(site).Price!.CeilingMjPerTh);
    }

    [Fact]
    public void A_file_is_read_again_when_it_changes_and_a_wrong_one_leaves_the_earlier_prices()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("ballast-prices-").FullName, "prices.csv");
        ToySite site = new(change: o => o with { Price = Section with { File = file } });
        SourceBook book = SourceSite.Book(site);
        Assert.True(site.Context.Alarms.IsUp("price-file", "price"));
        Assert.Equal(12_000, book.Price!.CeilingMjPerTh);
        void write(string power, int day)
        {
            File.WriteAllText(file, "start,end,powerPerMWh\n" + In(site, -60) + "," + In(site, 3600) + "," + power + "\n");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
            book.Tick();
        }

        write("60", 1);
        Assert.Equal(26_250, book.Price.CeilingMjPerTh);
        Assert.False(site.Context.Alarms.IsUp("price-file", "price"));
        write("sixty", 2);
        Assert.Equal(26_250, book.Price.CeilingMjPerTh);
        Assert.Contains("line 2", book.Price.View().LastRefusal, StringComparison.Ordinal);
        write("95", 3);
        Assert.Equal(17_500, book.Price.CeilingMjPerTh);
        Assert.Equal(PriceOutcome.Conflict, book.Price.Put(Json(), true, out _));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void A_test_says_what_a_price_would_give()
    {
        (_, SourceBook book) = Running();
        SourceTest good = book.Price!.Test("{\"powerPerMWh\":60}"u8.ToArray());
        Assert.Equal((true, 26_250), (good.Good, good.WouldAskMjPerTh));
        Assert.Contains("26.25 J/TH", good.Sentence, StringComparison.Ordinal);
        Assert.Equal("powerPerMWh", book.Price.Test("{\"powerPerMWh\":1e9}"u8.ToArray()).Fault!.Field);
        Assert.Equal("at", book.Price.Test("{\"at\":5}"u8.ToArray()).Fault!.Field);
        Assert.False(book.Price.Test(default).Good);
    }
}
