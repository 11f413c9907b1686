namespace Ballast.Virtual.Pool;

/// <summary>What the pool says about a share. Numbers above <see cref="Accepted"/> are Stratum's own error codes where it has one.</summary>
public enum ShareVerdict
{
    /// <summary>Counts.</summary>
    Accepted = 0,

    /// <summary>Malformed parameters.</summary>
    Malformed = 20,

    /// <summary>The job is not, or no longer, known.</summary>
    Stale = 21,

    /// <summary>The same work was submitted before.</summary>
    Duplicate = 22,

    /// <summary>The hash does not meet the session's difficulty.</summary>
    LowDifficulty = 23,

    /// <summary>The session has not authorized this user.</summary>
    Unauthorized = 24,

    /// <summary>The session has not subscribed.</summary>
    NotSubscribed = 25,

    /// <summary>The time is before the job's or too far after it.</summary>
    BadTime = 26,

    /// <summary>Version bits outside the mask.</summary>
    BadVersionBits = 27,
}

/// <summary>One judged share.</summary>
/// <param name="User">Who submitted it.</param>
/// <param name="Verdict">What the pool said.</param>
/// <param name="Reason">The same as a sentence; empty if accepted.</param>
public readonly record struct JudgedShare(string User, ShareVerdict Verdict, string Reason);
