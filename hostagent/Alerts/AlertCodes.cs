namespace Ballast.Host.Alerts;

/// <summary>How much an alarm matters.</summary>
public enum AlertSeverity
{
    /// <summary>Worth knowing; told only if the configuration asks for it.</summary>
    Info,

    /// <summary>Somebody should look within hours.</summary>
    Warning,

    /// <summary>Somebody should look now: the site is not steered, not recorded, or not obeyed.</summary>
    Critical,
}

/// <summary>A code that alarms have.</summary>
/// <param name="Code">The code.</param>
/// <param name="Severity">Usual severity.</param>
/// <param name="What">When it is up.</param>
/// <param name="RepeatHours">Told again after this instead of the configured time; 0 takes that.</param>
public sealed record AlertCode(string Code, AlertSeverity Severity, string What, double RepeatHours = 0);

/// <summary>All codes. README.md has the same table, and a test compares them.</summary>
public static class AlertCodes
{
    /// <summary>The codes.</summary>
    public static IReadOnlyList<AlertCode> All { get; } =
    [
        new("broker-lost", AlertSeverity.Critical, "The broker has not been reached for 5 s: boards keep their orders until their leases end"),
        new("journal", AlertSeverity.Critical, "The journal cannot be written: falls continue, nothing rises"),
        new("loop-stall", AlertSeverity.Critical, "The host's loop has not come round for 5 s: nothing is steered"),
        new("breaker", AlertSeverity.Critical, "Boards do not obey an emergency: a person must look at the breaker request"),
        new("breaker-lapsed", AlertSeverity.Critical, "Nobody answered a breaker request in time"),
        new("ledger", AlertSeverity.Critical, "The ledger does not prove what it says"),
        new("certificate-expired", AlertSeverity.Critical, "A certificate is no longer valid: the next connection that needs it fails; if it is the broker's, boards fall to failsafe when their leases end", 24),
        new("certificate-1", AlertSeverity.Critical, "A certificate expires within a day", 24),
        new("certificate-7", AlertSeverity.Warning, "A certificate expires within 7 days", 24),
        new("certificate-30", AlertSeverity.Warning, "A certificate expires within 30 days", 24 * 7),
        new("meter-stale", AlertSeverity.Warning, "A configured meter is silent or implausible: power may only fall"),
        new("meter-differs", AlertSeverity.Warning, "A meter and its boards differ by more than 5 % for 30 s"),
        new("gain", AlertSeverity.Warning, "Metered and ordered watts differ by more than the loop may correct"),
        new("source-silent", AlertSeverity.Warning, "A source that must speak is silent: its fallback holds"),
        new("source-unheard", AlertSeverity.Warning, "A configured source has not been heard since the start"),
        new("boards-unheard", AlertSeverity.Warning, "Configured boards have never been heard, a minute after the broker was reached"),
        new("suspects", AlertSeverity.Warning, "More boards than alerts.suspectsOver draw more than they were ordered"),
        new("suspect", AlertSeverity.Info, "A board draws more than it was ordered"),
        new("clock-step", AlertSeverity.Warning, "The wall clock was set by 2 s or more: nothing rises for a minute"),
        new("limit-lost", AlertSeverity.Warning, "A limit was on a node that the configuration does not name any more; it cannot be held, and nothing rises until an operator lifts the hold"),
        new("taken-over", AlertSeverity.Warning, "This host took over from another one, whose limits of REST it does not know: nothing rises until an operator lifts the hold"),
        new("standby-gone", AlertSeverity.Warning, "A host that stood by is gone: nobody would take over"),
        new("passive", AlertSeverity.Info, "This host stands by and commands nothing"),
        new("handler", AlertSeverity.Warning, "A message or request could not be handled because of an error of the host itself"),
        new("inbox", AlertSeverity.Warning, "More arrives than this host can take in"),
        new("alerts", AlertSeverity.Warning, "Alerts could not be delivered on one channel; the others are told"),
        new("secrets", AlertSeverity.Warning, "The store of secrets cannot be written: a rotation of keys waits"),
        new("keys", AlertSeverity.Warning, "A rotation of keys waits for boards that do not take the new one"),
        new("api-keys", AlertSeverity.Warning, "The file of API keys cannot be used"),
        new("no-pods", AlertSeverity.Info, "The configuration names no pods: the host commands nobody"),
        new("not-admitted", AlertSeverity.Warning, "A board did not answer three admissions"),
        new("serial", AlertSeverity.Warning, "A board's serial number is not the one that belongs to its name, or it shows two"),
        new("contract", AlertSeverity.Warning, "A board speaks a version of the contract that this host does not know"),
        new("epoch-ahead", AlertSeverity.Warning, "A host or board shows an epoch more than a day ahead"),
        new("host-word", AlertSeverity.Warning, "Another host said something that is not as the contract says"),
        new("signal-broker", AlertSeverity.Warning, "The second broker for signals is not reached"),
        new("contact-unreadable", AlertSeverity.Warning, "A contact's line cannot be read: it counts as active"),
        new("price-missing", AlertSeverity.Warning, "No price covers the present"),
        new("price-file", AlertSeverity.Warning, "The price file cannot be used"),
        new("zone-file", AlertSeverity.Warning, "The time zone file cannot be used"),
        new("ledger-files", AlertSeverity.Warning, "The ledger's files cannot be rolled up"),
        new("ladder", AlertSeverity.Info, "A ladder that a board offers waits, or was not taken"),
        new("test", AlertSeverity.Info, "Somebody tried the channels: POST /api/alerts/test"),
    ];

    private static readonly Dictionary<string, AlertCode> ByCode = All.ToDictionary(c => c.Code);

    /// <summary>True for a code of the table.</summary>
    public static bool IsKnown(string code) => ByCode.ContainsKey(code);

    /// <summary>A code; one that the table does not have yet is a warning.</summary>
    public static AlertCode Of(string code) => ByCode.GetValueOrDefault(code) ?? new AlertCode(code, AlertSeverity.Warning, "");
}
