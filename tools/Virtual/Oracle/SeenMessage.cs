namespace Ballast.Virtual.Oracle;

/// <summary>Why a board must take a message or leave it.</summary>
public enum Judgement
{
    /// <summary>Boards must obey.</summary>
    Genuine = 0,

    /// <summary>Not a message of the contract, or retained, or no right MAC: boards must not even answer.</summary>
    Forged = 1,

    /// <summary>Authentic, but its (epoch, seq) is not above what came before.</summary>
    Replayed = 2,

    /// <summary>Authentic and new in number, but sent longer ago than the lease.</summary>
    Stale = 3,
}

/// <summary>A message to a pod or a board, as the oracle read it on its own connection.</summary>
public sealed record SeenMessage
{
    /// <summary>When it arrived, ms.</summary>
    public required long AtMs { get; init; }

    /// <summary>What boards must do with it.</summary>
    public required Judgement Judgement { get; init; }

    /// <summary>Pod id.</summary>
    public required string Pod { get; init; }

    /// <summary>Board id; null for an order to the pod.</summary>
    public string? Board { get; init; }

    /// <summary>Epoch and seq as one number that orders like the pair.</summary>
    public ulong Pair { get; init; }

    /// <summary>Id of the content.</summary>
    public long OrderId { get; init; }

    /// <summary>Class; economic where the message has none.</summary>
    public GridClass Class { get; init; }

    /// <summary>The host's time of sending, ms.</summary>
    public long SentMs { get; init; }

    /// <summary>Lease, s.</summary>
    public int LeaseS { get; init; }

    /// <summary>Limit of the choice function, mJ/TH.</summary>
    public long LimitMjPerTh { get; init; }

    /// <summary>Share of the marginal segment.</summary>
    public uint Share { get; init; }

    /// <summary>Turns the circle of ranks.</summary>
    public uint Salt { get; init; }

    /// <summary>Ramp, s.</summary>
    public int RampS { get; init; }

    /// <summary>Spread of the start of rises, s.</summary>
    public int SpreadS { get; init; }

    /// <summary>Spread of falls at lease end, s.</summary>
    public int FailSpreadS { get; init; }

    /// <summary>The boot nonce that an admission names; null for other messages.</summary>
    public long? AdmitNonce { get; init; }

    /// <summary>True for a cap or release of one board, which is an order and not an action.</summary>
    public bool IsBoardOrder { get; init; }
}
