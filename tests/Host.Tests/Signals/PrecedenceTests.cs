using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Tests.Mqtt;
using Ballast.Host.Tests.Sim;
using Ballast.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Ballast.Host.Tests.Signals;

/// <summary>A second broker for signals: which of the two counts when both speak.</summary>
public sealed class PrecedenceTests
{
    private static readonly string Key = ToySite.Key(77);

    private static SourceSection Tso(int freshS) => new() { Id = "tso", Kid = 3, Key = Key, FreshS = freshS, FallbackW = 150, MayRaise = true };

    private static byte[] Signed(uint seq, long sent, double? watts)
    {
        string rest = watts is { } w ? string.Create(CultureInfo.InvariantCulture, $"\"set\",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":{w:0}") : "\"heartbeat\"";
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"source\":\"tso\",\"seq\":{seq},\"op\":{rest},\"sent\":{sent},\"kid\":3");
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(Key), Encoding.ASCII.GetBytes("ballast/v1/demo/grid/signal\0" + text)));
        return Encoding.ASCII.GetBytes(text + ",\"mac\":\"" + mac + "\"}");
    }

    private sealed class Grid(ToySite site, SignalDesk desk)
    {
        private uint _seq;

        internal byte[] Last { get; private set; } = [];

        internal SignalVerdict Say(SignalPath path, double? watts = null)
        {
            Last = Signed(++_seq, site.Time.GetUtcNow().ToUnixTimeMilliseconds(), watts);
            return desk.Take(Last, false, path);
        }
    }

    private static (ToySite Site, SourceBook Book, Grid Grid) Running(string precedence = "grid")
    {
        ToySite site = new ToySite(change: o => o with { Sources = [Tso(30)], SignalBroker = new MqttSection { Port = 1 }, SignalPrecedence = precedence, SpreadS = 5 }).UpAndRunning();
        SourceBook book = SourceSite.Book(site);
        return (site, book, new Grid(site, book.Signals));
    }

    [Theory]
    [InlineData("grid", SignalPath.Grid, SignalPath.Site)]
    [InlineData("site", SignalPath.Site, SignalPath.Grid)]
    public void While_the_broker_with_precedence_is_heard_the_other_may_only_lower(string precedence, SignalPath first, SignalPath other)
    {
        (ToySite site, SourceBook book, Grid grid) = Running(precedence);
        Assert.True(grid.Say(first, 250).Taken);
        SignalVerdict raise = grid.Say(other, 350);
        Assert.False(raise.Taken);
        Assert.Contains("has precedence", raise.Sentence, StringComparison.Ordinal);
        Assert.Equal(250, site.Context.Limits.CapOf(site.Context.Tree.Site).W);
        Assert.True(grid.Say(other, 200).Taken);
        site.Run(10);
        Assert.True(site.PowerW <= 204);
        Assert.True(grid.Say(first, 300).Taken);
        Assert.Equal(300, site.Context.Limits.CapOf(site.Context.Tree.Site).W);
        Assert.Contains("(has precedence)", book.Find("tso")!.View().Via, StringComparison.Ordinal);
    }

    [Fact]
    public void When_it_is_silent_for_its_freshness_the_other_has_all_rights_and_loses_them_when_it_is_back()
    {
        (ToySite site, SourceBook book, Grid grid) = Running();
        grid.Say(SignalPath.Grid, 250);
        for (int i = 0; i < 4; i++)
        {
            site.Run(10);
            grid.Say(SignalPath.Site);
        }

        Assert.Equal(SourceQuality.Good, book.Find("tso")!.View().Quality);
        Assert.True(grid.Say(SignalPath.Site, 350).Taken);
        Assert.True(grid.Say(SignalPath.Grid).Taken);
        Assert.False(grid.Say(SignalPath.Site, 400).Taken);
    }

    [Fact]
    public void The_loss_of_both_means_the_fallback_and_releases_nothing_S17()
    {
        (ToySite site, _, Grid grid) = Running();
        grid.Say(SignalPath.Grid, 250);
        grid.Say(SignalPath.Site, 240);
        site.Run(60);
        Assert.Equal(150, site.Context.Limits.CapOf(site.Context.Tree.Site).W);
        Assert.True(site.PowerW <= 153);
    }

    [Fact]
    public void A_copy_over_the_other_broker_is_no_refusal_renews_nothing_and_shows_that_the_way_works()
    {
        (ToySite site, SourceBook book, Grid grid) = Running();
        grid.Say(SignalPath.Site, 250);
        SignalVerdict copy = book.Signals.Take(grid.Last, false, SignalPath.Grid);
        Assert.True(copy.Taken);
        Assert.Equal((1L, 0L), (book.Find("tso")!.View().Taken, book.Find("tso")!.View().Refused));
        Assert.False(grid.Say(SignalPath.Site, 350).Taken);
        site.Run(40);
        book.Signals.Take(grid.Last, false, SignalPath.Grid);
        Assert.Equal(SourceQuality.Stale, book.Find("tso")!.View().Quality);
        Assert.False(book.Signals.Take(grid.Last, false, SignalPath.Site).Taken);
    }

    [Fact]
    public void Two_brokers_that_say_different_things_in_turn_never_lift_power_above_the_higher_and_do_not_swing_it()
    {
        (ToySite site, SourceBook book, Grid grid) = Running();
        int turn = 0;
        double high = 0;
        site.EachSecond = s =>
        {
            turn++;
            bool flapping = turn % 7 < 4;
            _ = flapping ? grid.Say(SignalPath.Grid, 300) : grid.Say(SignalPath.Site, 220);
            book.Tick();
            high = turn > 20 ? Math.Max(high, s.PowerW) : 0;
        };
        site.Run(30);
        long orders = site.Dispatcher.Picture.OrderChanges;
        site.Run(120);
        Assert.True(high <= 306, "high " + high);
        Assert.True(site.Dispatcher.Picture.OrderChanges - orders < 40, "orders " + (site.Dispatcher.Picture.OrderChanges - orders));
        Assert.Equal(SourceQuality.Good, book.Find("tso")!.View().Quality);
    }

    /// <summary>Two real mosquittos: the second dies and comes back while the host goes on.</summary>
    [Fact]
    public async Task Over_two_real_brokers_the_second_has_precedence_its_loss_changes_nothing_and_it_comes_back()
    {
        using TestBroker siteBroker = new();
        using TestBroker gridBroker = new();
        SiteOptions options = ToySite.MakeOptions(2, 1) with
        {
            Mqtt = new MqttSection { Port = siteBroker.Port },
            SignalBroker = new MqttSection { Port = gridBroker.Port },
            Sources = [Tso(3) with { FallbackW = null }],
            Http = new HttpSection { Urls = "http://127.0.0.1:0" },
            RampS = 0,
            SpreadS = 0,
        };
        Virtual.InProcess.MemoryJournal journal = new();
        await using WebApplication app = Program.Build(options, journal, MqttLibrary.Create(), TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        HostCore core = app.Services.GetRequiredService<HostCore>();
        using IMqttConnection onSite = Connect("on-site", siteBroker.Port);
        using IMqttConnection onGrid = Connect("on-grid", gridBroker.Port);
        uint seq = 0;
        void say(IMqttConnection over, double? watts) => over.Publish("ballast/v1/demo/grid/signal", Signed(++seq, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), watts), 1, false);
        SourceView view() => core.Ask(c => c.Sources.Find("tso")!.View()).Result;
        double cap() => core.Ask(c => c.Context.Limits.CapOf(c.Context.Tree.Site).W).Result;
        void heard(IMqttConnection over, double? watts, string what)
        {
            long before = view().Taken + view().Refused;
            Wait.Until(() => over.IsConnected, "a connection");
            say(over, watts);
            Wait.Until(() => view().Taken + view().Refused > before, what);
        }

        Wait.Until(() => core.IsConnected && core.Ask(c => c.Sources.Signals.GridLinked).Result, "both brokers to be reached");
        heard(onGrid, 300, "the second broker to be heard");
        Assert.Equal(300, cap());
        heard(onSite, 400, "a refusal");
        Assert.Contains("has precedence", view().LastRefusal, StringComparison.Ordinal);
        heard(onSite, 200, "a lower limit");
        Assert.Equal(200, cap());

        gridBroker.Stop();
        Wait.Until(() => !core.Ask(c => c.Sources.Signals.GridLinked).Result, "the loss to be noticed");
        Assert.True(core.IsConnected);
        Assert.Equal(200, cap());
        Wait.Until(
            () =>
            {
                say(onSite, 250);
                return cap() == 250;
            },
            "the site's broker to have all rights again");

        gridBroker.Start();
        Wait.Until(() => core.Ask(c => c.Sources.Signals.GridLinked).Result, "the second broker to be reached again");
        heard(onGrid, null, "a heartbeat over the second broker");
        heard(onSite, 300, "a refusal");
        Assert.Equal(250, cap());
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IMqttConnection Connect(string id, int port)
    {
        IMqttConnection connection = MqttLibrary.Create();
        connection.Start(new MqttOptions { ClientId = id, Port = port, ReconnectMinMs = 100, ReconnectMaxMs = 200 }, new RecordingReceiver());
        return connection;
    }
}
