using System.CommandLine;
using System.Net.Sockets;
using Ballast.Virtual.Pool;

namespace Ballast.Cli;

/// <summary><c>ballast pool</c>: the virtual Stratum pool on its own.</summary>
internal static class PoolCommand
{
    public static Command Create()
    {
        var defaults = new PoolOptions();
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 3333 };
        var workShift = new Option<int>("--work-shift") { Description = "k: difficulty counts in diff1 * 2^-k. 0 for real chips, 29 for virtual boards.", DefaultValueFactory = _ => defaults.WorkShift };
        var difficulty = new Option<long>("--difficulty") { Description = "Share difficulty in that unit.", DefaultValueFactory = _ => defaults.Difficulty };
        var jobSeconds = new Option<int>("--job-seconds") { Description = "Seconds between jobs.", DefaultValueFactory = _ => defaults.JobEveryMs / 1000 };
        var command = new Command("pool", "Serves the recorded mainnet job and jobs derived from it over Stratum V1, and checks every share.")
        {
            port, workShift, difficulty, jobSeconds,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var options = new PoolOptions
            {
                Port = parsed.GetValue(port),
                WorkShift = parsed.GetValue(workShift),
                Difficulty = parsed.GetValue(difficulty),
                JobEveryMs = parsed.GetValue(jobSeconds) * 1000,
            };
            if (options.Port is < 0 or > 65_535)
            {
                await Console.Error.WriteLineAsync($"--port must be 0…65535, not {options.Port}.");
                return 2;
            }

            if (options.WorkShift is < 0 or > 31 || options.Difficulty < 1 || options.JobEveryMs < 1000)
            {
                await Console.Error.WriteLineAsync("--work-shift must be 0…31, --difficulty and --job-seconds at least 1.");
                return 2;
            }

            return await RunAsync(options, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(PoolOptions options, CancellationToken stop)
    {
        VirtualPool pool;
        try
        {
            pool = new VirtualPool(options);
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"Port {options.Port} cannot be opened ({e.Message}): choose another with --port.");
            return 1;
        }

        await using (pool)
        {
            pool.ShareJudged += share => Console.WriteLine(share.Verdict == ShareVerdict.Accepted
                ? $"{share.User}: accepted"
                : $"{share.User}: refused, {share.Reason}");
            pool.Start();
            Console.WriteLine($"pool on stratum+tcp://127.0.0.1:{pool.Port}, difficulty {options.Difficulty} * 2^-{options.WorkShift}; Ctrl-C ends it");
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (OperationCanceledException)
            {
            }

            Console.WriteLine($"{pool.Ledger.Accepted} accepted, {pool.Ledger.Rejected} refused");
        }

        return 0;
    }
}
