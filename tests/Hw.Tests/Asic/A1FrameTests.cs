using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;

namespace Ballast.Hw.Tests.Asic;

public class A1FrameTests
{
    [Fact]
    public void Registers_for_a_frequency_match_the_vectors()
    {
        var setting = new A1PllSetting();
        byte[] into = new byte[32];
        foreach (JsonElement row in AsicVectors.Of("spi_a1").GetProperty("pll").EnumerateArray())
        {
            A1Profile profile = ChipA1.Create(0, row.Int("ref_khz"));
            Assert.True(A1Pll.TryFind(profile, row.Int("sys_khz"), setting));
            Assert.Equal((row.Int("fb"), row.Int("pre"), row.Int("post")), (setting.Feedback, setting.Pre, setting.Post + 1));
            Assert.Equal((int)(row.GetProperty("actual_mhz").GetDouble() * 1000), setting.ActualKhz);
            int length = A1Pll.PutRegister(profile, setting, into, 3);
            Assert.Equal(row.Text("reg"), Convert.ToHexStringLower(into, 3, length));
        }
    }

    [Theory]
    [InlineData(120, "02504" + "0c2000000a000240000")]
    [InlineData(165, "02374082000000a000240000")]
    [InlineData(348, "04744042000000a000240000")]
    [InlineData(549, "04b74042000000a000240000")]
    [InlineData(552, "04b84042000000a000200000")]
    [InlineData(600, "04644002000000a000200000")]
    [InlineData(1194, "04c74002000000a000200000")]
    [InlineData(1200, "02644002000000a000200000")]
    [InlineData(1332, "026f4002000000a000200000")]
    public void Registers_of_the_T1_match_the_factory_table(int mhz, string register)
    {
        A1Profile profile = ChipT1.Create(0);
        var setting = new A1PllSetting();
        byte[] into = new byte[16];
        Assert.True(A1Pll.TryFind(profile, mhz * 1000, setting));
        Assert.Equal(mhz * 1000, setting.ActualKhz);
        int length = A1Pll.PutRegister(profile, setting, into, 0);
        Assert.Equal(register, Convert.ToHexStringLower(into, 0, length));
    }

    [Fact]
    public void The_checksum_of_a_T1_register_write_is_the_known_one()
    {
        A1Profile profile = ChipT1.Create(0);
        var setting = new A1PllSetting();
        byte[] into = new byte[32];
        A1Pll.TryFind(profile, 1_332_000, setting);
        int length = A1Frame.WriteRegister(profile, into, 0, 0, setting);
        Assert.Equal("0900026f4002000000a0002000008daa", Convert.ToHexStringLower(into, 0, length));
        Assert.True(A1Frame.CrcIsRight(into, 0, length));
        into[5] ^= 1;
        Assert.False(A1Frame.CrcIsRight(into, 0, length));
    }

    [Fact]
    public void A_job_matches_the_vector()
    {
        JsonElement vector = AsicVectors.Of("spi_a1");
        byte[] into = new byte[A1Frame.MaxBytes];
        ChipJob job = Block();
        int length = A1Frame.Job(ChipA1.Create(0, 16000), into, 0, 1, 1, job, A1Frame.Target(1));
        Assert.Equal(vector.Text("write_job"), Convert.ToHexStringLower(into, 0, length));
    }

    [Fact]
    public void A_T1_job_has_four_midstates_from_the_last_and_a_checksum()
    {
        byte[] into = new byte[A1Frame.MaxBytes];
        ChipJob job = Block();
        for (int m = 1; m < 4; m++)
        {
            for (int w = 0; w < 8; w++)
                job.Midstates[8 * m + w] = job.Midstates[w] + (uint)m;
        }

        job.MidstateCount = 4;
        int length = A1Frame.Job(ChipT1.Create(0), into, 0, 2, 5, job, A1Frame.Target(1024));
        Assert.Equal(160, length);
        Assert.Equal("2c05", Convert.ToHexStringLower(into, 0, 2));
        Assert.Equal(AsicVectors.Of("blocks")[1].Text("midstate_wordreversed_for_bm1397"), Convert.ToHexStringLower(into, 98, 32));
        Assert.Equal("ffff3f1bffffffff00000000", Convert.ToHexStringLower(into, 146, 12));
        Assert.Equal(into[..160], FakeSpiChips.WithCrc(into[..158]));
    }

    [Theory]
    [InlineData(1, 0x1D00FFFF)]
    [InlineData(2, 0x1D007FFF)]
    [InlineData(16, 0x1D000FFF)]
    [InlineData(256, 0x1C00FFFF)]
    [InlineData(512, 0x1C007FFF)]
    [InlineData(1024, 0x1B3FFFFF)]
    [InlineData(16384, 0x1B03FFFF)]
    [InlineData(32768, 0x1B01FFFF)]
    [InlineData(65536, 0x1B00FFFF)]
    [InlineData(131072, 0x1B007FFF)]
    public void Targets_are_those_of_the_known_table(int difficulty, uint nbits) => Assert.Equal(nbits, A1Frame.Target(difficulty));

    [Fact]
    public void The_example_of_a_result_gives_its_nonce()
    {
        JsonElement vector = AsicVectors.Of("spi_a1");
        byte[] read = [0, 0, 0, 0, .. vector.Bytes("result_frame_example"), 0, 0];
        Assert.Equal(1, A1Link.FindResult(ChipA1.Create(0, 16000), read, read.Length, 1, out int at));
        Assert.Equal((4, 1, 1), (at, read[at] >> 4, read[at + 1]));
        Assert.Equal(Convert.ToUInt32(vector.Text("result_nonce_numeric"), 16), ChipWords.GetLittle(read, at + 2));
    }

    internal static ChipJob Block()
    {
        JsonElement block = AsicVectors.Of("blocks")[1];
        var job = new ChipJob { MidstateCount = 1, Chip = 0 };
        block.Bytes("header").AsSpan(0, 76).CopyTo(job.Header);
        for (int w = 0; w < 8; w++)
            job.Midstates[w] = Convert.ToUInt32(block.GetProperty("midstate_words")[w].GetString(), 16);
        return job;
    }
}
