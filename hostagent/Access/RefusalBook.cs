namespace Ballast.Host.Access;

/// <summary>
/// What was refused, rolled up so that nobody fills the ledger with it: per address, caller and status the first of each minute is a record of
/// its own, with its reason, and the others of that minute are one more record with their number. At most <see cref="MostSingle"/> single
/// ones a minute and <see cref="MostGroups"/> groups; what is beyond is one number. Knows neither clock nor ledger; not thread-safe.
/// </summary>
internal sealed class RefusalBook
{
    /// <summary>Most refusals a minute that are a record of their own.</summary>
    internal const int MostSingle = 20;

    /// <summary>Most groups that are counted apart in a minute; so many records more there are at its end, and one for the rest.</summary>
    internal const int MostGroups = 40;

    private const long MinuteMs = 60_000;

    private readonly Dictionary<(string From, string Who, string? Key, int Status), Group> _groups = [];
    private long _beganMs = long.MinValue / 2;
    private int _single;
    private int _others;
    private AuditBody? _lastOther;

    /// <summary>Takes a refusal.</summary>
    /// <param name="body">What a record of it would say.</param>
    /// <param name="nowMs">Now, ms of a clock that never steps.</param>
    /// <param name="utc">Now, for the record.</param>
    /// <returns>What is to be written now: what the minute before left, then this one if it is the first of its kind.</returns>
    internal List<AuditBody> Note(AuditBody body, long nowMs, DateTimeOffset utc)
    {
        List<AuditBody> write = nowMs - _beganMs >= MinuteMs ? End(nowMs) : [];
        var key = (body.From, body.Who, body.Target, body.Status);
        if (_groups.TryGetValue(key, out Group? group))
        {
            group.Times++;
            group.Since ??= utc;
            group.Last = body;
        }
        else if (_groups.Count >= MostGroups)
        {
            _others++;
            _lastOther = body;
        }
        else if (_single < MostSingle)
        {
            _single++;
            _groups[key] = new Group();
            write.Add(body);
        }
        else
        {
            _groups[key] = new Group { Times = 1, Since = utc, Last = body };
        }

        return write;
    }

    /// <summary>Ends the minute: what it counted, as records.</summary>
    internal List<AuditBody> End(long nowMs)
    {
        List<AuditBody> write = [];
        foreach (Group group in _groups.Values)
        {
            if (group.Last is { } last)
            {
                write.Add(last with { LeftOut = group.Times, Since = group.Since });
            }
        }

        if (_lastOther is { } other)
        {
            write.Add(new AuditBody(other.What, "", "", "many", "", other.Status) { LeftOut = _others, Why = "More addresses and callers than are counted apart." });
        }

        _groups.Clear();
        (_beganMs, _single, _others, _lastOther) = (nowMs, 0, 0, null);
        return write;
    }

    private sealed class Group
    {
        internal int Times { get; set; }

        internal DateTimeOffset? Since { get; set; }

        internal AuditBody? Last { get; set; }
    }
}
