using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ballast.Virtual;
using Ballast.Virtual.Bench;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary><c>ballast bench</c>: what the host and a fleet do per second and per byte on this machine, beside the design's budgets.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        string letters = string.Join("; ", BenchRun.Parts.Select(p => $"{p.Letter}: {p.What}"));
        var parts = new Argument<string[]>("parts") { Description = $"Letters of the parts to run; all without them. {letters}.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var orders = new Option<int>("--orders") { Description = "Orders that are timed in each row, 10…10000.", DefaultValueFactory = _ => 100 };
        var quick = new Option<bool>("--quick") { Description = "A fiftieth of the size and few orders: tries the bench, says nothing about the budgets." };
        var command = new Command("bench", "Measures the host and a virtual fleet on this machine and compares with the budgets. Starts its own broker and host; takes some minutes.") { parts, json, orders, quick };
        command.SetAction(async (parsed, stop) =>
        {
            await Task.Yield();
            string wanted = string.Concat(parsed.GetValue(parts) ?? []).ToLowerInvariant().Replace(",", "", StringComparison.Ordinal);
            char wrong = wanted.FirstOrDefault(c => BenchRun.Parts.All(p => p.Letter != c));
            if (wrong == '-')
                return await FailAsync($"There is no option {(parsed.GetValue(parts) ?? []).First(p => p.StartsWith('-'))}. See ballast bench --help.");
            if (wrong != default)
                return await FailAsync($"There is no part {wrong}: name {string.Join(", ", BenchRun.Parts.Select(p => p.Letter))}, or nothing for all.");
            int count = parsed.GetValue(orders);
            if (count is < 10 or > 10_000)
                return await FailAsync($"--orders must be 10…10000, not {count}.");
            bool small = parsed.GetValue(quick);
            var options = new BenchOptions
            {
                Parts = wanted.Length == 0 ? string.Concat(BenchRun.Parts.Select(p => p.Letter)) : wanted,
                Orders = small ? 10 : count,
                WarmUp = small ? 2 : 10,
                Divisor = small ? 50 : 1,
            };
            var output = new Output();
            Machine machine = Machine.Here();
            try
            {
                await BenchRun.RunAsync(options, output, stop);
            }
            catch (DemoException e)
            {
                return await FailAsync(e.Message);
            }
            catch (OperationCanceledException)
            {
                return await FailAsync("Stopped before the end: nothing is reported.");
            }

            if (parsed.GetValue(json))
                Console.WriteLine(Json(machine, options, output.Rows).ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            else
                Show(machine, options, output.Rows);
            return 0;
        });
        return command;
    }

    private static void Show(Machine machine, BenchOptions options, IReadOnlyList<BenchRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string name in (string[])["", "what", "size"])
            table.AddColumn(new TableColumn(name).NoWrap());
        foreach (string name in (string[])["median", "p99"])
            table.AddColumn(new TableColumn(name).NoWrap().RightAligned());
        table.AddColumn(new TableColumn("unit").NoWrap());
        table.AddColumn(new TableColumn("budget").NoWrap());
        table.AddColumn("against what");
        foreach (BenchRow row in rows)
        {
            string budget = row.Reached is not { } reached ? "" : $"{Number(row.Budget)}{(row.BudgetP99 is null ? "" : " / " + Number(row.BudgetP99))}: {(reached ? "reached" : "not reached")}";
            table.AddRow(
                new Text(row.Part), new Text(row.What), new Text(row.Size), new Text(Number(row.Median)), new Text(Number(row.P99)), new Text(row.Unit),
                new Text(budget, row.Reached == false ? new Style(Color.Red) : Style.Plain), new Text(row.Note));
        }

        // A table that goes to a file must not be cut to the width of a terminal that is not there.
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 240;
            console.Profile.Capabilities.Ansi = false;
        }

        console.Write(table);
        Console.WriteLine(machine.Sentence);
        if (options.Divisor > 1)
            Console.WriteLine("--quick: sizes are a fiftieth; these figures say nothing about the budgets.");
    }

    private static JsonObject Json(Machine machine, BenchOptions options, IReadOnlyList<BenchRow> rows) => new()
    {
        ["machine"] = new JsonObject
        {
            ["processor"] = machine.Processor,
            ["cores"] = machine.Cores,
            ["memoryMiB"] = machine.MemoryMiB,
            ["system"] = machine.System,
            ["runtime"] = machine.Runtime,
            ["broker"] = machine.Broker,
            ["loadAtStart"] = machine.Load,
        },
        ["startedUtc"] = machine.StartedUtc.ToString("O", CultureInfo.InvariantCulture),
        ["parts"] = options.Parts,
        ["orders"] = options.Orders,
        ["warmUp"] = options.WarmUp,
        ["divisor"] = options.Divisor,
        ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)new JsonObject
        {
            ["part"] = r.Part,
            ["what"] = r.What,
            ["size"] = r.Size,
            ["median"] = Value(r.Median),
            ["p99"] = Value(r.P99),
            ["unit"] = r.Unit,
            ["budgetMedian"] = Value(r.Budget),
            ["budgetP99"] = Value(r.BudgetP99),
            ["reached"] = r.Reached,
            ["note"] = r.Note,
        })]),
    };

    private static JsonValue? Value(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(Math.Round(v, v < 1 ? 7 : 3)) : null;

    private static string Number(double? value) => value switch
    {
        null => "",
        0 => "0",
        < 0.001 => value.Value.ToString("0.0e+0", CultureInfo.InvariantCulture),
        < 10 => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
        < 1_000 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 2;
    }

    // What it does now goes to the error stream, so that the result can be piped.
    private sealed class Output : IBenchOutput
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public List<BenchRow> Rows { get; } = [];

        // Also at once: a run that is stopped has shown what it had.
        public void Row(BenchRow row)
        {
            Rows.Add(row);
            Say($"    {row.What}, {row.Size}: {Number(row.Median)}{(row.P99 is null ? "" : " / " + Number(row.P99))} {row.Unit}");
        }

        public void Say(string what) => Console.Error.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:0.0} s  {what}"));
    }
}
