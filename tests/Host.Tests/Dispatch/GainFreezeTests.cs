using Ballast.Host.Dispatch;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Step 4 of control.md: each condition that freezes the gain, one by one, on a site whose gain would move without it.</summary>
public sealed class GainFreezeTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("emergency")]
    [InlineData("link")]
    [InlineData("meter")]
    [InlineData("journal")]
    public void Step_4_the_gain_is_frozen(string condition)
    {
        ToySite site = new ToySite().UpAndRunning();
        site.Limit(250);
        site.Run(180);
        switch (condition)
        {
            case "emergency":
                // Above what the site draws, so that nothing but the class changes.
                site.Limit(300, "emergency", id: "e");
                break;
            case "link":
                site.BrokerDown();
                break;
            case "meter":
                site.MeterWorks = false;
                site.Run(4);
                break;
            case "journal":
                // One write tells that it fails.
                site.Journal.Fails = true;
                site.Limit(240);
                break;
            default:
                break;
        }

        double before = site.Context.Gain.Gain;

        // The boards draw 12 % more from here on: a gain that learns must follow.
        site.MeterFactor = 1.12;
        site.Run(25);
        if (condition == "none")
        {
            Assert.True(site.Context.Gain.Gain > before + 0.03, before + " to " + site.Context.Gain.Gain);
            return;
        }

        Assert.Equal(before, site.Context.Gain.Gain);
    }

    [Theory]
    [InlineData(1.9, 1.5)]
    [InlineData(0.5, 0.9)]
    public void Step_4_at_a_bound_the_gain_goes_no_further_alarms_and_comes_back_at_once(double factor, double bound)
    {
        GainLoop loop = new();
        long now = 0;
        Feed(factor, 300);
        Assert.Equal(bound, loop.Gain, 6);
        Assert.True(loop.AtBound);

        // Nothing was wound up meanwhile: the first settled second back moves it.
        Feed(1.2, 1);
        Assert.NotEqual(bound, loop.Gain);
        Assert.False(loop.AtBound);

        void Feed(double ratio, int seconds)
        {
            for (int i = 0; i < seconds; i++, now += 1000)
            {
                loop.Step(new GainInput(now, ratio * 500, double.PositiveInfinity, 0, 500, 500, 1000, 5000, 5000, false, 0, false));
            }
        }
    }
}
