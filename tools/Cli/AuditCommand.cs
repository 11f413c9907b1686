using System.CommandLine;
using Ballast.Host.Ledger;

namespace Ballast.Cli;

/// <summary><c>ballast audit</c>: proves, copies and reads a host's ledger.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Proves, copies and exports a host's ledger.") { Verify(), Backup(), Export(), Cost() };

    private static Command Verify()
    {
        var path = new Argument<string>("path") { Description = "The host's stateDir, a backup (.db), a segment's file (.ledger) or a sealed export." };
        var key = new Option<string?>("--key") { Description = "PEM file of the public key that you were given; without it the ledger's own is taken." };
        var head = new Option<string?>("--head") { Description = "A head from an acknowledgement or export, segment/number/hash: the chain must contain it." };
        var command = new Command("verify", "Proves the chain and its signatures, or names the first record that is wrong. Exit code 0: all proven; 1: a fault; 3: no fault, but something could not be proven.")
        {
            path, key, head,
        };
        command.SetAction(parsed => Safely(() =>
        {
            var inputs = new AuditInputs
            {
                Key = parsed.GetValue(key) is { } file ? LedgerKey.ReadPublic(file) ?? throw new IOException($"'{file}' holds no public key: name the PEM file that the site gave you.") : null,
                Head = parsed.GetValue(head) is { } text ? LedgerHead.Parse(text) ?? throw new IOException($"'{text}' is not a head: copy segment/number/hash as the host wrote it.") : null,
            };
            AuditReport report = LedgerAudit.Verify(parsed.GetValue(path)!, inputs);
            Tell(report);
            return report.ExitCode;
        }));
        return command;
    }

    private static Command Backup()
    {
        var folder = new Argument<string>("folder") { Description = "The host's stateDir." };
        var file = new Argument<string>("file") { Description = "The backup; it must not exist yet. Its seal is written beside it." };
        var command = new Command("backup", "Copies the ledger of a running host, or of a stopped one, into one sealed file.") { folder, file };
        command.SetAction(parsed => Safely(() =>
        {
            LedgerHead head = LedgerBackup.Make(parsed.GetValue(folder)!, parsed.GetValue(file)!);
            Console.WriteLine($"written: {parsed.GetValue(file)} and {LedgerSeal.PathFor(parsed.GetValue(file)!)}");
            Console.WriteLine($"head     {head}");
            return 0;
        }));
        return command;
    }

    private static Command Export()
    {
        var path = new Argument<string>("path") { Description = "The host's stateDir or a backup (.db)." };
        var file = new Argument<string>("file") { Description = "The export, .csv or .json; it must not exist yet." };
        var kind = new Option<string?>("--kind") { Description = "Only records of this kind: limit, orders, energy, note, …" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only records from this time on, 2026-11-22T00:00:00Z." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Only records before this time." };
        var command = new Command("export", "Writes records as CSV or JSON, with the chain's head, sealed.") { path, file, kind, from, to };
        command.SetAction(parsed => Safely(() =>
        {
            string target = parsed.GetValue(file)!;
            ExportFormat format = Path.GetExtension(target) switch
            {
                ".csv" => ExportFormat.Csv,
                ".json" => ExportFormat.Json,
                _ => throw new IOException($"'{target}' ends neither in .csv nor in .json: the ending chooses the format."),
            };
            if (RecordKind.Problem(parsed.GetValue(kind)) is { } unknown)
            {
                throw new IOException("--" + unknown);
            }

            LedgerHead head = LedgerExport.ToFile(parsed.GetValue(path)!, target, new ExportFilter(parsed.GetValue(kind), parsed.GetValue(from), parsed.GetValue(to)), format);
            Console.WriteLine($"written: {target}");
            Console.WriteLine($"head     {head}");
            return 0;
        }));
        return command;
    }

    private static Command Cost()
    {
        var boards = new Option<int>("--boards") { Description = "Boards of the site.", DefaultValueFactory = _ => 30_000 };
        var pods = new Option<int>("--pods") { Description = "Pods of the site.", DefaultValueFactory = _ => 100 };
        var changes = new Option<int>("--changes") { Description = "Changes of the orders an hour.", DefaultValueFactory = _ => 60 };
        var events = new Option<int>("--events") { Description = "Limits a day, half an hour each.", DefaultValueFactory = _ => 24 };
        var command = new Command("cost", "Writes a day's records of such a site into a ledger in a temporary folder, and says what they cost.") { boards, pods, changes, events };
        command.SetAction(parsed => Safely(() =>
        {
            var site = new CostSite(parsed.GetValue(boards), parsed.GetValue(pods), parsed.GetValue(changes), parsed.GetValue(events));
            if (site.Boards is < 1 or > 100_000 || site.Pods < 1 || site.Pods > site.Boards || site.ChangesPerHour is < 0 or > 3600 || site.EventsPerDay is < 0 or > 1000)
            {
                throw new IOException("--boards must be 1…100000, --pods at most that, --changes 0…3600 an hour, --events 0…1000 a day.");
            }

            LedgerCost.Measure(site, Console.Out);
            return 0;
        }));
        return command;
    }

    private static void Tell(AuditReport report)
    {
        if (report.Fault is { } fault)
        {
            Console.WriteLine($"BAD      {fault}");
        }

        foreach (string sentence in report.Fault is null ? report.Proven : [])
        {
            Console.WriteLine($"proven   {sentence}");
        }

        foreach (string sentence in report.Unproven)
        {
            Console.WriteLine($"open     {sentence}");
        }

        Console.WriteLine($"head     {report.Head}");
    }

    // Whatever cannot be read or written is one sentence and exit code 2.
    private static int Safely(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerUnreadableException)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    }
}
