using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Web;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Access;

/// <summary>A change, as the ledger has it.</summary>
/// <param name="Number">Number of the record in the ledger.</param>
/// <param name="At">When.</param>
/// <param name="Change">Who, from where, what, before and after.</param>
internal sealed record AuditView(long Number, DateTimeOffset At, AuditBody Change);

/// <summary>Who changed what, for those who run the site.</summary>
internal static class AuditApi
{
    internal static void Map(WebApplication app)
    {
        HostCore core = app.Services.GetRequiredService<HostCore>();
        app.MapGet("/api/audit", ([FromQuery, Range(0, 100_000)] int? skip, [FromQuery, Range(1, 1000)] int? take) => core.Ask(c => (IReadOnlyList<AuditView>)
            [
                .. c.Context.Journal.Records(RecordKind.Audit, skip ?? 0, take ?? 100)
                    .Select(r => new AuditView(r.Number, DateTimeOffset.FromUnixTimeMilliseconds(r.UtcMs), r.Body.Deserialize<AuditBody>(JsonSerializerOptions.Web)!)),
            ]))
            .Needs(Rights.Operate).Problems(403, 422)
            .WithName("audit").WithSummary("Changes over REST and refusals, the newest first: who, from where, what, before and after. Page with skip and take (100). Those of the last seven days and today; older ones are in GET /api/ledger/export?kind=audit.");
    }
}
