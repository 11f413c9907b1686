namespace Ballast.Host.Events;

/// <summary>
/// The record of an event: what was asked, decided, done and measured. The API shows it and the journal keeps it, so that an ended event
/// reads the same a year later.
/// </summary>
public sealed record EventRecord
{
    /// <summary>Id of the event; never used again.</summary>
    public required string EventId { get; init; }

    /// <summary>Id of the limit; a later limit may carry the same.</summary>
    public required string LimitId { get; init; }

    /// <summary>Who set it.</summary>
    public required string Source { get; init; }

    /// <summary>Node that it holds for.</summary>
    public required string Node { get; init; }

    /// <summary>Class: economic, reliability or emergency.</summary>
    public required string Class { get; init; }

    /// <summary>True for a drill: done like a real one, and marked in every record.</summary>
    public bool Test { get; init; }

    /// <summary>Response profile, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>Limit, W.</summary>
    public double LimitW { get; init; }

    /// <summary>Why, as the source said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>State: scheduled, active, restoring, completed, completed_with_failures, completed_unproven, cancelled or superseded.</summary>
    public required string State { get; init; }

    /// <summary>What ended it; null while it holds.</summary>
    public string? EndedBy { get; init; }

    /// <summary>When the host took it.</summary>
    public DateTimeOffset Accepted { get; init; }

    /// <summary>Start.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>End; null is until replaced or released.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>When it was over; null while it is open.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>True if the node cannot get below its floor.</summary>
    public bool Unreachable { get; init; }

    /// <summary>True if it is the limit that binds on its node now; the series belongs to the one that binds.</summary>
    public bool Binds { get; init; }

    /// <summary>How fast it was obeyed.</summary>
    public ResponseTimes Response { get; init; } = new();

    /// <summary>Boards by where they stand; final once the event has left `active`.</summary>
    public IReadOnlyDictionary<string, int> Boards { get; init; } = new Dictionary<string, int>();

    /// <summary>Boards that are not as ordered, each with its reason; at most 200.</summary>
    public IReadOnlyList<BoardWord> Exceptions { get; init; } = [];

    /// <summary>Exceptions that the list has no room for.</summary>
    public int MoreExceptions { get; init; }

    /// <summary>Was it kept?</summary>
    public Compliance Compliance { get; init; } = new();

    /// <summary>What keeps the event from being called kept, or limits what the record proves; empty if nothing does.</summary>
    public IReadOnlyList<EventFinding> Findings { get; init; } = [];

    /// <summary>What was decided, from which inputs; null before the decision.</summary>
    public DecisionSnapshot? Decision { get; init; }

    /// <summary>Pods and boards that an operator took out of it.</summary>
    public IReadOnlyList<OptOut> OptOuts { get; init; } = [];

    /// <summary>What happened when; at most 50.</summary>
    public IReadOnlyList<EventNote> History { get; init; } = [];
}

/// <summary>How fast an event was obeyed, ms.</summary>
public sealed record ResponseTimes
{
    /// <summary>From acceptance (or the start, if that lay ahead) to the last order published.</summary>
    public long? PublishedAfterMs { get; init; }

    /// <summary>From acceptance (or the start) to the first meter sample, taken after the order, below the limit.</summary>
    public long? CapReachedAfterMs { get; init; }

    /// <summary>Boards that had to shed: from publication to the answer.</summary>
    public Percentiles? BoardsAcked { get; init; }

    /// <summary>Boards that had to shed: from publication to a sample at the ordered watts.</summary>
    public Percentiles? BoardsConfirmed { get; init; }
}

/// <summary>How an event was kept, second by second, while it was the one that bound (S16).</summary>
public sealed record Compliance
{
    /// <summary>Seconds that were judged: after the settling time, with a fresh meter, or with the word of every board that stands for it.</summary>
    public int JudgedS { get; init; }

    /// <summary>Of these, seconds over the limit and its tolerance.</summary>
    public int OverS { get; init; }

    /// <summary>Largest excess over the tolerated watts, W.</summary>
    public double WorstOverW { get; init; }

    /// <summary>Seconds after the settling time without a fresh meter, or over the limit only by boards that had not spoken: not judged.</summary>
    public int UnmeteredS { get; init; }

    /// <summary>Seconds in which another limit was the one that bound.</summary>
    public int NotBindingS { get; init; }

    /// <summary>Seconds in which the limit held and no host watched, or whose record was lost with a host that was killed.</summary>
    public int UnwatchedS { get; init; }

    /// <summary>Until when the seconds are counted; null before the first.</summary>
    public DateTimeOffset? CountedTo { get; init; }
}

/// <summary>Something that keeps an event from being called kept, or limits what its record proves.</summary>
/// <param name="Code">
/// "over": the node drew more than the limit. "boards": boards that had to shed did not. "no-sample": nothing proves that the limit was
/// reached; that is no failure of boards. "unwatched": no host watched for a time. "unjudged": seconds without a fresh meter.
/// </param>
/// <param name="Text">A sentence.</param>
public sealed record EventFinding(string Code, string Text)
{
    internal const string Over = "over";
    internal const string Boards = "boards";
    internal const string NoSample = "no-sample";
    internal const string Unwatched = "unwatched";
    internal const string Unjudged = "unjudged";
}

/// <summary>A board that is not as ordered.</summary>
/// <param name="Board">"pod/board".</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why, or "".</param>
public sealed record BoardWord(string Board, string State, string Reason);

/// <summary>A pod or board that an operator took out of an event.</summary>
/// <param name="Target">Pod, or "pod/board".</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
public sealed record OptOut(string Target, string Reason, string By, DateTimeOffset At);

/// <summary>Something that happened to an event.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
public sealed record EventNote(DateTimeOffset At, string Text);

/// <summary>What a decision saw and did, stored with the request.</summary>
/// <param name="At">When.</param>
/// <param name="Inputs">What it saw.</param>
/// <param name="Pods">The orders before and after, watts above standby included.</param>
/// <param name="BoardsShed">Boards that must draw less than before.</param>
/// <param name="ShedW">Ordered watts that fall, W; negative if they rise.</param>
/// <param name="HashLostGhs">Hash rate that goes with them, GH/s.</param>
/// <param name="Skipped">Boards of the node that orders do not reach, counted by reason.</param>
/// <param name="SkippedBoards">The same by name; at most 200.</param>
public sealed record DecisionSnapshot(
    DateTimeOffset At, DecisionInputs Inputs, IReadOnlyList<PodDecision> Pods, int BoardsShed, double ShedW, double HashLostGhs,
    IReadOnlyDictionary<string, int> Skipped, IReadOnlyList<BoardWord> SkippedBoards);

/// <summary>What a decision saw.</summary>
/// <param name="CapW">Cap of the site that it decided under, W; null for none.</param>
/// <param name="CapWhy">What made that cap.</param>
/// <param name="MeterW">Meter, or what stood for it, W.</param>
/// <param name="MeterFresh">False: the boards' sum stood for it.</param>
/// <param name="Gain">Metered watts per ordered watt.</param>
/// <param name="FloorW">Base, standby and boards that no order moves, W.</param>
/// <param name="OrderedBeforeW">Ordered above standby before, W.</param>
/// <param name="AllowedW">Watts above standby that the cap allows, W; negative is out of reach.</param>
/// <param name="FullW">Watts above standby with everything on, W.</param>
/// <param name="BoardsSteered">Boards in the curve.</param>
/// <param name="Held">An operator's hold was on.</param>
public sealed record DecisionInputs(
    double? CapW, string CapWhy, double MeterW, bool MeterFresh, double Gain, double FloorW, double OrderedBeforeW, double AllowedW, double FullW,
    int BoardsSteered, bool Held);

/// <summary>A pod's order before and after a decision.</summary>
/// <param name="Pod">Pod.</param>
/// <param name="FromLimitMjPerTh">Number before, mJ/TH.</param>
/// <param name="ToLimitMjPerTh">Number after, mJ/TH.</param>
/// <param name="FromW">Ordered above standby before, W.</param>
/// <param name="ToW">Ordered above standby after, W.</param>
public sealed record PodDecision(string Pod, int FromLimitMjPerTh, int ToLimitMjPerTh, double FromW, double ToW);
