using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Hw.Tests.Asic;

public class FrameTests
{
    [Fact]
    public void Checksums_give_their_check_values()
    {
        byte[] digits = "123456789"u8.ToArray();
        Assert.Equal(AsicVectors.Of("crc5").Int("check_123456789"), Crc5.Of(digits, 0, 9));
        Assert.Equal(Convert.ToInt32(AsicVectors.Of("crc16").Text("check_123456789"), 16), Crc16.Ccitt(digits, 0, 9));
    }

    [Fact]
    public void Every_recorded_command_has_the_checksum_that_the_table_gives()
    {
        foreach (JsonElement row in AsicVectors.Of("crc5").GetProperty("commands").EnumerateArray())
        {
            byte[] frame = row.Bytes("frame");
            Assert.Equal(frame[^1], Crc5.Of(frame, 2, frame.Length - 3));
        }
    }

    [Theory]
    [InlineData("55aa520500000a", "read all")]
    [InlineData("55aa5305000003", "inactive")]
    [InlineData("55aa4005040003", "address 4")]
    [InlineData("55aa40050800 07", "address 8")]
    [InlineData("55aa5109003c800085400c", "core")]
    [InlineData("55aa4109003c800082aa05", "core one")]
    public void Commands_are_built_from_fields(string expected, string which)
    {
        byte[] into = new byte[32];
        int length = which switch
        {
            "read all" => Bm13xxFrame.ReadAll(into, 3, Bm13xxRegister.ChipAddress),
            "inactive" => Bm13xxFrame.ChainInactive(into, 3),
            "address 4" => Bm13xxFrame.SetAddress(into, 3, 4),
            "address 8" => Bm13xxFrame.SetAddress(into, 3, 8),
            "core" => Bm13xxFrame.WriteAll(into, 3, Bm13xxRegister.CoreControl, 0x80008540),
            _ => Bm13xxFrame.WriteOne(into, 3, 0, Bm13xxRegister.CoreControl, 0x800082AA),
        };
        Assert.Equal(expected.Replace(" ", ""), Convert.ToHexStringLower(into, 3, length));
    }

    [Fact]
    public void Ticket_masks_and_their_frames_match_the_vectors()
    {
        byte[] into = new byte[16];
        foreach (JsonElement row in AsicVectors.Of("ticket_mask").EnumerateArray())
        {
            uint mask = Bm13xxProfile.TicketMask(row.Int("difficulty"));
            Assert.Equal(row.Text("bytes"), mask.ToString("x8"));
            int length = Bm13xxFrame.WriteAll(into, 0, Bm13xxRegister.TicketMask, mask);
            Assert.Equal(row.Text("frame"), Convert.ToHexStringLower(into, 0, length));
        }
    }

    [Fact]
    public void Hash_counting_numbers_match_the_vectors()
    {
        byte[] into = new byte[16];
        foreach (JsonElement row in AsicVectors.Of("hash_counting_number").GetProperty("rows").EnumerateArray())
        {
            Bm13xxProfile profile = Bm13xxChips.Find(row.Text("chip"), 0)!;
            Assert.Equal(row.Int("cores"), profile.Cores);
            uint number = profile.HashCounting(row.Int("chips"), row.Int("mhz") * 1000);
            Assert.Equal(row.Text("hex"), number.ToString("x8"));
            int length = Bm13xxFrame.WriteAll(into, 0, Bm13xxRegister.HashCountingNumber, number);
            Assert.Equal(row.Text("frame"), Convert.ToHexStringLower(into, 0, length));
        }
    }

    [Fact]
    public void Expected_hash_rates_are_clock_times_small_cores()
    {
        foreach (JsonElement row in AsicVectors.Of("expected_hashrate_ghs").EnumerateArray())
        {
            Bm13xxProfile profile = Bm13xxChips.Find(row.Text("chip"), 0)!;
            double ghs = (double)row.Int("mhz") * profile.SmallCores * row.Int("chips") / 1000;
            Assert.Equal(row.GetProperty("ghs").GetDouble(), ghs, 6);
        }
    }

    [Fact]
    public void The_example_of_a_hash_counter_gives_its_rate()
    {
        JsonElement example = AsicVectors.Of("hash_counter").GetProperty("example");
        int ms = (int)(example.GetProperty("seconds").GetDouble() * 1000);
        Assert.Equal((int)example.GetProperty("ghs").GetDouble(), Bm13xxHashMeter.Ghs((uint)example.Int("delta"), ms));
    }

    [Fact]
    public void Baud_rates_are_what_the_divider_makes_of_the_crystal()
    {
        foreach (JsonElement row in AsicVectors.Of("baud").EnumerateArray())
        {
            uint word = Convert.ToUInt32(row.Text("reg28_bm1366_68_70"), 16);
            Assert.Equal((int)(row.GetProperty("baud").GetDouble() + 0.5), Bm13xxProfile.FastUartBaud(word));
        }
    }

    [Fact]
    public void A_header_job_holds_the_block_in_the_order_that_chips_read()
    {
        JsonElement block = AsicVectors.Of("blocks")[1];
        byte[] header = block.Bytes("header");
        var job = new ChipJob();
        header.AsSpan(0, 76).CopyTo(job.Header);
        byte[] into = new byte[Bm13xxFrame.MaxBytes];
        int length = Bm13xxFrame.HeaderJob(into, 0, 24, job);

        Assert.Equal(88, length);
        Assert.Equal("55aa21561801" + "00000000" + "f2b9441a" + "c7f5d74d", Convert.ToHexStringLower(into, 0, 18));
        Assert.Equal(WordsReversed(header.AsSpan(36, 32)), into[18..50]);
        Assert.Equal(WordsReversed(header.AsSpan(4, 32)), into[50..82]);
        Assert.Equal("01000000", Convert.ToHexStringLower(into, 82, 4));
        Assert.Equal(CrcBitwise(into.AsSpan(2, 84)), into[86] << 8 | into[87]);
    }

    [Theory]
    [InlineData(1, 56, 0x36)]
    [InlineData(4, 152, 0x96)]
    public void A_midstate_job_holds_the_words_from_the_last_to_the_first(int midstates, int bytes, int lengthField)
    {
        JsonElement block = AsicVectors.Of("blocks")[1];
        var job = new ChipJob { MidstateCount = midstates };
        block.Bytes("header").AsSpan(0, 76).CopyTo(job.Header);
        for (int m = 0; m < midstates; m++)
        {
            for (int w = 0; w < 8; w++)
                job.Midstates[8 * m + w] = Convert.ToUInt32(block.GetProperty("midstate_words")[w].GetString(), 16) ^ (uint)m;
        }

        byte[] into = new byte[Bm13xxFrame.MaxBytes];
        int length = Bm13xxFrame.MidstateJob(into, 0, 4, job, midstates);
        Assert.Equal(bytes, length);
        Assert.Equal(lengthField, into[3]);
        Assert.Equal(midstates, into[5]);
        Assert.Equal(block.Text("merkle_tail4"), Convert.ToHexStringLower(into, 18, 4));
        Assert.Equal(block.Text("midstate_wordreversed_for_bm1397"), Convert.ToHexStringLower(into, 22, 32));
        Assert.Equal(CrcBitwise(into.AsSpan(2, length - 4)), into[length - 2] << 8 | into[length - 1]);
    }

    internal static byte[] WordsReversed(ReadOnlySpan<byte> bytes)
    {
        byte[] turned = new byte[bytes.Length];
        for (int i = 0; i < bytes.Length; i += 4)
            bytes.Slice(bytes.Length - 4 - i, 4).CopyTo(turned.AsSpan(i));
        return turned;
    }

    internal static int CrcBitwise(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                int top = crc >> 15 ^ value >> bit & 1;
                crc = crc << 1 & 0xFFFF ^ ((top & 1) != 0 ? 0x1021 : 0);
            }
        }

        return crc;
    }
}
