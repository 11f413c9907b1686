using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Limits;

/// <summary>A limit in watts on a node of the site; its event's record is kept by <see cref="Events.EventBook"/>.</summary>
public sealed class ActiveLimit
{
    /// <summary>Makes a limit from what the journal keeps.</summary>
    public ActiveLimit(JournaledLimit entry, LimitNode node, EventState state = EventState.Scheduled)
    {
        Entry = entry;
        Node = node;
        State = state;
    }

    /// <summary>What the journal keeps; its state and record are those of the last write.</summary>
    public JournaledLimit Entry { get; internal set; }

    /// <summary>The node.</summary>
    public LimitNode Node { get; }

    /// <summary>Class.</summary>
    public OrderClass Class => Entry.Class;

    /// <summary>Watts.</summary>
    public double LimitW => Entry.LimitW;

    /// <summary>State of its event.</summary>
    public EventState State { get; private set; }

    /// <summary>True until its event is over.</summary>
    public bool IsOpen => EventStates.IsOpen(State);

    /// <summary>True once a write of it has reached the disk.</summary>
    public bool Durable { get; internal set; }

    /// <summary>Host's ms of the first order that met it; null until then. S16's deadline runs from here.</summary>
    public long? OrderedAtMs { get; internal set; }

    /// <summary>Host's ms of the first sample, taken after the order, by which the node is below it; null until then.</summary>
    public long? ConfirmedAtMs { get; internal set; }

    /// <summary>True if the node cannot get below its floor.</summary>
    public bool Unreachable { get; internal set; }

    /// <summary>Goes to another state. False, and nothing changes, if the state machine has no such way.</summary>
    internal bool Go(EventState next)
    {
        if (!EventStates.MayFollow(State, next))
        {
            return false;
        }

        State = next;
        return true;
    }
}
