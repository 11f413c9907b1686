using Ballast.Host.Ledger;

namespace Ballast.Host;

/// <summary>Keeps the ledger small and tells when it is not what it should be. Runs beside the loop; it owns no state of the site.</summary>
internal sealed class LedgerService(IJournal journal, HostCore core) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private const int RollUpEvery = 360;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (journal is not SqliteJournal ledger)
        {
            return;
        }

        await Task.Yield();
        Alarm("ledger", ledger.OpenFinding is { } finding ? finding + " Run ballast audit verify on the folder, and keep a copy of it as it is." : null);
        using PeriodicTimer timer = new(Every);
        try
        {
            for (long round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                ledger.Fold();
                if (round % RollUpEvery == 0)
                {
                    Alarm("ledger-files", ledger.RollUp());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is being stopped.
        }
    }

    private void Alarm(string code, string? text) => _ = core.Ask(c =>
    {
        c.Context.Alarms.Set(text is not null, code, text ?? "");
        return true;
    });
}
