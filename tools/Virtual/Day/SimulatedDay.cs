using Ballast.Firmware.Power;
using Ballast.Host.Options;
using Ballast.Hw.Boards;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Power;
using Ballast.Wire;

namespace Ballast.Virtual.Day;

/// <summary>
/// A day of a site at a solar plant, in simulated time: surplus with cloud edges, prices by the hour, one pod with a cap of its own, the
/// broker gone for longer than a lease, and the supply of the whole site gone. Host and boards are the real ones.
/// </summary>
public static class SimulatedDay
{
    private const double BaseShare = 0.03;
    private const double PodCapShare = 0.75;

    /// <summary>A ramp: what may be drawn moved by more than this share of the range within <see cref="RampWindowS"/>.</summary>
    private const double RampShare = 0.01;
    private const int RampWindowS = 60;

    // From the last larger move until everything had time to follow: a fall settles, then a rise waits for its random start and ramps.
    private const int SettleS = 90;

    /// <summary>Runs a day.</summary>
    /// <param name="options">Which.</param>
    /// <param name="progress">Called each simulated hour; may be null.</param>
    public static DayResult Run(DayOptions options, Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ballast-day-");
        string prices = Path.Combine(folder.FullName, "prices.csv");
        File.WriteAllText(prices, PriceDay.Csv(SimTimeline.Start.AddSeconds(1 - (options.FromHour * 3_600))));
        try
        {
            return Run(options, prices, progress);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DayResult Run(DayOptions options, string prices, Action<double>? progress)
    {
        double podCapW = 0;

        // Pumps, switches and light, in proportion to the boards.
        int baseW = (int)(options.Boards * options.Description.Points[^1].PowerMw * BaseShare / 1_000);
        double stepW = PlantGateway.StepOf((long)options.Boards * (options.Description.Points[^1].PowerMw - options.Description.Points[0].PowerMw));
        using var site = new InProcessSite(new InProcessOptions
        {
            Boards = options.Boards,
            Pods = options.Pods,
            Seed = options.Seed,
            Description = options.Description,
            BaseW = baseW,
            ProbeEveryMs = 1_000,
            Change = host =>
            {
                podCapW = Math.Round(host.Pods[1].Boards.Sum(b => b.NameplateW - 3) * PodCapShare);
                return host with
                {
                    Pods = [.. host.Pods.Select((pod, i) => i == 1 ? pod with { CapW = podCapW } : pod)],
                    Surplus = [new SurplusSection { Id = "sun", Topic = PlantGateway.Topic, FreshS = 10, RiseAfterS = 10, HysteresisW = stepW }],
                    Price = new PriceSection { File = prices, HashPricePerPhDay = PriceDay.HashPricePerPhDay, PoolFeePercent = PriceDay.PoolFeePercent },
                };
            },
        });
        var sun = new SolarDay((site.FullMw / 1_000.0) * 1.05, options.Seed);
        using var plant = new PlantGateway(site, sun, (site.FloorMw + ((site.FullMw - site.FloorMw) * 0.3)) / 1_000.0, options.Seed + 3);
        return new Day(options, site, plant, podCapW).Run(progress);
    }

    private sealed class Day(DayOptions options, InProcessSite site, PlantGateway plant, double podCapW)
    {
        private readonly List<DaySample> _samples = [];
        private readonly List<DayOutage> _outages = [];
        private readonly PowerBoard[] _pod = [.. site.Boards.Where(b => b.Identity.Pod == "p2")];
        private readonly double _floorW = site.FloorMw / 1_000.0;
        private readonly double _fullW = site.FullMw / 1_000.0;
        private double _podPeakW;
        private int _podBound;

        public DayResult Run(Action<double>? progress)
        {
            int from = (int)(options.FromHour * 3_600);
            int to = (int)(options.ToHour * 3_600);
            for (int second = from; second < to; second++)
            {
                Outage(second, options.BrokerOutageHour, options.BrokerOutageS, "broker away", site.KillBroker, site.StartBroker);
                Outage(second, options.SupplyOutageHour, options.SupplyOutageS, "site without power", site.CutSupply, site.RestoreSupply);
                plant.Step(second);
                site.RunFor(1_000);
                Take(second);
                if ((second + 1) % 3_600 == 0)
                    progress?.Invoke((second + 1) / 3_600.0);
            }

            (double used, int seconds) = Used();
            return new DayResult
            {
                Samples = _samples,
                Outages = _outages,
                Findings = [.. site.Oracle.Findings.Select(f => FormattableString.Invariant($"{Clock(from + ((f.AtMs - 1_000) / 1_000))} {f.Rule} {f.Where}: {f.Text}"))],
                SamplesUnderCap = site.Oracle.SamplesUnderCap,
                UsedShare = used,
                UsedSeconds = seconds,
                PodCapBoundSeconds = _podBound,
                PodCapW = podCapW,
                PodPeakW = _podPeakW,
                FloorW = _floorW,
                FullW = _fullW,
                Changes = plant.Changes,
                OrdersSent = site.Oracle.Messages,
                Messages = site.Broker.Delivered,
                Boards = string.Join(", ", site.Boards
                    .GroupBy(b => BoardName.Of(b.Agent.Snapshot.Mode) + " by " + BoardName.Of(b.Agent.Snapshot.LimitedBy) + (b.Agent.Power.LatchedFault == SafetyRule.None ? "" : " " + SafetyRuleName.Of(b.Agent.Power.LatchedFault)))
                    .OrderByDescending(g => g.Count())
                    .Select(g => FormattableString.Invariant($"{g.Count()} {g.Key}"))),
            };
        }

        private static string Clock(long second) => FormattableString.Invariant($"{second / 3_600:00}:{second / 60 % 60:00}:{second % 60:00}");

        private void Outage(int second, double hour, int lengthS, string what, Action begin, Action end)
        {
            int start = (int)(hour * 3_600);
            if (second == start)
            {
                begin();
                _outages.Add(new DayOutage(what, start, start + lengthS));
            }
            else if (second == start + lengthS)
            {
                end();
            }
        }

        private void Take(int second)
        {
            // Reading every board's order costs more than the rest of the sample: every fifth second is enough for a picture.
            double ordered = second % 5 == 0 || _samples.Count == 0 ? (site.BaseMw / 1_000.0) + (site.Oracle.OrderedMw / 1_000.0) : _samples[^1].OrderedW;
            _samples.Add(new DaySample(second, plant.AllowedW(second), plant.ToldW, ordered, site.PowerMw / 1_000.0));
            double podW = _pod.Sum(b => b.PowerMw) / 1_000.0;
            _podPeakW = Math.Max(_podPeakW, podW);
            double share = (plant.ToldW - _floorW) / (_fullW - _floorW);
            bool wouldTakeMore = Math.Min(share, 1) > PodCapShare;
            _podBound += wouldTakeMore && podW > podCapW * 0.95 ? 1 : 0;
        }

        // Power of the points whose every step pays at a second of the day, by exact cost.
        private double PayingW(int second)
        {
            double limit = PriceDay.LimitMjPerTh(second);
            OperatingPoint[] points = options.Description.Points;
            int best = 0;
            for (int p = 1; p < points.Length; p++)
            {
                double cost = 1_000.0 * (points[p].PowerMw - points[best].PowerMw) / (points[p].HashGhs - points[best].HashGhs);
                best = cost < limit ? p : best;
            }

            return _floorW + (options.Boards * (points[best].PowerMw - points[0].PowerMw) / 1_000.0);
        }

        // Of what lay between the floor and the lowest of surplus, price and what the boards can take, the part that was metered. The surplus is told
        // in steps of a quarter of a percent: what the plant's own gateway rounds away is not the host's.
        private (double Share, int Seconds) Used()
        {
            double possible = 0;
            double used = 0;
            int seconds = 0;
            int quietSince = 0;
            double reachable = _fullW - Math.Max(0, _pod.Sum(b => b.Facts.PowerMw[^1] / 1_000.0) - podCapW);
            double[] paying = [.. Enumerable.Range(0, 24).Select(hour => PayingW(hour * 3_600))];
            for (int i = 0; i < _samples.Count; i++)
            {
                DaySample s = _samples[i];
                double before = _samples[Math.Max(0, i - RampWindowS)].AllowedW;
                bool ramp = i < RampWindowS || s.Second % 3_600 < RampWindowS || Math.Abs(s.AllowedW - before) > RampShare * (_fullW - _floorW);

                // After an outage boards are admitted one by one, no faster than the site's ramp, after a lease at the earliest.
                bool broken = _outages.Exists(o => s.Second >= o.FromS && s.Second < o.ToS + 300);
                if (ramp || broken)
                    quietSince = i + 1;
                double usable = Math.Min(Math.Min(s.CapW, reachable), paying[s.Second / 3_600 % 24]);
                double room = usable - _floorW;
                if (i - quietSince < SettleS || room <= 0)
                    continue;
                seconds++;
                possible += room;
                used += Math.Min(s.MeteredW, usable) - _floorW;
            }

            return (possible > 0 ? used / possible : double.NaN, seconds);
        }
    }
}
