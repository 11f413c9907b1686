using System.Text;
using Ballast.Host.Options;
using Ballast.Host.Signals;
using Ballast.Host.Signals.Surplus;
using Ballast.Host.Tests.Sim;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Signals;

/// <summary>A cap that follows a surplus.</summary>
public sealed class SurplusTests
{
    private static readonly SurplusSection Sun = new() { Id = "sun", FreshS = 10, FallbackW = 50, RiseAfterS = 10 };

    /// <summary>
    /// Random sections and random traces with silences: fresh, the cap is never above the last reading; stale, it never rises and is at most
    /// the fallback; a rise is never above anything seen in the last riseAfterS; switches respect their times.
    /// </summary>
    [Fact]
    public void A_follower_never_asks_for_more_than_the_surplus_seen_within_freshness_S17()
    {
        Gen<int> seeds = Gen.Choose(0, int.MaxValue - 1);
        Prop.ForAll(seeds.ToArbitrary(), seed => Follows(new System.Random(seed)) is null).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261122, 1));
    }

    private static string? Follows(System.Random random)
    {
        SurplusSection section = Sun with
        {
            FreshS = 5,
            FallbackW = random.Next(0, 300),
            MarginW = random.Next(0, 2) * 20,
            HysteresisW = random.Next(0, 50),
            RiseAfterS = random.Next(0, 20),
            UpWPerS = random.Next(0, 3) * 5,
            OffW = 100,
            OnW = 100 + random.Next(0, 200),
            MinOnS = random.Next(0, 60),
            MinOffS = random.Next(0, 60),
        };
        SurplusFollower follower = new(section);
        List<(long At, double W)> readings = [];
        long now = 0;
        long? switched = null;
        double surplus = 500;
        int silentFor = 0;
        for (int i = 0; i < 400; i++)
        {
            now += random.Next(200, 2000);
            double? before = follower.CapW;
            bool wasOn = follower.On;
            silentFor = silentFor > 0 ? silentFor - 1 : random.Next(40) == 0 ? random.Next(3, 20) : 0;
            surplus = Math.Clamp(surplus + random.Next(-120, 121), -100, 900);
            if (silentFor == 0)
            {
                readings.Add((now, surplus));
                follower.Hear(surplus, now);
            }

            if (readings.Count == 0)
            {
                continue;
            }

            bool fresh = now - readings[^1].At <= section.FreshS * 1000;
            follower.Step(now, fresh);
            double cap = follower.CapW!.Value;
            bool rose = before is { } was && cap > was + 1e-9;
            if (fresh ? cap > Math.Max(0, readings[^1].W - section.MarginW) + 1e-9 : rose || cap > section.FallbackW)
            {
                return "too much at " + now;
            }

            if (rose && readings.Where(r => r.At > now - (section.RiseAfterS * 1000)).Any(r => Math.Max(0, r.W - section.MarginW) < cap - 1e-9))
            {
                return "rose above a reading of the window at " + now;
            }

            if (rose && section.UpWPerS > 0 && cap - before!.Value > (section.UpWPerS * 2.1) + 1e-9)
            {
                return "rose too fast at " + now;
            }

            if (follower.On != wasOn)
            {
                if (switched is { } at && now - at < 1000 * (wasOn ? section.MinOnS : section.MinOffS))
                {
                    return "switched too soon at " + now;
                }

                switched = now;
            }
        }

        return null;
    }

    [Fact]
    public void A_rise_comes_when_the_surplus_has_been_there_for_long_enough_and_noise_does_not_stop_it()
    {
        SurplusFollower follower = new(Sun with { UpWPerS = 20, HysteresisW = 40 });
        follower.Hear(200, 0);
        for (int second = 1; second <= 9; second++)
        {
            follower.Hear(300 + (second % 3), second * 1000);
        }

        Assert.Equal(200.0, follower.CapW);
        follower.Hear(300, 11_000);
        Assert.InRange(follower.CapW!.Value, 201, 240);
        follower.Hear(300, 12_000);
        follower.Hear(301, 18_000);
        Assert.Equal(300.0, follower.CapW);
        follower.Hear(335, 40_000);
        follower.Hear(335, 55_000);
        Assert.Equal(300.0, follower.CapW);
    }

    [Fact]
    public void Off_and_on_have_hysteresis_and_the_surplus_is_followed_down_while_it_must_stay_on()
    {
        SurplusFollower follower = new(Sun with { RiseAfterS = 0, OffW = 100, OnW = 200, MinOnS = 60, MinOffS = 120 });
        follower.Hear(300, 0);
        follower.Hear(50, 1000);
        Assert.Equal((0.0, false), (follower.CapW, follower.On));
        follower.Hear(400, 100_000);
        Assert.False(follower.On);
        follower.Hear(199, 122_000);
        Assert.False(follower.On);
        follower.Hear(200, 123_000);
        Assert.Equal((200.0, true), (follower.CapW, follower.On));
        follower.Hear(30, 130_000);
        Assert.Equal((30.0, true), (follower.CapW, follower.On));
        follower.Hear(30, 183_000);
        Assert.Equal((0.0, false), (follower.CapW, follower.On));
    }

    private static (ToySite Site, SourceBook Book, SurplusSource Source) Running(SurplusSection section)
    {
        ToySite site = new ToySite(change: o => o with { Surplus = [section], SpreadS = 5 }).UpAndRunning();
        SourceBook book = SourceSite.Book(site);
        return (site, book, (SurplusSource)book.Find(section.Id)!);
    }

    private static byte[] Word(string member, double watts, long sent) => Encoding.ASCII.GetBytes(FormattableString.Invariant($"{{\"{member}\":{watts:0.0},\"sent\":{sent}}}"));

    [Fact]
    public void A_cloud_edge_takes_the_watts_at_once_and_gives_them_back_when_it_has_gone_S16()
    {
        (ToySite site, SourceBook book, SurplusSource source) = Running(Sun with { Class = "reliability" });
        double surplus = 380;
        int over = 0;
        long lowerSince = site.NowMs;
        site.EachSecond = s =>
        {
            // Full sun, a cloud edge of 2 s, some minutes of cloud with noise, and the sun again.
            double target = s.NowMs % 600_000 is > 200_000 and < 420_000 ? 150 : 380;
            double now = surplus + Math.Clamp(target - surplus, -120, 120) + ((s.NowMs / 1000 % 3) - 1);
            lowerSince = now < surplus - 5 ? s.NowMs : lowerSince;
            surplus = now;
            source.Take(Word("powerW", surplus, s.NowMs), false);
            book.Tick();
            over += s.NowMs - lowerSince > 6000 && s.PowerW > (surplus * 1.02) + 1 ? 1 : 0;
        };
        double used = 0;
        int orders = 0;
        for (int minute = 0; minute < 30; minute++)
        {
            site.Run(60);
            used += minute % 10 is 2 or 5 or 9 ? site.PowerW / surplus : 0;
            orders = (int)site.Dispatcher.Picture.OrderChanges;
        }

        Assert.Equal(0, over);
        Assert.True(used / 9 > 0.95, "used " + (used / 9));
        Assert.True(orders < 400, "orders " + orders);
    }

    [Fact]
    public void A_stale_surplus_may_only_lower_and_its_return_does_not_jump_S17()
    {
        (ToySite site, SourceBook book, SurplusSource source) = Running(Sun);
        bool speaks = true;
        double watts = 300;
        site.EachSecond = s =>
        {
            if (speaks)
            {
                source.Take(Word("powerW", watts, s.NowMs), false);
            }

            book.Tick();
        };
        site.Run(60);
        Assert.InRange(site.PowerW, 280, 306);
        speaks = false;
        site.Run(8);
        Assert.Equal(300, source.View().AsksW);
        site.Run(40);
        Assert.Equal((SourceQuality.Stale, true, 50.0), (source.View().Quality, source.View().FallbackHolds, source.View().AsksW));
        Assert.True(site.PowerW <= 51);
        speaks = true;
        site.Run(5);
        Assert.Equal(50.0, source.View().AsksW);
        site.Run(60);
        Assert.InRange(site.PowerW, 270, 306);

        // A last cap below the fallback stays.
        watts = 20;
        site.Run(5);
        speaks = false;
        site.Run(60);
        Assert.Equal(20.0, source.View().AsksW);
    }

    [Fact]
    public void A_restart_makes_no_step_and_nothing_rises_before_the_surplus_has_spoken_S17()
    {
        (ToySite site, SourceBook book, SurplusSource source) = Running(Sun with { FreshS = 120 });
        site.EachSecond = s =>
        {
            source.Take(Word("powerW", 300, s.NowMs), false);
            book.Tick();
        };
        site.Run(60);
        site.NewHost();
        SourceBook fresh = SourceSite.Book(site);
        double high = 0;
        Action<ToySite> tick = site.EachSecond;
        site.EachSecond = s =>
        {
            tick(s);
            high = Math.Max(high, s.PowerW);
        };
        site.Run(110);
        Assert.True(high <= 306, "high " + high);
        Assert.True(site.PowerW >= 280, "fell to " + site.PowerW);
        Assert.Equal(SourceQuality.Waiting, fresh.Find("sun")!.View().Quality);
        site.Run(40);
        Assert.True(site.PowerW <= 51, "silent for longer than its freshness: " + site.PowerW);
    }

    [Fact]
    public void Export_and_the_loads_own_watts_make_the_surplus_without_going_round_in_circles()
    {
        (ToySite site, SourceBook book, SurplusSource source) = Running(Sun with { From = "export", Topic = "export", UpWPerS = 10 });
        double sun = 250;
        int imports = 0;
        site.EachSecond = s =>
        {
            source.Take(Word("exportW", sun - s.PowerW, s.NowMs), false);
            book.Tick();
            imports += s.PowerW > sun * 1.02 ? 1 : 0;
        };
        site.Run(120);
        Assert.InRange(site.PowerW, 235, 255);
        imports = 0;
        sun = 400;
        site.Run(180);
        Assert.True(site.PowerW is > 375 and < 408, site.PowerW + " " + source.View() + site.Dispatcher.Picture);
        Assert.Equal(0, imports);
        site.MeterWorks = false;
        site.Run(30);
        Assert.Contains("meter is stale", source.View().LastRefusal, StringComparison.Ordinal);
        Assert.True(site.PowerW <= 51);
    }

    [Theory]
    [InlineData("{\"powerW\":-1,\"sent\":1}")]
    [InlineData("{\"powerW\":1e9,\"sent\":1}")]
    [InlineData("{\"powerW\":NaN,\"sent\":1}")]
    [InlineData("{\"powerW\":\"300\",\"sent\":1}")]
    [InlineData("{\"powerKw\":0.3,\"sent\":1}")]
    [InlineData("{\"powerW\":300}")]
    [InlineData("{\"powerW\":300,\"sent\":-1}")]
    [InlineData("{\"powerW\":300,\"sent\":1.5}")]
    [InlineData("[300]")]
    [InlineData("")]
    public void F7_a_wrong_reading_changes_nothing_and_is_said(string word)
    {
        (ToySite site, SourceBook book, SurplusSource source) = Running(Sun);
        source.Take(Word("powerW", 300, 5), false);
        site.Run(2);
        SignalVerdict verdict = source.Take(Encoding.ASCII.GetBytes(word), false);
        Assert.False(verdict.Taken);
        Assert.True(verdict.Sentence.Length > 20);
        Assert.Equal((300.0, 1L, 1L, verdict.Sentence), (source.View().AsksW, source.View().Taken, source.View().Refused, source.View().LastRefusal));
        Assert.False(source.Take(Word("powerW", 200, 6), retained: true).Taken);
        Assert.False(source.Take(Word("powerW", 200, 5), false).Taken);
        Assert.True(word.Length == 0 || source.Test(Encoding.ASCII.GetBytes(word)).Fault is not null);
        SourceTest test = source.Test(Word("powerW", 100, 1));
        Assert.Equal((true, 100.0, 300.0), (test.Good, test.WouldAskW, source.View().AsksW));
    }
}
