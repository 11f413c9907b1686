using System.Text;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Tests.Signals;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.HomeAssistant;

/// <summary>Commands from Home Assistant on a site in simulated time.</summary>
public sealed class HomeCommandTests
{
    private readonly ToySite _site;
    private readonly HomeSource _home;

    public HomeCommandTests()
        : this(new HomeAssistantSection())
    {
    }

    private HomeCommandTests(HomeAssistantSection section)
    {
        _site = new ToySite(change: o => o with { HomeAssistant = section }).UpAndRunning();
        _home = SourceSite.Book(_site).Home!;
    }

    private static HomeCommandTests With(HomeAssistantSection section) => new(section);

    private SignalVerdict Cap(string text, bool retained = false) => _home.Take(HomeTopics.Cap, Encoding.ASCII.GetBytes(text), retained);

    private SignalVerdict Press(string text = "PRESS", bool retained = false) => _home.Take(HomeTopics.Emergency, Encoding.ASCII.GetBytes(text), retained);

    private ActiveLimit Only() => Assert.Single(_site.Context.Limits.Open);

    [Fact]
    public void A_cap_becomes_a_limit_of_its_own_source_and_watts_fall()
    {
        SignalVerdict verdict = Cap("200.9");
        Assert.True(verdict.Taken, verdict.Sentence);
        Assert.Equal(("home-assistant", "cap", 200, OrderClass.Economic, "site"), (Only().Entry.Source, Only().Entry.Id, Only().LimitW, Only().Class, Only().Node.Id));
        Assert.Equal(200, _home.AskedW);
        _site.Run(40);
        Assert.True(_site.PowerW <= 204, _site.PowerW.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(200, _home.View().AsksW);
    }

    [Fact]
    public void Without_the_right_it_never_raises_nor_ends_and_a_lower_cap_is_taken()
    {
        Assert.True(Cap("200").Taken);
        _site.Run(30);
        SignalVerdict raise = Cap("300");
        Assert.False(raise.Taken);
        Assert.Contains("no right to raise", raise.Sentence, StringComparison.Ordinal);
        Assert.False(Cap(Most).Taken);
        Assert.Equal(200, Only().LimitW);
        _site.Run(30);
        Assert.True(_site.PowerW <= 204);
        Assert.True(Cap("150").Taken);
        Assert.Equal(150, Only().LimitW);
        Assert.Equal(2, _home.View().Refused);
    }

    [Fact]
    public void With_the_right_it_raises_and_at_the_largest_value_its_cap_ends()
    {
        HomeCommandTests with = With(new HomeAssistantSection { MayRaise = true });
        Assert.True(with.Cap("200").Taken);
        with._site.Run(30);
        Assert.True(with.Cap("300").Taken);
        Assert.Equal(300, with.Only().LimitW);
        with._site.Run(30);
        Assert.True(with.Cap(with.Most).Taken);
        with._site.Run(200);
        Assert.DoesNotContain(with._site.Context.Limits.Open, l => l.State == EventState.Active);
        Assert.True(with._site.PowerW > 0.95 * with._site.FullW);
    }

    [Fact]
    public void It_never_ends_or_raises_what_others_ask_S12()
    {
        HomeCommandTests with = With(new HomeAssistantSection { MayRaise = true });
        with._site.Limit(150);
        Assert.True(with.Cap("200").Taken);
        with._site.Run(30);
        Assert.True(with.Cap(with.Most).Taken);
        with._site.Run(100);
        Assert.True(with._site.PowerW <= 153);
    }

    [Fact]
    public void The_button_is_an_emergency_at_0_W_and_a_second_press_makes_no_second_one()
    {
        Assert.True(Press().Taken);
        Assert.Equal((OrderClass.Emergency, 0d, "emergency"), (Only().Class, Only().LimitW, Only().Entry.Id));
        _site.Run(3);
        Assert.True(_site.PowerW <= _site.StandbyW * 1.01);
        Assert.True(Press().Taken);
        Assert.Single(_site.Context.Limits.All);

        // Nothing that Home Assistant says ends it: an operator does.
        Assert.False(Cap(Most).Taken && _site.Context.Limits.Open.All(l => l.Class != OrderClass.Emergency));
        _site.Run(60);
        Assert.True(_site.PowerW <= _site.StandbyW * 1.01);
        Assert.Equal(LimitOutcome.Released, _site.Desk.Release("emergency", WhoMayWhat.RestSource, mayRaise: true).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e2")]
    [InlineData("NaN")]
    [InlineData("200 W")]
    [InlineData("1,000")]
    [InlineData("{\"limitW\":0}")]
    [InlineData("999999999")]
    [InlineData("00000000000000000000000000000000000000000000000000000000001")]
    public void A_word_that_is_no_number_of_watts_changes_nothing_S14(string text)
    {
        SignalVerdict verdict = Cap(text);
        Assert.False(verdict.Taken);
        Assert.StartsWith("Refused: a cap is a number of watts from 0 to ", verdict.Sentence, StringComparison.Ordinal);
        _site.Run(15);
        Assert.Empty(_site.Context.Limits.All);
    }

    [Fact]
    public void A_kept_command_and_another_word_for_the_button_change_nothing_S17()
    {
        Assert.Contains("kept", Cap("0", retained: true).Sentence, StringComparison.Ordinal);
        Assert.Contains("kept", Press(retained: true).Sentence, StringComparison.Ordinal);
        Assert.False(Press("press").Taken);
        Assert.False(Press("").Taken);
        _site.Run(15);
        Assert.Empty(_site.Context.Limits.All);
        Assert.Equal((4L, 0L), (_home.View().Refused, _home.View().Taken));
    }

    [Fact]
    public void A_number_that_is_moved_all_the_time_makes_one_limit_a_second_and_the_newest_word_counts()
    {
        for (int i = 0; i < 1000; i++)
        {
            Cap((400 - (i / 10)).ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (i % 100 == 99)
            {
                _site.Run(1);
            }
        }

        _site.Run(2);
        Assert.Equal(301, _home.AskedW);
        Assert.InRange(_site.Context.Limits.All.Count, 9, 13);
    }

    [Fact]
    public void Upward_it_is_one_in_ten_seconds()
    {
        HomeCommandTests with = With(new HomeAssistantSection { MayRaise = true });
        with.Cap("100");
        with._site.Run(11);
        Assert.True(with.Cap("110").Taken);
        Assert.Equal(110, with._home.AskedW);
        with.Cap("120");
        with._site.Run(5);
        Assert.Equal(110, with._home.AskedW);
        with.Cap("105");
        Assert.Equal(105, with._home.AskedW);
        with.Cap("130");
        with._site.Run(11);
        Assert.Equal(130, with._home.AskedW);
    }

    [Fact]
    public void Its_cap_outlives_a_restart_and_its_silence_releases_nothing_S17()
    {
        Cap("200");
        _site.Run(40);
        _site.KillHost();
        _site.NewHost();
        HomeSource again = SourceSite.Book(_site).Home!;
        _site.Run(400);
        Assert.Equal(200, again.AskedW);
        Assert.True(_site.PowerW <= 204);
    }

    [Fact]
    public void A_test_says_what_would_be_and_does_nothing()
    {
        Assert.True(_home.Test(default).Good);
        Assert.Equal(250, _home.Test("250"u8.ToArray()).WouldAskW);
        Assert.NotNull(_home.Test("much"u8.ToArray()).Fault);
        Cap("200");
        Assert.NotNull(_home.Test("250"u8.ToArray()).Fault);
        Assert.Equal(200, _home.AskedW);
        Assert.Null(new ToySite(change: o => o with { HomeAssistant = new HomeAssistantSection { ReadOnly = true } }) is { } site ? SourceSite.Book(site).Home : null);
    }

    private string Most => HomeDiscovery.MaxW(_site.Options).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
