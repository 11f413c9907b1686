using System.CommandLine;
using Ballast.Virtual;
using Ballast.Virtual.Bench;

namespace Ballast.Cli;

/// <summary><c>ballast crowd</c>: a host with a great many boards that only speak, to look at its page.</summary>
internal static class CrowdCommand
{
    private const double TelemetryPeriodS = 20;

    public static Command Create()
    {
        var boards = new Option<int>("--boards") { Description = "Boards, 1…60000.", DefaultValueFactory = _ => 30_000 };
        var pods = new Option<int>("--pods") { Description = "Pods that they hang in, 1…600.", DefaultValueFactory = _ => 60 };
        var command = new Command("crowd", "Starts a broker and a host with many boards that only speak, to try its page at the size of a large site. Some of them have something.") { boards, pods };
        command.SetAction(async (parsed, stop) =>
        {
            await Task.Yield();
            int count = parsed.GetValue(boards);
            int groups = parsed.GetValue(pods);
            if (count is < 1 or > 60_000 || groups is < 1 or > 600 || groups > count)
            {
                await Console.Error.WriteLineAsync("--boards must be 1…60000 and --pods 1…600, not more than there are boards.");
                return 2;
            }

            try
            {
                using var crowd = new VirtualCrowd(count, groups, mixed: true);
                Console.WriteLine($"starting {count} boards …");
                await crowd.StartAsync(count / TelemetryPeriodS, stop);
                Console.WriteLine($"page: {crowd.Page}   Ctrl-C ends it");
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (DemoException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C.
            }

            return 0;
        });
        return command;
    }
}
