using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Inputs;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Signals;

/// <summary>Contacts and sensors of the host's machine, driven through their interface.</summary>
public sealed class InputTests
{
    private static readonly ContactSection Curtail = new() { Id = "curtail", Line = 17, LimitW = 150, Reason = "line operator" };
    private static readonly SensorSection Air = new()
    {
        Id = "air",
        Chip = "sht3x",
        Address = 0x44,
        FreshS = 10,
        FallbackW = 60,
        Steps = [new AirStep { FromC = 35, LimitW = 250 }, new AirStep { FromC = 40, LimitW = 100 }, new AirStep { FromC = 45, LimitW = 0 }],
    };

    private static (ToySite Site, SourceBook Book, FakeInputs Inputs) Running(ContactSection? contact = null, SensorSection? sensor = null)
    {
        FakeInputs inputs = new();
        ToySite site = new ToySite(change: o => o with { Contacts = contact is null ? [] : [contact], Sensors = sensor is null ? [] : [sensor], SpreadS = 5 }).UpAndRunning();
        SourceBook book = Book(site, inputs);
        return (site, book, inputs);
    }

    private static SourceBook Book(ToySite site, FakeInputs inputs)
    {
        SourceBook book = new(site.Context, site.Dispatcher, site.Desk, inputs);
        book.Start(site.Journal.Load());
        site.EachSecond = _ =>
        {
            foreach (SensorSource sensor in book.All.OfType<SensorSource>())
            {
                sensor.Poll();
            }

            book.Watch();
            book.Tick();
        };
        return book;
    }

    [Fact]
    public void A_contact_holds_its_limit_while_it_is_active_and_lets_go_after_its_time()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(Curtail);
        site.Run(5);
        Assert.Empty(site.Context.Limits.All);
        inputs.Lines["curtail"].High = true;
        Assert.Empty(site.Context.Limits.All);
        site.Run(20);
        Assert.True(site.PowerW <= 153, "power " + site.PowerW);
        Assert.Equal((150.0, "limit curtail: line operator", SourceQuality.Good), (book.Find("curtail")!.View().AsksW, book.Find("curtail")!.View().Why, book.Find("curtail")!.View().Quality));
        inputs.Lines["curtail"].High = false;
        site.Run(4);
        Assert.True(site.Context.Limits.CapOf(site.Context.Tree.Site).Holds);
        site.Run(120);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void Bounces_shorter_than_the_debounce_do_nothing()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(Curtail with { DebounceMs = 250 });
        for (int i = 0; i < 20; i++)
        {
            inputs.Lines["curtail"].High = true;
            site.Time.Advance(40);
            book.Watch();
            inputs.Lines["curtail"].High = false;
            site.Time.Advance(40);
            book.Watch();
        }

        Assert.Empty(site.Context.Limits.All);
    }

    [Fact]
    public void An_emergency_contact_reaches_the_dispatcher_in_its_edge()
    {
        (ToySite site, _, FakeInputs inputs) = Running(Curtail with { Class = "emergency", LimitW = 0, DebounceMs = 5000 });
        int before = site.Log.Count;
        inputs.Lines["curtail"].High = true;
        Assert.Contains(site.Log.Skip(before), s => s.Order is { Class: OrderClass.Emergency });
        site.Run(2);
        Assert.True(site.PowerW <= site.StandbyW + 1, "power " + site.PowerW);
    }

    [Fact]
    public void A_line_that_cannot_be_read_counts_as_active()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(Curtail);
        inputs.Lines["curtail"].High = null;
        site.Run(20);
        Assert.True(site.PowerW <= 153);
        Assert.True(site.Context.Alarms.IsUp("contact-unreadable", "curtail"));
        Assert.Equal((SourceQuality.Stale, true), (book.Find("curtail")!.View().Quality, book.Find("curtail")!.View().FallbackHolds));
        Assert.False(book.Find("curtail")!.Test(default).Good);
    }

    [Fact]
    public void A_released_limit_comes_back_while_the_contact_is_active_and_a_latch_needs_the_operator()
    {
        (ToySite site, _, FakeInputs inputs) = Running(Curtail with { Latch = true });
        inputs.Lines["curtail"].High = true;
        site.Run(5);
        Assert.Equal(LimitOutcome.Released, site.Desk.Release("curtail", "rest", true).Outcome);
        site.Run(3);
        Assert.True(site.Context.Limits.CapOf(site.Context.Tree.Site).Holds);
        inputs.Lines["curtail"].High = false;
        site.Run(60);
        Assert.True(site.Context.Limits.CapOf(site.Context.Tree.Site).Holds);
        site.Desk.Release("curtail", "rest", true);
        site.Run(10);
        Assert.False(site.Context.Limits.CapOf(site.Context.Tree.Site).Holds);
    }

    [Fact]
    public void A_restart_keeps_a_contacts_limit_until_the_line_says_otherwise()
    {
        (ToySite site, _, FakeInputs inputs) = Running(Curtail);
        inputs.Lines["curtail"].High = true;
        site.Run(20);
        site.NewHost();
        FakeInputs again = new();
        Book(site, again);
        Assert.Equal(150, site.Context.Limits.CapOf(site.Context.Tree.Site).W);
        site.Run(3);
        Assert.Equal(1, site.Context.Limits.Open.Count(l => l.Entry.Source == "curtail"));
        site.Run(10);
        Assert.DoesNotContain(site.Context.Limits.All, l => l.Entry.Source == "curtail" && l.State == EventState.Active);
    }

    [Fact]
    public void F35_air_contact_and_operator_together_the_smallest_holds_and_is_named()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(Curtail, Air);
        site.Limit(300);
        inputs.Sensors["air"].Reading = new SensorReading(36, null);
        site.Run(10);
        Assert.Equal((250, "intake air 36.0 °C"), (site.Dispatcher.Picture.Cap.W, site.Dispatcher.Picture.Cap.Standing!.Why));
        inputs.Lines["curtail"].High = true;
        site.Run(20);
        Assert.Equal((150, "line operator"), (site.Dispatcher.Picture.Cap.W, site.Dispatcher.Picture.Cap.Limit!.Entry.Reason));
        Assert.True(site.PowerW <= 153);
        inputs.Sensors["air"].Reading = new SensorReading(41, null);
        site.Run(20);
        Assert.Equal(100, site.Dispatcher.Picture.Cap.W);
        Assert.True(site.PowerW <= 102);
        Assert.Equal((100.0, 250.0), (book.Find("air")!.View().AsksW, Air.Steps[0].LimitW));
    }

    [Fact]
    public void Steps_of_the_air_end_below_where_they_began()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(sensor: Air);
        double? at(double c)
        {
            inputs.Sensors["air"].Reading = new SensorReading(c, null);
            site.Run(2);
            return book.Find("air")!.View().AsksW;
        }

        Assert.Equal([null, 250.0, 250.0, 100.0, 0.0, 0.0, 100.0, null], new double?[] { at(34.9), at(35), at(33.1), at(40.5), at(46), at(43.5), at(42.9), at(20) });
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    [InlineData(-60.0)]
    [InlineData(null)]
    public void F7_an_implausible_temperature_changes_nothing_once_and_three_times_counts_as_too_hot_S04(double? value)
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(sensor: Air);
        AirSource air = (AirSource)book.Find("air")!;
        site.Run(3);
        SensorReading bad = new(value, value is null ? "bus error" : null);
        air.Take(bad);
        air.Take(bad);
        Assert.Equal((null, SourceQuality.Good, 2L), (air.View().AsksW, air.View().Quality, air.View().Refused));
        Assert.Contains(value is null ? "bus error" : "cannot be intake air", air.View().LastRefusal, StringComparison.Ordinal);
        air.Take(bad);
        Assert.Equal((60.0, SourceQuality.Stale, true), (air.View().AsksW, air.View().Quality, air.View().FallbackHolds));
        inputs.Sensors["air"].Reading = bad;
        site.Run(25);
        Assert.True(site.PowerW <= 61.2, "power " + site.PowerW);
        inputs.Sensors["air"].Reading = new SensorReading(20, null);
        site.Run(120);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void A_sensor_that_is_not_read_any_more_is_stale_and_a_lower_step_stays_S17()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(sensor: Air);
        inputs.Sensors["air"].Reading = new SensorReading(50, null);
        site.Run(3);
        site.EachSecond = _ => book.Tick();
        site.Run(30);
        Assert.Equal((0.0, SourceQuality.Stale), (book.Find("air")!.View().AsksW, book.Find("air")!.View().Quality));
    }

    [Fact]
    public void A_sensor_can_be_the_site_meter_and_what_it_cannot_be_is_refused_F7()
    {
        (ToySite site, SourceBook book, FakeInputs inputs) = Running(sensor: new SensorSection { Id = "ct", Chip = "ads1115", Address = 0x48, Role = "meter", Scale = 100 });
        site.MeterWorks = false;
        inputs.Sensors["ct"].Reading = new SensorReading(site.PowerW / 100, null);
        site.Run(10);
        Assert.True(site.Context.Meter.IsFresh(site.Context.Clock.NowMs));
        Assert.Equal(site.PowerW, site.Context.Meter.Watts, 0.5);
        inputs.Sensors["ct"].Reading = new SensorReading(9, null);
        site.Run(10);
        Assert.False(site.Context.Meter.IsFresh(site.Context.Clock.NowMs));
        Assert.Contains("check scale", book.Find("ct")!.View().LastRefusal, StringComparison.Ordinal);
        Assert.Equal(SourceQuality.Stale, book.Find("ct")!.View().Quality);
    }

    [Fact]
    public void Inputs_are_refused_at_the_start_of_a_build_without_them_and_unsafe_wiring_in_any()
    {
        IReadOnlyList<string> problems = OptionsCheck.Problems(ToySite.MakeOptions(2, 1) with { Contacts = [Curtail with { ActiveLevel = "low" }], Sensors = [Air with { Steps = [] }] });
        Assert.Equal(HostInputs.Problem is not null, problems.Any(p => p.Contains("HostGpio=true", StringComparison.Ordinal)));
        Assert.Contains(problems, p => p.Contains("a broken wire would read as not active", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("has no steps", StringComparison.Ordinal));
        Assert.Equal(HostInputs.Problem is null ? 2 : 3, problems.Count);
    }
}
