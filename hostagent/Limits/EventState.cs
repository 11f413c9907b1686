namespace Ballast.Host.Limits;

/// <summary>
/// State of the event that a limit is (control.md, Events). Nothing leaves a state on the right-hand side.
/// <code>
///                 start                end, or released            watts are back
///   scheduled ──────────────► active ──────────────────► restoring ──────────────► completed
///      │  │                    │  │                        │  │   ├── some failed ─► completed_with_failures
///      │  │                    │  │                        │  │   └── not proven ──► completed_unproven
///      │  │ released           │  │ abandoned              │  │ abandoned
///      │  └────────────────────┼──┴────────────────────────┼──┴──────────────────► cancelled
///      │                       │                           │
///      └───────────────────────┴── same source and id ─────┴─────────────────────► superseded
/// </code>
/// Overlapping limits are separate events; which one binds is another question (<see cref="LimitBook.CapOf"/>).
/// </summary>
public enum EventState
{
    /// <summary>Its start lies ahead.</summary>
    Scheduled,

    /// <summary>It holds.</summary>
    Active,

    /// <summary>It ended and watts are coming back.</summary>
    Restoring,

    /// <summary>Over; the meter stayed below it and every board did what it was asked.</summary>
    Completed,

    /// <summary>Over; the meter or some board did not.</summary>
    CompletedWithFailures,

    /// <summary>Released before it started, or ended without restoring.</summary>
    Cancelled,

    /// <summary>Replaced by a later one with the same source and id.</summary>
    Superseded,

    /// <summary>Over; nothing failed, and no sample taken after the order proves that the limit was reached: the record says why.</summary>
    CompletedUnproven,
}

/// <summary>Names of states, and which may follow which.</summary>
public static class EventStates
{
    private static readonly string[] Names = ["scheduled", "active", "restoring", "completed", "completed_with_failures", "cancelled", "superseded", "completed_unproven"];

    /// <summary>All names, in the order of the states.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    /// <summary>Name in the API and the journal.</summary>
    public static string NameOf(EventState state) => Names[(int)state];

    /// <summary>The state of a name, or null.</summary>
    public static EventState? Parse(string? name) => Array.IndexOf(Names, name) is >= 0 and int index ? (EventState)index : null;

    /// <summary>True while the event is not over.</summary>
    public static bool IsOpen(EventState state) => state <= EventState.Restoring;

    /// <summary>True if <paramref name="next"/> may follow <paramref name="now"/>.</summary>
    public static bool MayFollow(EventState now, EventState next) => now switch
    {
        EventState.Scheduled => next is EventState.Active or EventState.Cancelled or EventState.Superseded,
        EventState.Active => next is EventState.Restoring or EventState.Cancelled or EventState.Superseded,
        EventState.Restoring => next is EventState.Completed or EventState.CompletedWithFailures or EventState.CompletedUnproven or EventState.Cancelled or EventState.Superseded,
        _ => false,
    };
}
