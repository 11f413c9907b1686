namespace Ballast.Host.Options;

/// <summary>How the record is kept.</summary>
public sealed record LedgerSection
{
    /// <summary>How often what was written is signed inside the record, minutes, 1…1440: so much, and no more, is covered by no signature.</summary>
    public int SealMinutes { get; init; } = 15;

    /// <summary>Length of an interval of the energy records, minutes, 1…1440; a day must hold a whole number of them.</summary>
    public int EnergyMinutes { get; init; } = 15;

    /// <summary>Closed days that stay in the database before they move to files, 1…3650.</summary>
    public int KeepSegments { get; init; } = 7;

    /// <summary>Days for which ended events stay readable in the database, 1…36500; their records stay in the files.</summary>
    public int KeepEndedDays { get; init; } = 400;

    internal static void Check(List<string> found, LedgerSection ledger)
    {
        OptionsCheck.Range(found, "ledger.sealMinutes", ledger.SealMinutes, 1, 1440);
        OptionsCheck.Range(found, "ledger.energyMinutes", ledger.EnergyMinutes, 1, 1440);
        OptionsCheck.Range(found, "ledger.keepSegments", ledger.KeepSegments, 1, 3650);
        OptionsCheck.Range(found, "ledger.keepEndedDays", ledger.KeepEndedDays, 1, 36_500);
        if (ledger.EnergyMinutes is >= 1 and <= 1440 && 1440 % ledger.EnergyMinutes != 0)
        {
            found.Add(FormattableString.Invariant($"ledger.energyMinutes is {ledger.EnergyMinutes}, of which no whole number makes a day: use 1, 5, 10, 15, 30 or 60."));
        }
    }
}
