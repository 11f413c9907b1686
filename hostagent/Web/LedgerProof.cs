using Ballast.Host.Access;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Web;

/// <summary>What the last audit of the ledger over REST found.</summary>
/// <param name="At">When it ended.</param>
/// <param name="TookMs">How long it took, ms.</param>
/// <param name="Good">True: nothing is wrong.</param>
/// <param name="Fault">The first thing that is wrong, or null.</param>
/// <param name="Proven">What is proven, sentences.</param>
/// <param name="Unproven">What could not be proven, sentences.</param>
/// <param name="Head">Head of what was read, segment/number/hash.</param>
internal sealed record ProofView(DateTimeOffset At, long TookMs, bool Good, string? Fault, IReadOnlyList<string> Proven, IReadOnlyList<string> Unproven, string Head);

/// <summary>
/// The audit of `ballast audit verify` over REST. Whoever doubts this host runs the command on a copy elsewhere: a host that lies would lie
/// here too.
/// </summary>
internal static class LedgerProof
{
    // An audit reads the whole ledger: one at a time.
    private static readonly SemaphoreSlim One = new(1, 1);

    internal static void Map(WebApplication app)
    {
        IJournal journal = app.Services.GetRequiredService<IJournal>();
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        ProofView? last = null;

        app.MapGet("/api/ledger/proof", () => last is { } proof ? Results.Ok(proof) : Api.Problem(404, "Not found", "", "Nobody has had the ledger proven since this host was started: POST to this address."))
            .Produces<ProofView>().ProducesProblem(404)
            .Needs(Rights.Read).WithName("ledgerProof").WithSummary("What the last audit of the ledger found.");

        app.MapPost("/api/ledger/proof", async () =>
            {
                if (journal is not SqliteJournal ledger)
                {
                    return Api.Problem(404, "No ledger", "", "This host keeps no ledger on a disk.");
                }

                if (!await One.WaitAsync(0))
                {
                    return Api.Problem(409, "Conflict", "", "An audit is running: its result will be at this address.");
                }

                try
                {
                    long began = time.GetTimestamp();
                    AuditReport report = await Task.Run(() => LedgerAudit.Verify(ledger.Folder));
                    last = new ProofView(time.GetUtcNow(), (long)time.GetElapsedTime(began).TotalMilliseconds, report.Fault is null, report.Fault?.ToString(), report.Proven, report.Unproven, report.Head.ToString());
                    return Results.Ok(last);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException or LedgerUnreadableException)
                {
                    return Api.Unavailable(error.Message);
                }
                finally
                {
                    One.Release();
                }
            })
            .Produces<ProofView>().Problems(404, 409, 503)
            .Needs(Rights.Operate).WithName("proveLedger").WithSummary("Proves the whole ledger, as ballast audit verify does, or names the first bad record. Changes nothing; takes a while on a large one.");
    }
}
