using System.Globalization;
using System.Numerics;

namespace Ballast.Virtual.Pool;

/// <summary>The jobs that a pool has out and the shares that it has seen. It owns the rules; sessions only carry lines.</summary>
public sealed class PoolLedger
{
    private const int KeptJobs = 16;

    private readonly Lock _gate = new();
    private readonly PoolOptions _options;
    private readonly RecordedJob _recorded;
    private readonly long _startMs;
    private readonly List<Entry> _jobs = [];
    private readonly int[] _counts = new int[32];
    private int _number;
    private int _block;

    /// <summary>Opens the ledger with the recorded job, unchanged, as the first one.</summary>
    /// <param name="options">Difficulty unit, grace and rolling limits.</param>
    /// <param name="recorded">The recording.</param>
    /// <param name="nowMs">Now.</param>
    public PoolLedger(PoolOptions options, RecordedJob recorded, long nowMs)
    {
        _options = options;
        _recorded = recorded;
        _startMs = nowMs;
        _jobs.Add(new Entry(recorded.Job));
    }

    /// <summary>Shares accepted since the start.</summary>
    public int Accepted => Count(ShareVerdict.Accepted);

    /// <summary>Shares refused since the start, for whatever reason.</summary>
    public int Rejected
    {
        get
        {
            lock (_gate)
                return _counts.Sum() - _counts[(int)ShareVerdict.Accepted];
        }
    }

    /// <summary>The newest job.</summary>
    public PoolJob Current
    {
        get
        {
            lock (_gate)
                return _jobs[^1].Job;
        }
    }

    /// <summary>Shares that got this verdict since the start.</summary>
    public int Count(ShareVerdict verdict)
    {
        lock (_gate)
            return _counts[(int)verdict];
    }

    /// <summary>Makes the next job from the recorded one; every so many jobs a new block retires what was before.</summary>
    public PoolJob NextJob(long nowMs)
    {
        lock (_gate)
        {
            _number++;
            bool clean = _options.CleanEvery > 0 && _number % _options.CleanEvery == 0;
            if (clean)
            {
                _block++;
                foreach (Entry old in _jobs)
                    old.RetiredMs = Math.Min(old.RetiredMs, nowMs);
            }

            PoolJob job = _recorded.Job.Derive(_number, (uint)((nowMs - _startMs) / 1000), _block, clean);
            _jobs.Add(new Entry(job));
            if (_jobs.Count > KeptJobs)
                _jobs.RemoveAt(0);
            return job;
        }
    }

    /// <summary>Judges a share and counts the verdict. A refused share leaves nothing else behind.</summary>
    /// <param name="share">The parameters, raw.</param>
    /// <param name="nowMs">Now.</param>
    /// <param name="reason">Why it was refused; empty if it was not.</param>
    public ShareVerdict Judge(RawShare share, long nowMs, out string reason)
    {
        lock (_gate)
        {
            ShareVerdict verdict = Decide(share, nowMs, out reason);
            _counts[(int)verdict]++;
            return verdict;
        }
    }

    private ShareVerdict Decide(RawShare share, long nowMs, out string reason)
    {
        reason = "";
        if (!share.Subscribed)
            return Refuse(ShareVerdict.NotSubscribed, "Send mining.subscribe first.", out reason);
        if (!share.Authorized)
            return Refuse(ShareVerdict.Unauthorized, "Send mining.authorize with this user first.", out reason);

        Entry? entry = _jobs.Find(j => j.Job.Id == share.JobId);
        if (entry is null || nowMs - entry.RetiredMs > _options.LateGraceMs)
            return Refuse(ShareVerdict.Stale, $"Job {share.JobId} is not, or no longer, known.", out reason);
        if (share.Extranonce2.Length != _recorded.Extranonce2Length * 2 || !IsHex(share.Extranonce2))
            return Refuse(ShareVerdict.Malformed, $"extranonce2 must be {_recorded.Extranonce2Length} bytes in hex.", out reason);
        if (!TryWord(share.NTime, out uint ntime) || !TryWord(share.Nonce, out uint nonce) || !TryWord(share.VersionBits, out uint bits))
            return Refuse(ShareVerdict.Malformed, "ntime, nonce and version bits must be 8 hex digits each.", out reason);

        PoolJob job = entry.Job;
        if (ntime < job.NTime || ntime - job.NTime > _options.NTimeRollS)
            return Refuse(ShareVerdict.BadTime, Invariant($"ntime {ntime:x8} is not within {_options.NTimeRollS} s after the job's {job.NTime:x8}."), out reason);
        if ((bits & ~share.VersionMask) != 0)
            return Refuse(ShareVerdict.BadVersionBits, Invariant($"Version bits {bits:x8} are outside the mask {share.VersionMask:x8}."), out reason);

        string work = Invariant($"{share.Extranonce1}/{share.Extranonce2.ToLowerInvariant()}/{ntime:x8}/{nonce:x8}/{bits:x8}");
        if (entry.Seen.Contains(work))
            return Refuse(ShareVerdict.Duplicate, "This work was submitted before.", out reason);

        byte[] header = ShareCheck.Header(
            job, Convert.FromHexString(share.Extranonce1), Convert.FromHexString(share.Extranonce2), ntime, nonce, ShareCheck.RolledVersion(job.Version, bits, share.VersionMask));
        BigInteger hash = ShareCheck.HashNumber(header);
        if (hash > ShareCheck.Target(share.Difficulty, _options.WorkShift))
            return Refuse(ShareVerdict.LowDifficulty, Invariant($"Hash {hash:x64} does not meet difficulty {share.Difficulty}."), out reason);

        entry.Seen.Add(work);
        return ShareVerdict.Accepted;
    }

    private static ShareVerdict Refuse(ShareVerdict verdict, string why, out string reason)
    {
        reason = why;
        return verdict;
    }

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);

    private static bool TryWord(string text, out uint value)
    {
        value = 0;
        return text.Length == 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Entry(PoolJob job)
    {
        public PoolJob Job { get; } = job;

        public HashSet<string> Seen { get; } = [];

        public long RetiredMs { get; set; } = long.MaxValue / 2;
    }
}
