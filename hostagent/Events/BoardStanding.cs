using Ballast.Host.Fleet;

namespace Ballast.Host.Events;

/// <summary>Where a board stands in an event (control.md, Events).</summary>
public enum BoardStanding : byte
{
    /// <summary>No order of the event has left for its pod yet.</summary>
    Pending,

    /// <summary>The order has been published.</summary>
    Ordered,

    /// <summary>The board answered that it applied the order.</summary>
    Acked,

    /// <summary>A sample taken after the order shows the ordered watts.</summary>
    Confirmed,

    /// <summary>It was confirmed, and draws more again.</summary>
    Drifted,

    /// <summary>It says that it obeys and draws more (F22); its watts are taken from others.</summary>
    Suspect,

    /// <summary>It cannot be steered now; the reason says why. It is counted at what it may draw.</summary>
    Unavailable,

    /// <summary>The event asks nothing of it; the reason says why.</summary>
    Excluded,
}

/// <summary>Why a board is unavailable or excluded.</summary>
public enum StandingReason : byte
{
    /// <summary>It is neither.</summary>
    None,

    /// <summary>Nothing was ever heard of it.</summary>
    NeverSeen,

    /// <summary>The broker says that it is gone.</summary>
    Offline,

    /// <summary>Online, and no telemetry for 25 s: counted at nameplate.</summary>
    Silent,

    /// <summary>Its ladder, serial number or contract version is not what was agreed: counted at nameplate.</summary>
    UnknownLadder,

    /// <summary>It did not answer three admissions.</summary>
    NotAdmitted,

    /// <summary>Latched by a safety rule.</summary>
    Fault,

    /// <summary>Not admitted: asleep at its failsafe, so it has nothing to give.</summary>
    AtFailsafe,

    /// <summary>Locked out for maintenance.</summary>
    LockOut,

    /// <summary>Opted out by an operator.</summary>
    OptOut,
}

/// <summary>Names, and why a board is skipped.</summary>
public static class BoardStandings
{
    private static readonly string[] Names = ["pending", "ordered", "acked", "confirmed", "drifted", "suspect", "unavailable", "excluded"];

    private static readonly string[] Reasons =
    [
        "", "never seen", "offline", "silent: counted at nameplate", "unknown ladder or contract: counted at nameplate",
        "did not answer three admissions", "fault", "not admitted: at failsafe", "locked out", "opted out",
    ];

    /// <summary>All names, in the order of the states.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    /// <summary>Name in the API.</summary>
    public static string NameOf(BoardStanding standing) => Names[(int)standing];

    /// <summary>Text in the API; "" for none.</summary>
    public static string TextOf(StandingReason reason) => Reasons[(int)reason];

    /// <summary>Whether orders reach a board at all: None if they do.</summary>
    internal static StandingReason SkipOf(BoardRecord board, long nowMs)
    {
        if (!board.HasState)
        {
            return StandingReason.NeverSeen;
        }

        if (board.LockedOut)
        {
            return StandingReason.LockOut;
        }

        if (!board.Online)
        {
            return StandingReason.Offline;
        }

        if (board.Mode == ReportedMode.Fault)
        {
            return StandingReason.Fault;
        }

        if (board.Phase == AdmissionPhase.Unavailable)
        {
            return StandingReason.NotAdmitted;
        }

        if (board.Admitted == false)
        {
            return StandingReason.AtFailsafe;
        }

        if (board.AgreedLadder is null)
        {
            return StandingReason.UnknownLadder;
        }

        return board.IsFresh(nowMs) ? StandingReason.None : StandingReason.Silent;
    }

    /// <summary>Excluded boards have nothing to give; unavailable ones may draw what nobody can order away.</summary>
    internal static BoardStanding StandingOf(StandingReason reason)
        => reason is StandingReason.LockOut or StandingReason.OptOut or StandingReason.AtFailsafe ? BoardStanding.Excluded : BoardStanding.Unavailable;
}
