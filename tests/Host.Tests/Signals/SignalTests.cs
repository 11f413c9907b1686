using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Signals;

/// <summary>Signed limits from outside (contract section 6), signed here with the platform's HMAC.</summary>
public sealed class SignalTests
{
    private static readonly string Key = ToySite.Key(77);

    private static ToySite Site(bool mayRaise, double? fallbackW = null)
        => new ToySite(change: o => o with { Sources = [new SourceSection { Id = "tso", Kid = 3, Key = Key, FreshS = 60, FallbackW = fallbackW, MayRaise = mayRaise }] }).UpAndRunning();

    private static byte[] Signed(ToySite site, uint seq, string op, string rest = "", string key = "", long ageMs = 0, string source = "tso")
    {
        long sent = site.Time.GetUtcNow().ToUnixTimeMilliseconds() - ageMs;
        string text = string.Create(CultureInfo.InvariantCulture, $"{{\"v\":1,\"source\":\"{source}\",\"seq\":{seq},\"op\":\"{op}\"{rest},\"sent\":{sent},\"kid\":3");
        byte[] covered = Encoding.ASCII.GetBytes("ballast/v1/demo/grid/signal\0" + text);
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(key.Length > 0 ? key : Key), covered));
        return Encoding.ASCII.GetBytes(text + ",\"mac\":\"" + mac + "\"}");
    }

    private static string Set(double watts, string id = "g") => string.Create(CultureInfo.InvariantCulture, $",\"id\":\"{id}\",\"class\":\"reliability\",\"node\":\"site\",\"limitW\":{watts:0}");

    private static SignalDesk Desk(ToySite site) => SourceSite.Book(site).Signals;

    [Fact]
    public void A_signed_limit_holds_and_a_source_with_the_right_may_release_it()
    {
        ToySite site = Site(mayRaise: true);
        SignalDesk desk = Desk(site);
        SignalVerdict verdict = desk.Take(Signed(site, 1, "set", Set(200)), false);
        Assert.True(verdict.Taken, verdict.Sentence);
        site.Run(5);
        Assert.True(site.PowerW <= 204);
        Assert.True(desk.Take(Signed(site, 2, "release", ",\"id\":\"g\""), false).Taken);
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }

    [Fact]
    public void Wrong_keys_replays_old_messages_kept_messages_and_strangers_change_nothing_S14()
    {
        ToySite site = Site(mayRaise: true);
        SignalDesk desk = Desk(site);
        byte[] good = Signed(site, 5, "heartbeat");
        Assert.True(desk.Take(good, false).Taken);
        Assert.False(desk.Take(good, false).Taken);
        Assert.Contains("MAC", desk.Take(Signed(site, 6, "set", Set(0), key: ToySite.Key(78)), false).Sentence, StringComparison.Ordinal);
        Assert.Contains("seq", desk.Take(Signed(site, 4, "set", Set(0)), false).Sentence, StringComparison.Ordinal);
        Assert.Contains("clocks", desk.Take(Signed(site, 7, "set", Set(0), ageMs: 61_000), false).Sentence, StringComparison.Ordinal);
        Assert.Contains("clocks", desk.Take(Signed(site, 7, "set", Set(0), ageMs: -61_000), false).Sentence, StringComparison.Ordinal);
        Assert.False(desk.Take(Signed(site, 8, "set", Set(0)), retained: true).Taken);
        Assert.Contains("no source", desk.Take(Signed(site, 9, "set", Set(0), source: "x"), false).Sentence, StringComparison.Ordinal);
        byte[] flipped = Signed(site, 10, "set", Set(300));
        flipped[70] ^= 1;
        Assert.False(desk.Take(flipped, false).Taken);
        Assert.Empty(site.Context.Limits.All);
    }

    [Fact]
    public void Sequence_numbers_survive_a_restart()
    {
        ToySite site = Site(mayRaise: true);
        byte[] old = Signed(site, 9, "heartbeat");
        Assert.True(Desk(site).Take(old, false).Taken);
        Assert.False(Desk(site).Take(old, false).Taken);
    }

    [Fact]
    public void A_source_without_the_right_to_raise_may_neither_release_nor_let_a_limit_end()
    {
        ToySite site = Site(mayRaise: false);
        SignalDesk desk = Desk(site);
        Assert.True(desk.Take(Signed(site, 1, "set", Set(200)), false).Taken);
        Assert.Contains("right to raise", desk.Take(Signed(site, 2, "release", ",\"id\":\"g\""), false).Sentence, StringComparison.Ordinal);
        Assert.Contains("right to raise", desk.Take(Signed(site, 3, "set", Set(300)), false).Sentence, StringComparison.Ordinal);
        Assert.Contains("right to raise", desk.Take(Signed(site, 4, "set", Set(100, "h") + ",\"durationS\":60"), false).Sentence, StringComparison.Ordinal);
        site.Run(10);
        Assert.True(site.PowerW <= 204);
    }

    [Fact]
    public void A_silent_source_means_its_fallback_and_its_return_ends_only_that_S17()
    {
        ToySite site = Site(mayRaise: true, fallbackW: 150);
        SignalDesk desk = Desk(site);
        desk.Take(Signed(site, 1, "set", Set(300)), false);
        site.Run(50);
        Assert.InRange(site.PowerW, 240, 306);
        site.Run(30);
        Assert.True(site.PowerW <= 153, "power " + site.PowerW);
        Assert.True(site.Context.Alarms.IsUp("source-silent", "tso"));
        desk.Take(Signed(site, 2, "heartbeat"), false);
        site.Run(55);
        Assert.InRange(site.PowerW, 153, 306);
        Assert.Equal(300, site.Dispatcher.Picture.Cap.W);
    }

    [Fact]
    public void A_restart_while_the_fallback_holds_does_not_end_it_before_the_source_has_spoken_S17()
    {
        ToySite site = Site(mayRaise: true, fallbackW: 150);
        SourceSite.Book(site);
        site.Run(70);
        Assert.Equal(150, site.Dispatcher.Picture.Cap.W);
        site.NewHost();
        SourceBook book = SourceSite.Book(site);
        site.Run(50);
        Assert.True(book.Find("tso")!.View().FallbackHolds);
        Assert.Equal(150, site.Dispatcher.Picture.Cap.W);
        book.Signals.Take(Signed(site, 1, "heartbeat"), false);
        site.Run(3);
        Assert.False(site.Dispatcher.Picture.Cap.Holds);
    }

    [Fact]
    public void A_test_says_what_a_message_would_do_and_does_nothing()
    {
        ToySite site = Site(mayRaise: false, fallbackW: 150);
        SourceBook book = SourceSite.Book(site);
        ISource tso = book.Find("tso")!;
        byte[] message = Signed(site, 1, "set", Set(0));
        SourceTest test = tso.Test(message);
        Assert.True(test.Good && test.WouldAskW == 0, test.Sentence);
        Assert.Contains("would be held at 0 W", test.Sentence, StringComparison.Ordinal);
        Assert.Empty(site.Context.Limits.All);
        Assert.Equal(0, tso.View().Taken);
        Assert.Equal("durationS", tso.Test(Signed(site, 1, "set", Set(0) + ",\"durationS\":60")).Fault!.Field);
        Assert.Equal("node", tso.Test(Signed(site, 1, "set", ",\"id\":\"g\",\"class\":\"reliability\",\"node\":\"moon\",\"limitW\":1")).Fault!.Field);
        Assert.Equal("mac", tso.Test(Signed(site, 1, "set", Set(0), key: ToySite.Key(78))).Fault!.Field);
        Assert.Equal("limitW", book.Find("rest")!.Test(Encoding.ASCII.GetBytes("{\"class\":\"economic\",\"limitW\":1000000000}")).Fault!.Field);
        Assert.Contains("not spoken", tso.Test(default).Sentence, StringComparison.Ordinal);
        Assert.True(book.Signals.Take(message, false).Taken);
        Assert.True(tso.Test(default).Good);
        Assert.Equal((SourceQuality.Good, 0.0, 150.0), (tso.View().Quality, tso.View().AsksW, tso.View().FallbackW));
    }

    [Fact]
    public void A_source_shows_when_it_spoke_what_it_asks_and_why()
    {
        ToySite site = Site(mayRaise: true, fallbackW: 150);
        SourceBook book = SourceSite.Book(site);
        Assert.Equal((SourceQuality.Waiting, null), (book.Find("tso")!.View().Quality, book.Find("tso")!.View().AgeMs));
        book.Signals.Take(Signed(site, 1, "set", Set(250) + ",\"reason\":\"line 7\""), false);
        site.Limit(300);
        site.Limit(-5);
        site.Run(20);
        SourceView tso = book.Find("tso")!.View();
        Assert.Equal((250.0, "limit g: line 7", 20_000L, 1L), (tso.AsksW, tso.Why, tso.AgeMs, tso.Taken));
        SourceView rest = book.Find("rest")!.View();
        Assert.Equal((300.0, 1L, 1L), (rest.AsksW, rest.Taken, rest.Refused));
        Assert.Contains("limitW", rest.LastRefusal, StringComparison.Ordinal);
        site.Run(60);
        tso = book.Find("tso")!.View();
        Assert.Equal((SourceQuality.Stale, true, 150.0, "limit fallback-tso: tso is silent"), (tso.Quality, tso.FallbackHolds, tso.AsksW, tso.Why));
    }

    [Fact]
    public void An_operators_hold_lets_power_fall_and_not_rise_and_survives_a_restart()
    {
        ToySite site = Site(mayRaise: true);
        site.Limit(200);
        site.Run(60);
        Assert.True(site.Dispatcher.SetHold(true));
        site.Desk.Release("a", "rest", true);
        site.Run(60);
        site.NewHost();
        Assert.True(site.Dispatcher.Held);
        site.Run(150);
        Assert.True(site.PowerW <= 204, "power " + site.PowerW);
        site.Limit(100, id: "b");
        site.Run(30);
        Assert.True(site.PowerW <= 102);
        site.Desk.Release("b", "rest", true);
        site.Dispatcher.SetHold(false);
        site.Run(200);
        Assert.True(site.PowerW > 0.95 * site.FullW);
    }
}
