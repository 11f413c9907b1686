using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ballast.Hw.Boards;
using Ballast.Virtual.Day;

namespace Ballast.Cli;

/// <summary><c>ballast day</c>: a whole day of a site at a solar plant, in simulated time, with a picture.</summary>
internal static class DayCommand
{
    private const double LeastShare = 0.98;

    public static Command Create()
    {
        var svg = new Option<string?>("--svg") { Description = "File that gets the picture: cap, ordered and metered watts." };
        var boards = new Option<int>("--boards") { Description = "Boards, 10…5000, in five pods.", DefaultValueFactory = _ => 500 };
        var from = new Option<double>("--from") { Description = "First hour of the day, 0…23.", DefaultValueFactory = _ => 0 };
        var to = new Option<double>("--to") { Description = "Last hour of the day, up to 24.", DefaultValueFactory = _ => 24 };
        var model = new Option<string>("--model") { Description = "plant (liquid-cooled, 63 W, no fans) or gamma (Bitaxe Gamma, 18 W).", DefaultValueFactory = _ => "plant" };
        var seed = new Option<int>("--seed") { Description = "Seed of clouds, boards and messages: the same seed gives the same day.", DefaultValueFactory = _ => 1 };
        var command = new Command("day", "Simulates a day: solar surplus with clouds, prices, a pod with a cap of its own, two outages. Exit code 0 only if the oracle held and the surplus was used.") { svg, boards, model, from, to, seed };
        command.SetAction(parsed =>
        {
            var options = new DayOptions { Boards = parsed.GetValue(boards), FromHour = parsed.GetValue(from), ToHour = parsed.GetValue(to), Seed = parsed.GetValue(seed) };
            switch (parsed.GetValue(model))
            {
                case "plant":
                    break;
                case "gamma":
                    options = options with { Description = BitaxeGamma.Describe(0) };
                    break;
                default:
                    return Fail($"--model knows plant and gamma, not {parsed.GetValue(model)}.");
            }

            if (options.Boards is < 10 or > 5_000)
                return Fail($"--boards must be 10…5000, not {options.Boards}.");
            if (!(options.FromHour >= 0 && options.FromHour < options.ToHour && options.ToHour <= 24))
                return Fail(string.Create(CultureInfo.InvariantCulture, $"--from and --to must be hours of one day, the first before the last, not {options.FromHour} and {options.ToHour}."));

            // Before minutes are spent on what nobody can look at.
            string? file = parsed.GetValue(svg);
            try
            {
                if (file is not null)
                    File.WriteAllText(file, "");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Fail($"{file} cannot be written: {e.Message}");
            }

            long start = Stopwatch.GetTimestamp();
            DayResult day = SimulatedDay.Run(options, hour => Console.Error.WriteLine(FormattableString.Invariant($"{hour:00}:00 simulated after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s")));
            if (file is not null)
                File.WriteAllText(file, DayPicture.Draw(day));
            return Report(options, day, Stopwatch.GetElapsedTime(start));
        });
        return command;
    }

    private static int Report(DayOptions options, DayResult day, TimeSpan took)
    {
        foreach (string line in (string[])
        [
            string.Create(CultureInfo.InvariantCulture, $"{options.Boards} boards in {options.Pods} pods, {day.FloorW / 1_000:0.00} kW asleep, {day.FullW / 1_000:0.00} kW at full; {day.EnergyKwh:0.0} kWh used"),
            string.Create(CultureInfo.InvariantCulture, $"{day.Changes} changes of the surplus told, {day.OrdersSent} orders and repeats, {day.Messages} messages; seed {options.Seed}"),
            string.Create(CultureInfo.InvariantCulture, $"S16: {day.SamplesUnderCap} comparisons of a meter sample with a cap that was due; oracle: {(day.Findings.Count == 0 ? "held" : day.Findings.Count + " findings")}"),
            string.Create(CultureInfo.InvariantCulture, $"usable surplus used outside ramps and outages: {day.UsedShare * 100:0.00} % over {day.UsedSeconds} s (at least {LeastShare * 100:0} %)"),
            string.Create(CultureInfo.InvariantCulture, $"pod p2 with a cap of {day.PodCapW:0} W: binding for {day.PodCapBoundSeconds} s, highest {day.PodPeakW:0.0} W"),
            $"at the end: {day.Boards}",
            string.Create(CultureInfo.InvariantCulture, $"took {took.TotalSeconds:0} s"),
        ])
            Console.WriteLine(line);
        foreach (string finding in day.Findings)
            Console.WriteLine("FAILED  " + finding);
        bool used = day.UsedSeconds == 0 || day.UsedShare >= LeastShare;
        if (!used)
            Console.WriteLine("FAILED  too little of the surplus was used");
        return day.Findings.Count == 0 && used ? 0 : 1;
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
