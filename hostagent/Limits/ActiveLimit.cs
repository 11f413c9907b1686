using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Limits;

/// <summary>State of the event that a limit is (control.md, Events).</summary>
public enum EventState
{
    /// <summary>Its start lies ahead.</summary>
    Scheduled,

    /// <summary>It holds.</summary>
    Active,

    /// <summary>It ended and watts are coming back.</summary>
    Restoring,

    /// <summary>Over; every board did what it was asked.</summary>
    Completed,

    /// <summary>Over; some board did not.</summary>
    CompletedWithFailures,

    /// <summary>Released before it started.</summary>
    Cancelled,

    /// <summary>Replaced by a later one with the same id.</summary>
    Superseded,
}

/// <summary>A limit in watts on a node of the site, with the record of what was done about it.</summary>
public sealed class ActiveLimit
{
    /// <summary>Makes a limit from what the journal keeps.</summary>
    public ActiveLimit(JournaledLimit entry, LimitNode node)
    {
        Entry = entry;
        Node = node;
    }

    /// <summary>What the journal keeps.</summary>
    public JournaledLimit Entry { get; internal set; }

    /// <summary>The node.</summary>
    public LimitNode Node { get; }

    /// <summary>Class.</summary>
    public OrderClass Class => Entry.Class;

    /// <summary>Watts.</summary>
    public double LimitW => Entry.LimitW;

    /// <summary>State of its event.</summary>
    public EventState State { get; internal set; }

    /// <summary>True once a write of it has reached the disk.</summary>
    public bool Durable { get; internal set; }

    /// <summary>Host's ms of the first order that met it; null until then. S16's deadline runs from here.</summary>
    public long? OrderedAtMs { get; internal set; }

    /// <summary>Host's ms when the meter (or the estimates) first agreed, counting only samples after the order; null until then.</summary>
    public long? ConfirmedAtMs { get; internal set; }

    /// <summary>True if the node cannot get below its floor.</summary>
    public bool Unreachable { get; internal set; }

    /// <summary>Inputs of the decision, stored with the request.</summary>
    public string Snapshot { get; internal set; } = "";

    /// <summary>Name of a state in the API and the journal.</summary>
    public static string NameOf(EventState state) => state switch
    {
        EventState.Scheduled => "scheduled",
        EventState.Active => "active",
        EventState.Restoring => "restoring",
        EventState.Completed => "completed",
        EventState.CompletedWithFailures => "completed_with_failures",
        EventState.Cancelled => "cancelled",
        _ => "superseded",
    };
}
