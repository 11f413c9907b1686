using System.Text.Json;
using Ballast.Virtual.Chips;

namespace Ballast.Virtual.Tests.Chips;

public class ChipCommandTests
{
    [Fact]
    public void Pll_tells_dividers_word_and_frame()
    {
        (int code, string output, string error) = Run((o, e) => ChipCommands.Pll("bm1370", "525", 1, true, o, e));
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("BM1370", root.GetProperty("chip").GetString());
        Assert.Equal(525m, root.GetProperty("actualMhz").GetDecimal());
        Assert.Equal("40A80230", root.GetProperty("word").GetString());
        Assert.Equal("55aa5109000840a8023003", root.GetProperty("frame").GetString());
        Assert.Equal("000C2FB7", root.GetProperty("hashCountingNumber").GetString());
        Assert.Equal(1071, root.GetProperty("expectedGhs").GetInt32());
    }

    [Theory]
    [InlineData("BM9999", "525", 1, "There is no chip 'BM9999'")]
    [InlineData("BM1370", "fast", 1, "'fast' is not a frequency in MHz")]
    [InlineData("BM1370", "1e3", 1, "'1e3' is not a frequency in MHz")]
    [InlineData("BM1370", "-5", 1, "'-5' is not a frequency in MHz")]
    [InlineData("BM1370", "900", 1, "BM1370 does not run at 900 MHz: give 50 to 800.")]
    [InlineData("BM1370", "525", 127, "A chain has 1 to 126 chips, not 127.")]
    public void Pll_answers_a_bad_argument_with_one_sentence(string chip, string mhz, int chips, string sentence) =>
        AssertBad(sentence, (o, e) => ChipCommands.Pll(chip, mhz, chips, true, o, e));

    [Fact]
    public void Decode_names_every_field_of_a_write()
    {
        JsonElement frame = Decode("55 AA 51 09 00 08 40 A8 02 30 03", null, 0).Single();
        Assert.Equal("to-chips write-all 51 08 Pll0 40A80230", Fields(frame, "direction", "kind", "header", "register", "registerName", "value"));
        Assert.Equal("525 MHz, VCO 2100 MHz", frame.GetProperty("meaning").GetString());
        Assert.True(frame.GetProperty("crcOk").GetBoolean());
    }

    [Fact]
    public void Decode_names_every_field_of_a_nonce()
    {
        string nonce = Convert.ToHexString(Nonce([0x42, 0xA1, 0x46, 0x95], 0x35, 0x0203));
        JsonElement frame = Decode(nonce, "BM1370", 0).Single();
        Assert.Equal("from-chips nonce 9546A142 00406000", Fields(frame, "direction", "kind", "nonce", "versionBits"));
        Assert.Equal((24, 5, 33), (frame.GetProperty("jobId").GetInt32(), frame.GetProperty("smallCore").GetInt32(), frame.GetProperty("core").GetInt32()));
    }

    [Fact]
    public void Decode_tells_a_wrong_checksum_and_what_it_should_be()
    {
        JsonElement frame = Decode("55aa40050400 15", null, 1).Single();
        Assert.False(frame.GetProperty("crcOk").GetBoolean());
        Assert.Equal("15 03", Fields(frame, "crc", "crcExpected"));
    }

    [Fact]
    public void Decode_finds_good_frames_behind_cut_ones_and_accounts_for_every_byte()
    {
        string stream = "00ff" + "55aa5109" + "55aa520500000a" + "aa5513700000" + "aa55137000000000000010" + "aa55137000000000 06".Replace(" ", "");
        JsonElement[] frames = Decode(stream, null, 1);
        Assert.Equal("read-all", frames.Single(f => f.GetProperty("kind").GetString() == "read-all").GetProperty("kind").GetString());
        Assert.Equal(2, frames.Count(f => f.GetProperty("kind").GetString() == "register" && f.GetProperty("crcOk").GetBoolean()));
        Assert.Equal(stream, string.Concat(frames.Select(f => f.GetProperty("bytes").GetString())));
    }

    [Theory]
    [InlineData("55a", "The bytes are not pairs of hexadecimal digits.")]
    [InlineData("zz", "The bytes are not pairs of hexadecimal digits.")]
    [InlineData("", "Give the bytes of one or more frames in hexadecimal")]
    public void Decode_answers_a_bad_argument_with_one_sentence(string hex, string sentence) =>
        AssertBad(sentence, (o, e) => ChipCommands.Decode([hex], null, false, o, e));

    [Theory]
    [InlineData("read-all 00", "55aa520500000a")]
    [InlineData("read-all ChipAddress", "55aa520500000a")]
    [InlineData("inactive", "55aa5305000003")]
    [InlineData("set-address 04", "55aa4005040003")]
    [InlineData("write-all versionrolling 9000FFFF", "55aa510900a49000ffff1c")]
    [InlineData("write-one 0 0x3C 0x800082AA", "55aa4109003c800082aa05")]
    [InlineData("ticket 256", "55aa51090014000000ff08")]
    [InlineData("pll 525", "55aa5109000840a8023003")]
    public void Encode_builds_the_frame(string words, string frame)
    {
        (int code, string output, string error) = Run((o, e) => ChipCommands.Encode("BM1370", words.Split(' '), false, o, e));
        Assert.Equal((0, frame, ""), (code, output.Trim(), error));
    }

    [Theory]
    [InlineData("BM1370", 88)]
    [InlineData("BM1397", 56)]
    public void Encode_builds_jobs_that_decode_reads_back(string chip, int bytes)
    {
        const string header = "0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a42a14695";
        (int code, string output, _) = Run((o, e) => ChipCommands.Encode(chip, ["job", "24", header], true, o, e));
        JsonElement frame = JsonDocument.Parse(output).RootElement[0];
        Assert.Equal(0, code);
        Assert.Equal(bytes * 2, frame.GetProperty("bytes").GetString()!.Length);
        Assert.Equal("job 1A44B9F2 4DD7F5C7", Fields(frame, "kind", "nBits", "nTime"));
        Assert.True(frame.GetProperty("crcOk").GetBoolean());
        if (chip == "BM1397")
            Assert.Contains("7a78da2dcd5bce692f56a9da07e86e372d2810a016e669ba05c567139524c593", frame.GetProperty("bytes").GetString());
    }

    [Theory]
    [InlineData("BM1371", "inactive", "There is no chip 'BM1371'")]
    [InlineData("BM1370", "explode", "There is no command 'explode'")]
    [InlineData("BM1370", "write-all 08", "VALUE is missing")]
    [InlineData("BM1370", "write-all Plll 5", "'Plll' is neither a register's name nor its hexadecimal number.")]
    [InlineData("BM1370", "write-one 100 08 5", "ADDR '100' is not a hexadecimal number up to FF.")]
    [InlineData("BM1370", "ticket 0", "DIFFICULTY '0' is not a whole number")]
    [InlineData("BM1370", "inactive now", "'now' is one word too many")]
    [InlineData("BM1370", "pll 5000", "BM1370 does not run at 5000 MHz")]
    [InlineData("BM1370", "job 1 00", "HEADER is not 76 to 80 bytes in hexadecimal.")]
    public void Encode_answers_a_bad_argument_with_one_sentence(string chip, string words, string sentence) =>
        AssertBad(sentence, (o, e) => ChipCommands.Encode(chip, words.Split(' '), false, o, e));

    [Fact]
    public void Decode_never_throws_and_accounts_for_every_byte_of_any_stream()
    {
        var random = new Random(41);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] stream = new byte[random.Next(1, 60)];
            random.NextBytes(stream);
            for (int k = 0; k + 1 < stream.Length; k += random.Next(2, 12))
                (stream[k], stream[k + 1]) = random.Next(2) == 0 ? ((byte)0x55, (byte)0xAA) : ((byte)0xAA, (byte)0x55);
            IReadOnlyList<ChipFrame> pieces = FrameDecoder.Decode(stream, null);
            Assert.Equal(Convert.ToHexStringLower(stream), string.Concat(pieces.Select(p => p.Bytes)));
            Assert.All(pieces, p => Assert.NotEmpty(p.Line));
        }
    }

    private static byte[] Nonce(byte[] nonce, int jobByte, int versionBits)
    {
        byte[] frame = [0xAA, 0x55, .. nonce, 0, (byte)jobByte, (byte)(versionBits >> 8), (byte)versionBits, 0x80];
        while (Ballast.Hw.Asic.Bm13xx.Crc5.Of(frame, 2, 9) != 0)
            frame[10]++;
        return frame;
    }

    private static JsonElement[] Decode(string hex, string? chip, int exitCode)
    {
        (int code, string output, string error) = Run((o, e) => ChipCommands.Decode(hex.Split(' '), chip, true, o, e));
        Assert.Equal((exitCode, ""), (code, error));
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
    }

    private static string Fields(JsonElement element, params string[] names) =>
        string.Join(' ', names.Select(n => element.GetProperty(n).GetString()));

    private static void AssertBad(string sentence, Func<TextWriter, TextWriter, int> command)
    {
        (int code, string output, string error) = Run(command);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(sentence, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(Func<TextWriter, TextWriter, int> command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = command(output, error);
        return (code, output.ToString(), error.ToString());
    }
}
