using System.Globalization;
using Ballast.Host.Access;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>The ledger over REST. Reads a copy, off the host's loop.</summary>
internal static class LedgerApi
{
    internal static void Map(WebApplication app)
    {
        IJournal journal = app.Services.GetRequiredService<IJournal>();

        app.MapGet("/api/ledger", () => journal is SqliteJournal ledger
                ? Results.Ok(new LedgerView(ledger.Head.ToString(), ledger.PublicKey, LedgerAudit.Fingerprint(ledger.PublicKey), ledger.Problem, ledger.OpenFinding))
                : None())
            .Produces<LedgerView>().ProducesProblem(404)
            .Needs(Rights.Read).WithName("ledger").WithSummary("Head of the ledger now, and the public key that signs it.");

        app.MapGet("/api/ledger/export", (HttpContext http, [FromQuery] string? format, [FromQuery] string? kind, [FromQuery] string? from, [FromQuery] string? to) =>
                journal is SqliteJournal ledger ? Export(ledger, http, format ?? "json", kind, from, to) : None())
            .Produces(200, contentType: "application/json").ProducesProblem(404).ProducesProblem(422).ProducesProblem(503)
            .Needs(Rights.Operate).WithName("exportLedger").WithSummary("Records as format=json or csv, by kind and time. The headers Ballast-Ledger-Head and Ballast-Ledger-Seal prove it.");

        app.MapPost("/api/ledger/backup", async (HttpContext http) =>
            {
                IResult answer = journal is SqliteJournal ledger ? Backup(ledger) : None();
                if (answer is IValueHttpResult { Value: BackupView made })
                {
                    await http.RequestServices.GetRequiredService<HostCore>().Ask(c =>
                    {
                        AuditTrail.Write(journal, http, "ledger.backup", made.File, StatusCodes.Status201Created, after: AuditTrail.Node(made));
                        return true;
                    });
                }

                return answer;
            })
            .Produces<BackupView>(201).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503)
            .Needs(Rights.Operate).WithName("backupLedger").WithSummary("Copies the ledger into a sealed file in the host's folder, while it is written.");
    }

    private static IResult None() => Api.Problem(404, "No ledger", "", "This host keeps no ledger on a disk.");

    private static IResult Export(SqliteJournal ledger, HttpContext http, string format, string? kind, string? from, string? to)
    {
        if (!Time(from, out DateTimeOffset? first) || !Time(to, out DateTimeOffset? last))
        {
            return Api.Problem(422, "Invalid", Time(from, out _) ? "to" : "from", "from and to are times such as 2026-11-22T00:00:00Z; in an address a + is written %2B.");
        }

        if (first > last)
        {
            return Api.Problem(422, "Invalid", "to", "to is before from, so there is nothing between them: exchange them.");
        }

        if (format is not ("json" or "csv"))
        {
            return Api.Problem(422, "Invalid", "format", "format is '" + format + "': use json or csv.");
        }

        if (RecordKind.Problem(kind) is { } unknown)
        {
            return Api.Problem(422, "Invalid", "kind", unknown);
        }

        ExportFilter filter = new(kind, first, last);

        // Only the host's user may read it, and it is gone with its last reader.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ballast-export-");
        string file = Path.Combine(folder.FullName, "ledger");
        string seal = LedgerSeal.PathFor(file);
        try
        {
            LedgerHead head = LedgerExport.ToFile(ledger.Folder, file, filter, format == "csv" ? ExportFormat.Csv : ExportFormat.Json);
            http.Response.Headers["Ballast-Ledger-Head"] = head.ToString();
            http.Response.Headers["Ballast-Ledger-Seal"] = File.ReadAllText(seal).TrimEnd('\n').Replace('\n', ' ');
            FileStream content = new(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Results.File(content, format == "csv" ? "text/csv" : "application/json", "ledger." + format);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerUnreadableException)
        {
            return Api.Problem(503, "Not available", "", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Time(string? text, out DateTimeOffset? time)
    {
        // A day or a time of one: alone, "10:00" would be read as today's, and "March" as its first.
        DateTimeOffset parsed = default;
        bool good = text is { Length: >= 10 } && text[4] == '-' && text[7] == '-' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out parsed);
        time = good ? parsed : null;
        return good || text is null;
    }

    private static IResult Backup(SqliteJournal ledger)
    {
        try
        {
            string folder = Path.Combine(ledger.Folder, "backups");
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, "journal-" + DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture) + ".db");
            LedgerHead head = LedgerBackup.Make(ledger.Folder, file);
            return Results.Json(new BackupView(file, head.ToString()), statusCode: 201);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerUnreadableException)
        {
            return Api.Problem(503, "Not available", "", error.Message);
        }
    }
}

/// <summary>The ledger as the API shows it.</summary>
/// <param name="Head">segment/number/hash.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER in base 64.</param>
/// <param name="KeySha256">SHA-256 of it, hex: compare it with the one you were given.</param>
/// <param name="Problem">Why it cannot be written, or null.</param>
/// <param name="OpenFinding">What was wrong with it when this host started, or null.</param>
internal sealed record LedgerView(string Head, string PublicKey, string KeySha256, string? Problem, string? OpenFinding);

/// <summary>A backup.</summary>
/// <param name="File">Where it is on the host.</param>
/// <param name="Head">Head of the copy.</param>
internal sealed record BackupView(string File, string Head);
