using Ballast.Virtual.Pool;

namespace Ballast.Virtual.Tests;

/// <summary>A pool that took bad shares would prove nothing: each kind is planted here.</summary>
public class PoolLedgerTests
{
    private readonly RecordedJob _recorded = RecordedJob.Load();
    private readonly PoolLedger _ledger;
    private readonly PoolOptions _options = new() { CleanEvery = 2 };

    public PoolLedgerTests() => _ledger = new PoolLedger(_options, _recorded, 0);

    private RawShare Good => new()
    {
        JobId = "875b4b7",
        Extranonce2 = "00000000",
        NTime = "685468d7",
        Nonce = "00001452",
        VersionBits = "00000000",
        Extranonce1 = _recorded.Extranonce1,
        VersionMask = _recorded.VersionMask,
        Difficulty = 256,
        Subscribed = true,
        Authorized = true,
    };

    [Fact]
    public void Good_share_is_accepted_once_and_refused_as_duplicate_after_that()
    {
        Assert.Equal(ShareVerdict.Accepted, _ledger.Judge(Good, 10, out _));
        Assert.Equal(ShareVerdict.Duplicate, _ledger.Judge(Good, 20, out string reason));
        Assert.Equal("This work was submitted before.", reason);
        Assert.Equal(1, _ledger.Accepted);
        Assert.Equal(1, _ledger.Rejected);
    }

    public static TheoryData<string, ShareVerdict> BadShares => new()
    {
        { "nonce", ShareVerdict.LowDifficulty },
        { "extranonce1", ShareVerdict.LowDifficulty },
        { "difficulty", ShareVerdict.LowDifficulty },
        { "job", ShareVerdict.Stale },
        { "early", ShareVerdict.BadTime },
        { "late", ShareVerdict.BadTime },
        { "bits", ShareVerdict.BadVersionBits },
        { "noRolling", ShareVerdict.BadVersionBits },
        { "shortExtranonce", ShareVerdict.Malformed },
        { "notHex", ShareVerdict.Malformed },
        { "user", ShareVerdict.Unauthorized },
        { "session", ShareVerdict.NotSubscribed },
    };

    [Theory]
    [MemberData(nameof(BadShares))]
    public void Bad_share_is_refused_with_its_reason_and_leaves_the_good_one_acceptable(string kind, ShareVerdict expected)
    {
        RawShare bad = kind switch
        {
            "nonce" => Good with { Nonce = "00001453" },
            "extranonce1" => Good with { Extranonce1 = "41280650" },
            "difficulty" => Good with { Difficulty = 100_000_000 },
            "job" => Good with { JobId = "875b4b8" },
            "early" => Good with { NTime = "685468d6" },
            "late" => Good with { NTime = "68556000" },
            "bits" => Good with { VersionBits = "00000001" },
            "noRolling" => Good with { VersionBits = "00002000", VersionMask = 0 },
            "shortExtranonce" => Good with { Extranonce2 = "0000" },
            "notHex" => Good with { Nonce = "0000145g" },
            "user" => Good with { Authorized = false },
            "session" => Good with { Subscribed = false },
            _ => throw new ArgumentException(kind),
        };
        Assert.Equal(expected, _ledger.Judge(bad, 10, out string reason));
        Assert.NotEmpty(reason);
        Assert.Equal(1, _ledger.Count(expected));
        Assert.Equal(0, _ledger.Accepted);
        Assert.Equal(ShareVerdict.Accepted, _ledger.Judge(Good, 11, out _));
    }

    [Fact]
    public void Clean_job_retires_older_ones_after_the_grace_time()
    {
        Assert.False(_ledger.NextJob(1_000).Clean);
        PoolJob clean = _ledger.NextJob(2_000);
        Assert.True(clean.Clean);
        Assert.Equal(ShareVerdict.Accepted, _ledger.Judge(Good, 2_000 + _options.LateGraceMs, out _));
        Assert.Equal(ShareVerdict.Stale, _ledger.Judge(Good with { Nonce = "00003232" }, 2_001 + _options.LateGraceMs, out _));
    }

    [Fact]
    public void Derived_jobs_move_time_and_branches_and_change_the_block_only_when_clean()
    {
        PoolJob first = _ledger.Current;
        PoolJob second = _ledger.NextJob(7_000);
        PoolJob third = _ledger.NextJob(12_500);
        PoolJob fourth = _ledger.NextJob(13_000);
        Assert.Equal(first.NTime + 7, second.NTime);
        Assert.Equal(first.PrevHash, second.PrevHash);
        Assert.NotEqual(first.Branches[0], second.Branches[0]);
        Assert.NotEqual(first.PrevHash, third.PrevHash);
        Assert.Equal(third.PrevHash, fourth.PrevHash);
        Assert.Equal(4, new[] { first, second, third, fourth }.Select(j => j.Id).Distinct().Count());
    }

    [Fact]
    public void First_job_is_the_recorded_one_as_it_was_received()
        => Assert.StartsWith(
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"875b4b7\",\"6b6455fd6db962c101f2d4fc0d67f4a3bc96391d000152960000000000000000\",",
            _ledger.Current.ToNotify());
}
