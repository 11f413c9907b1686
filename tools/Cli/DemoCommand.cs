using System.CommandLine;
using Ballast.Firmware.Console;
using Ballast.Virtual;
using Ballast.Virtual.Demo;
using Ballast.Virtual.Site;

namespace Ballast.Cli;

/// <summary><c>ballast demo</c>: a whole virtual site, its grid and its story.</summary>
internal static class DemoCommand
{
    private const string BrokerRestart = "broker-restart";

    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Plays the story once with short dwell times and fails if anything went wrong." };
        var boards = new Option<int>("--boards") { Description = "Virtual boards, 1…200.", DefaultValueFactory = _ => 24 };
        var json = new Option<string?>("--json") { Description = "File that gets every sample, order and acknowledgement with its time." };
        var fault = new Option<string?>("--fault") { Description = "Plants a fault: broker-restart." };
        var lan = new Option<string?>("--lan-console") { Description = "File with a password: each board's console is reachable over the network too, on 127.0.0.1." };
        var command = new Command("demo", "Starts a broker, a pool, virtual boards, a meter and the host agent, and curtails them.") { once, boards, json, fault, lan };
        command.SetAction(async (parsed, stop) =>
        {
            // The library waits at a signal only for actions that have returned their task: starting a site takes seconds.
            await Task.Yield();
            int count = parsed.GetValue(boards);
            string? planted = parsed.GetValue(fault);
            if (count is < 1 or > 200)
                return await WrongAsync($"--boards must be 1…200, not {count}.");
            if (planted is not null and not BrokerRestart)
                return await WrongAsync($"--fault knows {BrokerRestart}, not {planted}.");
            string? password = null;
            if (parsed.GetValue(lan) is { } file)
            {
                if (!File.Exists(file))
                    return await WrongAsync($"There is no file {file}.");
                password = (await File.ReadAllTextAsync(file, stop)).TrimEnd('\r', '\n');
                if (PasswordCheck.Problem(password) is { } problem)
                    return await WrongAsync($"{file}: {problem}.");
            }

            var story = new StoryOptions { Once = parsed.GetValue(once), BrokerRestart = planted == BrokerRestart };
            try
            {
                return await RunAsync(story, count, parsed.GetValue(json), password, stop);
            }
            catch (DemoException e)
            {
                return await FailAsync(e.Message);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(StoryOptions story, int boards, string? json, string? lanPassword, CancellationToken stop)
    {
        var site = new VirtualSite(new SiteOptions { Boards = boards, RecordPath = json, Reachable = true, LanPassword = lanPassword, Times = story.TimesFor(boards * 18L) });
        StoryResult result;
        await using (site)
        {
            using var table = SiteTable.Create();
            table.Say($"starting {boards} boards …");
            site.Start();
            table.Begin(site.Page);
            site.Sampled += table.Show;
            result = await new Story(site, story, table.Say).PlayAsync(stop);
            site.Sampled -= table.Show;
            site.Recorder.Finish(writer =>
            {
                writer.WriteBoolean("passed", result.Passed);
                Write(writer, "problems", result.Problems);
                Write(writer, "facts", result.Facts);
            });
        }

        foreach (string fact in result.Facts)
            Console.WriteLine(fact);
        foreach (string problem in result.Problems)
            Console.WriteLine("FAILED  " + problem);
        Console.WriteLine(result.Passed ? "demo passed: the oracle held" : "demo failed");
        return result.Passed ? 0 : 1;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter writer, string name, IReadOnlyList<string> lines)
    {
        writer.WriteStartArray(name);
        foreach (string line in lines)
            writer.WriteStringValue(line);
        writer.WriteEndArray();
    }

    private static Task<int> WrongAsync(string sentence) => FailAsync(sentence, 2);

    private static async Task<int> FailAsync(string sentence, int code = 1)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }
}
