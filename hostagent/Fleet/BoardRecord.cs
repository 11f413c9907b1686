using Ballast.Host.Ledger;
using Ballast.Wire;

namespace Ballast.Host.Fleet;

/// <summary>What a board says it does.</summary>
public enum ReportedMode : byte
{
    /// <summary>Nothing heard, or a word this version does not know.</summary>
    Unknown,

    /// <summary>Point 0.</summary>
    Asleep,

    /// <summary>On its way up.</summary>
    Starting,

    /// <summary>At its point.</summary>
    Running,

    /// <summary>Between points.</summary>
    Ramping,

    /// <summary>Off and cooling.</summary>
    Cooling,

    /// <summary>Latched by a safety rule.</summary>
    Fault,
}

/// <summary>Which limit binds on the board.</summary>
public enum ReportedLimit : byte
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>The pod's order.</summary>
    PodOrder,

    /// <summary>A powerW of its own.</summary>
    PowerW,

    /// <summary>Its own setting.</summary>
    OwnSetting,

    /// <summary>Failsafe: not admitted or lease over.</summary>
    Failsafe,

    /// <summary>Temperature or supply.</summary>
    Derate,

    /// <summary>Maintenance.</summary>
    LockOut,

    /// <summary>A safety or emergency latch.</summary>
    Latch,

    /// <summary>Nothing else binds.</summary>
    Nameplate,
}

/// <summary>Where a board stands between asleep at failsafe and steered (control.md step 6a).</summary>
public enum AdmissionPhase : byte
{
    /// <summary>Not admitted, not asked for.</summary>
    Out,

    /// <summary>In the curve: its watts are reserved, the order that carries the reservation has been sent.</summary>
    Reserved,

    /// <summary>`admit` has been sent.</summary>
    Asked,

    /// <summary>The board says that it is admitted, or may be.</summary>
    Admitted,

    /// <summary>Three tries failed; left out until its state changes.</summary>
    Unavailable,
}

/// <summary>One board's last word, one object per board, owned by the host's one loop.</summary>
public sealed class BoardRecord
{
    /// <summary>Makes the record of a configured board about which nothing has been heard.</summary>
    public BoardRecord(PodRecord pod, string id, int kid, byte[] key, double nameplateW)
    {
        ArgumentNullException.ThrowIfNull(pod);
        Pod = pod;
        Id = id;
        Kid = (byte)kid;
        Key = key;
        ConfiguredMw = (long)(nameplateW * 1000);
        byte[] name = System.Text.Encoding.ASCII.GetBytes(pod.Id + "/" + id);
        RankAtZero = Rank.Of(name, 0, name.Length, 0);
    }

    /// <summary>Its pod.</summary>
    public PodRecord Pod { get; }

    /// <summary>Board id.</summary>
    public string Id { get; }

    /// <summary>"pod/board".</summary>
    public string Name => Pod.Id + "/" + Id;

    /// <summary>Number of its own key.</summary>
    public byte Kid { get; set; }

    /// <summary>Its own key, 32 bytes.</summary>
    public byte[] Key { get; set; }

    /// <summary>Rank with salt 0; with another salt it is this minus the salt.</summary>
    public uint RankAtZero { get; }

    /// <summary>Configured nameplate, mW.</summary>
    public long ConfiguredMw { get; }

    /// <summary>True once its key was revoked: it is neither heard nor spoken to.</summary>
    internal bool Revoked;

    // birth
    internal bool HasBirth;
    internal bool ContractKnown;
    internal Ladder? Ladder;
    internal uint BirthLadderId;
    internal uint OfferedId;
    internal Ladder? Offered;
    internal int FailsafeW = -1;
    internal int BirthNameplateW;
    internal string BirthSerial = "";
    internal string Model = "";
    internal string Firmware = "";

    // state
    internal bool HasState;
    internal bool Online;
    internal long OnlineSinceMs;
    internal long OfflineSinceMs = long.MinValue / 2;
    internal ReportedMode Mode;
    internal bool? Admitted;
    internal uint BootNonce;
    internal string StateSerial = "";
    internal uint StateLadderId;
    internal int PowerW = -1;
    internal string Latches = "";
    internal string Reason = "";

    // telemetry
    internal long TelemetryAtMs = long.MinValue / 2;
    internal bool TelemetryThisRun;
    internal readonly EnergyCell Energy = new((int)FleetBook.TelemetryFreshMs);
    internal long PowerMw;
    internal int EffectiveMw;
    internal long HashGhs;
    internal int ChipMilliC = BoardReadings.Unknown;
    internal BoardReadings Readings = BoardReadings.None;
    internal short LoadPermille = -1;
    internal ReportedLimit LimitedBy;
    internal uint OrderEpoch;
    internal uint OrderId;
    internal int OrderLimit;
    internal uint OrderShare;
    internal uint OrderSalt;
    internal int LeaseLeftS;
    internal int BadMessages;
    internal int[]? RejectsSeen;
    internal int Accepted;
    internal int Rejected;

    // ack
    internal long AckAtMs = long.MinValue / 2;
    internal uint AckEpoch;
    internal uint AckOrderId;
    internal string AckResult = "";
    internal AckMarks Acks;

    // dispatch
    internal AdmissionPhase Phase;
    internal bool InCurve;
    internal bool Followed;
    internal byte Tries;
    internal long AskDueMs;
    internal uint AfterSeq;
    internal uint ReservedNonce;
    internal bool SaysLockedOut;
    internal bool LockedHere;
    internal bool SerialAlarm;
    internal bool ContractAlarm;

    // contract section 8: the serial number that belongs to the name; open while a new key waits for its first board
    internal string KnownSerial = "";
    internal bool SerialOpen;
    internal bool Foreign;
    internal long AskedNonce = -1;

    internal bool Suspect;
    internal byte SuspectBad;
    internal byte SuspectGood;
    internal long AsleepSinceMs = long.MaxValue;
    internal int RestMw = -1;
    internal long RunningStandbyMw = long.MaxValue;
    internal int SentPowerW = -1;

    /// <summary>The larger of what configuration and birth say, mW.</summary>
    public long NameplateMw => Math.Max(ConfiguredMw, BirthNameplateW * 1000L);

    /// <summary>The ladder that board and host both mean, or null: then the board counts at nameplate (contract section 7).</summary>
    internal Ladder? AgreedLadder => HasBirth && ContractKnown && !Foreign && Ladder is { } ladder && ladder.Id == BirthLadderId && (!HasState || !Online || StateLadderId == BirthLadderId) && PendingLadderId == 0 ? ladder : null;

    /// <summary>True while what stands behind the name may not be what the site knows: it counts at nameplate (contract section 8).</summary>
    internal bool Unproven => Online && HasBirth && (Foreign || !ContractKnown);

    /// <summary>A ladder that the host accepted and no birth has shown yet; until then nameplate is reserved.</summary>
    internal uint PendingLadderId;

    /// <summary>True while the board says that it is locked out, or an operator locked it or its pod out here.</summary>
    internal bool LockedOut => SaysLockedOut || LockedHere;

    /// <summary>Power asleep, mW.</summary>
    internal long StandbyMw => AgreedLadder is { } ladder ? ladder.PowerMw(0) : 0;

    /// <summary>How long after it took new content its answer waits, 0…2,000 ms (contract section 5).</summary>
    internal int AnswerAfterMs => (int)(((ulong)(RankAtZero - Pod.Salt) * 2000) >> 32);

    /// <summary>True if its answer or its telemetry shows that it took this content.</summary>
    internal bool Took(uint epoch, uint orderId)
        => (AckOrderId == orderId && AckEpoch == epoch && AckResult is "applied" or "again") || (OrderId == orderId && OrderEpoch == epoch);

    /// <summary>
    /// True while it says that it means to follow an order that wakes it and waits for its moment: between two powers a board rests for half a
    /// minute and more, and starts at a random time (S15). Its watts stay reserved meanwhile.
    /// </summary>
    internal bool IsResting(long nowMs) => Online && Mode == ReportedMode.Asleep && IsFresh(nowMs) && Reason == BoardName.WaitsToStart;

    /// <summary>True if telemetry is no older than 25 s.</summary>
    internal bool IsFresh(long nowMs) => nowMs - TelemetryAtMs <= FleetBook.TelemetryFreshMs;
}
