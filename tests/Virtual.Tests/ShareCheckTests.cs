using System.Globalization;
using System.Numerics;
using Ballast.Virtual.Pool;

namespace Ballast.Virtual.Tests;

/// <summary>Known answers: two real blocks, and headers of the recorded job computed by another implementation.</summary>
public class ShareCheckTests
{
    private const string GenesisCoinb1 = "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff00";

    private const string GenesisCoinb2 =
        "54696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff"
        + "0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c"
        + "702b6bf11d5fac00000000";

    [Fact]
    public void Genesis_block_hashes_to_its_known_hash_and_meets_difficulty_2536()
    {
        var job = new PoolJob("g", new byte[32], Hex(GenesisCoinb1), Hex(GenesisCoinb2), [], 1, 0x1d00ffff, 0x495fab29, false);
        byte[] header = ShareCheck.Header(job, Hex("1d010445"), Hex("54686520"), 0x495fab29, 0x7c2bac1d, 1);
        BigInteger hash = ShareCheck.HashNumber(header);
        Assert.Equal("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", Display(hash));
        Assert.True(hash <= ShareCheck.Target(2536, 0));
        Assert.False(hash <= ShareCheck.Target(2537, 0));
    }

    [Theory]
    [InlineData("00000000", 0x685468d7u, 0x1452u, 0u,
        "00000020fd55646bc162b96dfcd4f201a3f4670d1d3996bc965201000000000000000000b3d30d6312b3dc3e62a190d6d4448aafa03b99dcb7b9a6322c420ac8517c72d2d7685468043a021752140000",
        "0006b3280f11a5ee2f0d1e48b61e4d2d1aa36b2de3969c1be776b962134db1b0")]
    [InlineData("deadbeef", 0x685468dcu, 0x241u, 0x00ffe000u,
        "00e0ff20fd55646bc162b96dfcd4f201a3f4670d1d3996bc965201000000000000000000be11267579bf8e3a6597032c64f4ad484eed838e780cc737ea6549fd2e08e3e3dc685468043a021741020000",
        "0011b9e9a305ff3a5097b9bd333c77521a8094dde54d17cfbac389d31c53a193")]
    public void Recorded_job_gives_the_header_and_hash_of_an_independent_implementation(
        string extranonce2, uint ntime, uint nonce, uint bits, string header, string hash)
    {
        RecordedJob recorded = RecordedJob.Load();
        byte[] made = ShareCheck.Header(
            recorded.Job, Hex(recorded.Extranonce1), Hex(extranonce2), ntime, nonce, ShareCheck.RolledVersion(recorded.Job.Version, bits, recorded.VersionMask));
        Assert.Equal(header, Convert.ToHexStringLower(made));
        Assert.Equal(hash, Display(ShareCheck.HashNumber(made)));
        Assert.True(ShareCheck.HashNumber(made) <= ShareCheck.Target(256, 29));
    }

    [Theory]
    [InlineData(0x20000000u, 0x00002000u, 0x1fffe000u, 0x20002000u)]
    [InlineData(0x20002000u, 0x00000000u, 0x1fffe000u, 0x20000000u)]
    [InlineData(0x20000000u, 0xffffffffu, 0x1fffe000u, 0x3fffe000u)]
    public void Rolled_version_takes_bits_inside_the_mask_and_the_job_outside(uint job, uint bits, uint mask, uint expected)
        => Assert.Equal(expected, ShareCheck.RolledVersion(job, bits, mask));

    [Fact]
    public void Unit_of_difficulty_moves_by_the_work_shift()
        => Assert.Equal(ShareCheck.Target(1, 0), ShareCheck.Target(1L << 29, 29));

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static string Display(BigInteger hash) => hash.ToString("x64", CultureInfo.InvariantCulture)[^64..];
}
