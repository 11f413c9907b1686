namespace Ballast.Host.Web.Boards;

/// <summary>Everything that the host knows of one board.</summary>
/// <param name="At">When.</param>
/// <param name="Board">Its last word, with quality and age.</param>
/// <param name="Skip">Why orders do not reach it, or "".</param>
/// <param name="Reason">Why it is in its mode, as its state says, or "".</param>
/// <param name="OnlineForS">Since it was last seen to come online, s; null while it is offline.</param>
/// <param name="Serial">Its serial number, or "".</param>
/// <param name="Contract">True: it speaks a version that this host knows.</param>
/// <param name="Kid">Number of its own key. The key itself is never shown.</param>
/// <param name="PodKid">Number of its pod's key.</param>
/// <param name="BadMessages">Messages of it that were not as the contract says.</param>
/// <param name="Readings">What it measures; null while its telemetry is not fresh.</param>
/// <param name="FailsafeW">Where it falls without orders, W; 0 is sleep.</param>
/// <param name="OwnCapW">Its own cap as it reports it, W, or null.</param>
/// <param name="SentCapW">The cap that the host sent to it alone, W, or null.</param>
/// <param name="Ladder">The ladder in use, or null: then it counts at nameplate.</param>
/// <param name="Offered">A ladder that it has learned and offers, or null.</param>
/// <param name="LadderPending">An accepted ladder that it does not show yet.</param>
/// <param name="Lockout">Lock-out for maintenance, or null.</param>
/// <param name="PodOrder">The order that holds for its pod.</param>
/// <param name="Orders">What was sent to it last, the newest first; its own messages as far as the log of the site reaches.</param>
internal sealed record BoardDetail(
    DateTimeOffset At, BoardView Board, string Skip, string Reason, long? OnlineForS, string Serial, bool Contract, int Kid, int PodKid, int BadMessages,
    ReadingsView? Readings, double FailsafeW, double? OwnCapW, double? SentCapW, LadderView? Ladder, OfferedView? Offered, bool LadderPending,
    BoardLockout? Lockout, PodOrderView PodOrder, IReadOnlyList<BoardOrder> Orders);

/// <summary>What a board measures; null for what it does not.</summary>
/// <param name="FreqMhz">Chip clock, MHz.</param>
/// <param name="CoreV">Core voltage, V.</param>
/// <param name="InputV">Input voltage, V.</param>
/// <param name="ChipC">Hottest chip, °C.</param>
/// <param name="RegulatorC">Regulator, °C.</param>
/// <param name="FanRpm">Fan, rpm.</param>
/// <param name="FanPercent">Fan duty, %.</param>
/// <param name="StaleShares">Shares that came too late.</param>
/// <param name="HwErrors">Nonces that did not meet the ticket.</param>
/// <param name="UptimeS">Since its start, s.</param>
/// <param name="LoadPercent">Share of its controller's time that feeding the chips takes, %.</param>
internal sealed record ReadingsView(
    double? FreqMhz, double? CoreV, double? InputV, double? ChipC, double? RegulatorC, int? FanRpm, int? FanPercent, int? StaleShares, int? HwErrors, int? UptimeS,
    double? LoadPercent);

/// <summary>A ladder.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Points">Points; the first is sleep.</param>
/// <param name="Present">Point that the board runs at, or null.</param>
/// <param name="Ordered">Point that orders allow it, or null while it is not steered.</param>
internal sealed record LadderView(uint Id, IReadOnlyList<LadderPoint> Points, int? Present, int? Ordered);

/// <summary>A point of a ladder.</summary>
/// <param name="PowerW">Power, W.</param>
/// <param name="HashGhs">Hash rate, GH/s.</param>
/// <param name="JPerTh">Energy per work, J/TH; null at sleep.</param>
/// <param name="StepJPerTh">What the step to it costs, J/TH: orders take it while their number is above; null for points that orders pass over, and for sleep.</param>
internal sealed record LadderPoint(double PowerW, int HashGhs, double? JPerTh, double? StepJPerTh);

/// <summary>A ladder that waits to be accepted.</summary>
/// <param name="Ladder">The ladder.</param>
/// <param name="Fault">Why it is not plausible, or null.</param>
internal sealed record OfferedView(LadderView Ladder, string? Fault);

/// <summary>A lock-out of a board.</summary>
/// <param name="Node">What was locked out: the board or its pod; null if only the board says so.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">When, or null if the host does not know.</param>
internal sealed record BoardLockout(string? Node, string Reason, DateTimeOffset? Since);

/// <summary>The order of a pod as it holds.</summary>
/// <param name="Class">Class.</param>
/// <param name="LimitMjPerTh">Number, mJ/TH; 2^31−1 is everything on.</param>
/// <param name="Share">Share.</param>
/// <param name="AsksW">What it asks of this board, W, or null while it is not steered.</param>
internal sealed record PodOrderView(string Class, int LimitMjPerTh, uint Share, double? AsksW);

/// <summary>An order or action that was sent to a board or its pod.</summary>
/// <param name="At">When it first left.</param>
/// <param name="Stream">dispatch (to the pod) or set (to this board).</param>
/// <param name="Kind">order, powerW, release, admit, lockout, ladderId, restart, clearFault, …</param>
/// <param name="Epoch">Epoch.</param>
/// <param name="OrderId">Number of its content.</param>
/// <param name="Seq">Seq of the first transmission.</param>
/// <param name="Class">Class of a pod's order, or null.</param>
/// <param name="LimitMjPerTh">Number of a pod's order, mJ/TH, or null.</param>
/// <param name="AsksW">What a pod's order asks of this board by the ladder in use, W, or null.</param>
/// <param name="Value">Value of an action, or null.</param>
/// <param name="Answer">applied, again, ignored, rejected; null if no answer is known.</param>
/// <param name="AnswerAfterMs">From the first transmission to it, ms.</param>
internal sealed record BoardOrder(
    DateTimeOffset At, string Stream, string Kind, uint Epoch, uint OrderId, uint Seq, string? Class, int? LimitMjPerTh, double? AsksW, long? Value, string? Answer,
    long? AnswerAfterMs);

/// <summary>An event that a board took part in.</summary>
/// <param name="Event">The event.</param>
/// <param name="State">Where the board stands in it, or what its record says of it; null if nothing is to be said.</param>
/// <param name="Reason">Why, or "".</param>
/// <param name="AckedAfterMs">From publication to its answer; null if it is not known one by one any more.</param>
/// <param name="ConfirmedAfterMs">From publication to a sample at the ordered watts, or null.</param>
internal sealed record BoardEvent(EventSummary Event, string? State, string Reason, int? AckedAfterMs, int? ConfirmedAfterMs);
