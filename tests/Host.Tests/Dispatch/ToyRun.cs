using System.Globalization;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>One random history of a site: 900 s with delays, ladder error, boards that idle and return, a meter that goes stale, caps that come and go.</summary>
internal sealed class ToyRun
{
    internal const int Seconds = 900;
    internal const double BaseW = 30;

    // Turns wait until no order has changed for a while, which a site with a new cap every three minutes hardly knows: with boards that
    // take turns, so long nothing happens afterwards.
    private const int CalmS = 600;

    /// <summary>Samples over cap + 2 % after the settling time.</summary>
    internal int Over { get; private set; }

    internal int LongestOver { get; private set; }

    internal double WorstFactor { get; private set; }

    /// <summary>Orders with new content, of both pods together.</summary>
    internal long Changes { get; private set; }

    /// <summary>Watts drawn of watts allowed.</summary>
    internal double Used { get; private set; }

    internal string Story { get; private set; } = "";

    /// <summary>Ladders that boards learned and the host took up.</summary>
    internal int Learned { get; private set; }

    /// <summary>Steps of the salt.</summary>
    internal int Turns { get; private set; }

    /// <param name="seed">Seed of everything.</param>
    /// <param name="learn">True: boards offer what they learned, the host accepts it and lets equal boards take turns; caps come from a
    /// source that speaks all the time, so that no event stops either.</param>
    internal static ToyRun Of(int seed, bool learn = false)
    {
        Random random = new(seed);
        double error = 0.05 + (0.10 * random.NextDouble());
        double drawn = (random.NextDouble() * 0.2) - 0.1;
        double bias = drawn;
        ToySite site = new(40, 2, seed, o => o with { SpreadS = 10, BaseW = BaseW, RampUpWPerS = 20, Ladders = learn ? "auto" : "manual", RotateMinutes = learn ? 1 : 0 }, error)
        {
            DelayMs = 1000 + random.Next(0, 1000),
            BaseW = BaseW,
        };
        foreach (ToyBoard board in site.Boards)
        {
            board.Error += bias;
        }

        site.Run(150);
        ToyRun run = new();
        int overRun = 0;
        double cap = double.PositiveInfinity;
        long changedAt = long.MinValue / 2;
        double available = 0, used = 0;
        List<string> notes = [];
        site.EachSecond = s =>
        {
            double watts = s.PowerW + BaseW;
            bool settled = s.NowMs - changedAt > s.Context.FallDelayMs(Wire.OrderClass.Economic) + s.DelayMs;
            bool isOver = settled && watts > cap * 1.02;
            if (settled)
            {
                run.WorstFactor = Math.Max(run.WorstFactor, watts / cap);
            }

            if (isOver && overRun == 0)
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"t={s.NowMs / 1000} {watts / cap:0.000} k={s.Context.Gain.Gain:0.00}"));
            }

            overRun = isOver ? overRun + 1 : 0;
            run.Over += isOver ? 1 : 0;
            run.LongestOver = Math.Max(run.LongestOver, overRun);
            available += Math.Min(cap, 1e9);
            used += watts;
        };
        long before = site.Dispatcher.Picture.OrderChanges;
        int staleUntil = -1;
        int returnsAt = -1;
        for (int t = 0; t < Seconds + (learn ? CalmS : 0); t++)
        {
            bool calm = t >= Seconds;
            if (t % 180 == 0 && !calm)
            {
                double next = Math.Round((0.3 + (0.6 * random.NextDouble())) * site.FullW);
                changedAt = next < cap ? site.NowMs : changedAt;
                cap = next;
                if (learn)
                {
                    site.Context.Limits.SetStanding("surplus", new StandingCap("surplus", site.Context.Tree.Site, cap, Wire.OrderClass.Economic, "surplus"));
                    site.Dispatcher.CapChanged();
                }
                else
                {
                    Assert.Equal(LimitOutcome.Created, site.Limit(cap).Outcome);
                }
            }

            // 30 % of the boards lose their pool at once, and come back at once.
            if (t == returnsAt)
            {
                site.Boards.ForEach(b => b.Idle = false);
            }
            else if (t > returnsAt && !calm && random.Next(40) == 0)
            {
                returnsAt = t + random.Next(5, 90);
                foreach (ToyBoard board in site.Boards.Where(_ => random.Next(100) < 30))
                {
                    board.Idle = true;
                }
            }

            if (staleUntil < t && !calm && random.Next(120) == 0)
            {
                staleUntil = t + random.Next(3, 30);
            }

            site.MeterWorks = t > staleUntil;
            if (learn && t % 20 == 10 && t < Seconds / 2)
            {
                ToyBoard learner = site.Boards[random.Next(site.Boards.Count)];
                if (learner.Offered is null)
                {
                    learner.Learn();
                }
            }

            site.Run(1);
        }

        run.Changes = site.Dispatcher.Picture.OrderChanges - before;
        run.Learned = site.Log.Where(l => l.Set is { Kind: Wire.SetKind.LadderId }).Select(l => l.Topic + l.Set!.Value).Distinct().Count();
        run.Turns = site.Dispatches.Select(d => d.Order!.Salt).Distinct().Count() - 1;
        run.Used = used / available;
        run.Story = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {run.Over} of {Seconds} samples over, longest {run.LongestOver} s, worst {run.WorstFactor:0.000}, {run.Changes} order changes, {run.Learned} ladders, {run.Turns} turns, used {run.Used:0.00}, gain {site.Context.Gain.Gain:0.000}, error {error:0.00}, bias {bias:0.00}; {string.Join(" | ", notes.Take(6))}");
        return run;
    }
}
