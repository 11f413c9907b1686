using System.Globalization;
using System.Text;
using Ballast.Host.Limits;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;
using Ballast.Virtual.Power;

namespace Ballast.Virtual.Tests.InProcess;

/// <summary>
/// The host is killed in the middle of each phase of an event and started again on its journal: the meter shows no step that the same
/// event without a restart does not show, and the event completes.
/// </summary>
public sealed class RestartTests
{
    private const int StartS = 240;
    private const int LengthS = 150;
    private const int EndS = StartS + LengthS;

    // Changes within five seconds of a ramp differ a little with who starts when.
    private const int WindowS = 5;
    private const double StepSlack = 1.25;

    [Theory]
    [InlineData("before the order", StartS - 12, StartS - 6)]
    [InlineData("falling", StartS + 5, StartS + 12)]
    [InlineData("holding", StartS + 60, StartS + 75)]
    [InlineData("releasing", EndS, EndS + 8)]
    [InlineData("admitting", 0, 0)]
    [InlineData("ramping up", EndS + 25, EndS + 33)]
    public void A_restart_of_the_host_makes_no_step_and_the_event_completes(string phase, int killS, int startS)
    {
        bool admitting = phase == "admitting";
        Event plain = Event.Play(0, 0, admitting, false);
        Event restarted = Event.Play(killS, startS, admitting, admitting);
        Assert.Empty(plain.Findings);
        Assert.Empty(restarted.Findings);
        Assert.Equal(EventState.Completed, plain.State);
        Assert.Equal(EventState.Completed, restarted.State);
        Assert.Equal(2, restarted.Starts);

        double slackW = plain.FullW * 0.01;
        Assert.True(restarted.LargestRiseW <= (plain.LargestRiseW * StepSlack) + slackW, $"rose by {restarted.LargestRiseW:0.0} W in five seconds, {plain.LargestRiseW:0.0} W without a restart");
        Assert.True(restarted.LargestFallW <= (plain.LargestFallW * StepSlack) + slackW, $"fell by {restarted.LargestFallW:0.0} W in five seconds, {plain.LargestFallW:0.0} W without a restart");

        // Outside the fall that was ordered nothing may fall at all.
        Assert.True(restarted.DeepestDipW <= slackW + plain.DeepestDipW, $"dipped by {restarted.DeepestDipW:0.0} W, {plain.DeepestDipW:0.0} W without a restart");

        // The cap was met in time and held to its end.
        Assert.InRange(restarted.HeldW, 0, (plain.CapW * 1.02) + slackW);
    }

    private sealed record Event
    {
        public required IReadOnlyList<Finding> Findings { get; init; }

        public required EventState? State { get; init; }

        public required int Starts { get; init; }

        public required double FullW { get; init; }

        public required double CapW { get; init; }

        public required double LargestRiseW { get; init; }

        public required double LargestFallW { get; init; }

        public required double DeepestDipW { get; init; }

        public required double HeldW { get; init; }

        public static Event Play(int killS, int startS, bool rebootSome, bool killWhileAdmitting)
        {
            using var site = new InProcessSite(new InProcessOptions { Boards = 24, Description = PlantBoard.Describe() });
            int starts = 1;
            List<double> watts = [];
            site.Sampled += (_, mw) => watts.Add(mw / 1_000.0);
            long capW = (site.FullMw + site.FloorMw) / 2_000;
            At(StartS - 30);
            Post(site, capW);
            if (killS > 0)
            {
                Run(killS);
                Restart(startS);
            }

            if (rebootSome)
            {
                Run(StartS + 50);
                foreach (PowerBoard board in site.Boards.Take(8))
                    board.Restart();
                Assert.True(site.RunUntil(() => site.Host.IsAdmitting, 60_000));
                if (killWhileAdmitting)
                    Restart((int)(site.AtMs / 1_000) + 8);
            }

            Run(EndS + 1);
            site.RunUntil(() => StateOf(site) is EventState.Completed or EventState.CompletedWithFailures or EventState.CompletedUnproven, 400_000);
            site.RunFor(60_000);
            return new Event
            {
                Findings = site.Oracle.Findings,
                State = StateOf(site),
                Starts = starts,
                FullW = site.FullMw / 1_000.0,
                CapW = capW,
                LargestRiseW = watts.Skip(StartS - 30).Zip(watts.Skip(StartS - 30 + WindowS), (a, b) => b - a).Max(),
                LargestFallW = watts.Skip(StartS - 30).Zip(watts.Skip(StartS - 30 + WindowS), (a, b) => a - b).Max(),
                DeepestDipW = Dip(watts),
                HeldW = watts.Skip(StartS + 25).Take(LengthS - 30).Max(),
            };

            void At(int second) => site.RunFor((second * 1_000L) - site.AtMs);

            void Run(int second)
            {
                // The oracle is told when the limit starts and ends, not when it was posted.
                if (site.AtMs < StartS * 1_000L && second >= StartS)
                {
                    At(StartS);
                    site.Oracle.OnCap(site.Time.NowMs, capW * 1_000, GridClass.Economic);
                }

                if (site.AtMs < EndS * 1_000L && second >= EndS)
                {
                    At(EndS);
                    site.Oracle.OnCap(site.Time.NowMs, null, GridClass.Economic);
                }

                if (second * 1_000L > site.AtMs)
                    At(second);
            }

            void Restart(int second)
            {
                site.Host.Kill();
                Run(second);
                site.Host.Start();
                starts++;
            }
        }

        private static double Dip(List<double> watts)
        {
            // From the end of the fall on: how far below an earlier value the meter ever reads.
            double highest = 0;
            double dip = 0;
            foreach (double w in watts.Skip(StartS + 40))
            {
                highest = Math.Max(highest, w);
                dip = Math.Max(dip, highest - w);
            }

            return dip;
        }

        private static EventState? StateOf(InProcessSite site)
            => site.Host.IsRunning ? site.Host.Core.Context.Limits.Find("rest", "evening")?.State : null;

        private static void Post(InProcessSite site, long capW)
        {
            string start = site.Time.GetUtcNow().AddSeconds(30).ToString("O", CultureInfo.InvariantCulture);
            string body = string.Create(CultureInfo.InvariantCulture,
                $"{{\"op\":\"set\",\"id\":\"evening\",\"class\":\"economic\",\"node\":\"site\",\"limitW\":{capW},\"start\":\"{start}\",\"durationS\":{LengthS},\"reason\":\"test\"}}");
            LimitResult result = site.Host.Core.Desk.Take(Encoding.UTF8.GetBytes(body), "rest", true, "k1");
            Assert.Equal(LimitOutcome.Created, result.Outcome);
        }
    }
}
