using System.Text.Json;
using Ballast.Hw.Asic;
using Ballast.Hw.Asic.A1;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus.Capture;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;
using Ballast.Virtual.Boards;
using Ballast.Virtual.Chips;

namespace Ballast.Virtual.Tests.Chips;

public class SpiFrameTests
{
    private static readonly JsonElement Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement.GetProperty("spi_a1");

    [Fact]
    public void Decode_names_every_field_of_the_recorded_job()
    {
        JsonElement job = Decode("A1", Vectors.GetProperty("write_job").GetString()! + "0000", 0)[0];
        Assert.Equal(
            "to-chips write-job f1fc122b 4DD7F5C7 1A44B9F2 00000000 FFFFFFFF 1D00FFFF",
            Texts(job, "direction", "kind", "merkleTail", "nTime", "nBits", "startNonce", "endNonce", "target"));
        Assert.Equal((1, 1, 1m), (job.GetProperty("jobId").GetInt32(), job.GetProperty("chip").GetInt32(), job.GetProperty("difficulty").GetDecimal()));
        Assert.Equal("7a78da2dcd5bce692f56a9da07e86e372d2810a016e669ba05c567139524c593", job.GetProperty("midstates")[0].GetString());
        Assert.False(job.TryGetProperty("crcOk", out _));
        Assert.Equal("none", job.GetProperty("crc").GetString());
    }

    [Fact]
    public void Decode_finds_the_recorded_result_behind_zeros()
    {
        JsonElement[] pieces = Decode("A1", "00000000 00000000" + Vectors.GetProperty("result_frame_example").GetString() + "0000", 0);
        Assert.Equal(["idle", "result", "idle"], pieces.Select(p => p.GetProperty("kind").GetString()!));
        Assert.Equal(Vectors.GetProperty("result_nonce_numeric").GetString(), pieces[1].GetProperty("nonce").GetString(), ignoreCase: true);
        Assert.Equal((1, 1, 8), (pieces[1].GetProperty("jobId").GetInt32(), pieces[1].GetProperty("chip").GetInt32(), pieces[1].GetProperty("offset").GetInt32()));
    }

    [Fact]
    public void Decode_names_what_a_register_reply_tells()
    {
        JsonElement reply = Decode("A1", "0000 1a05 824b 01 03 21 1c", 0)[1];
        Assert.Equal("from-chips register full", Texts(reply, "direction", "kind", "queue"));
        Assert.True(reply.GetProperty("locked").GetBoolean());
        Assert.Equal([5, 28, 600], [reply.GetProperty("chip").GetInt32(), reply.GetProperty("cores").GetInt32(), reply.GetProperty("pll").GetProperty("actualMhz").GetInt32()]);
        Assert.Equal([1, 2], reply.GetProperty("jobIds").EnumerateArray().Select(e => e.GetInt32()));
    }

    [Fact]
    public void Decode_reads_the_pll_at_the_reference_that_is_named()
    {
        using var output = new StringWriter();
        Assert.Equal(0, ChipCommands.Decode(["0900423221840000"], "A1", false, output, TextWriter.Null, "12"));
        Assert.Equal("0900423221840000  write-register all chips = 423221840000 PLL 600 MHz, pre 1, post 1, feedback 50  CRC none", output.ToString().Trim());
    }

    [Theory]
    [InlineData("A1", "0b00", "unknown", 1)]
    [InlineData("A1", "0d00", "unknown", 1)]
    [InlineData("T1", "0b00", "bist-collect", 0)]
    [InlineData("A1", "0400eded", "reset", 0)]
    [InlineData("A1", "0300", "bist-fix", 0)]
    [InlineData("A1", "57010000", "unknown", 1)]
    [InlineData("A1", "090082", "cut", 1)]
    [InlineData("T1", "0900026f4002000000a0002000008daa", "write-register", 0)]
    [InlineData("T1", "0900026f4002000000a0002000008dab", "write-register", 1)]
    public void Decode_names_commands_and_tells_what_is_wrong(string chip, string hex, string kind, int exitCode) =>
        Assert.Equal(kind, Decode(chip, hex, exitCode)[0].GetProperty("kind").GetString());

    [Fact]
    public void Decode_tells_a_wrong_checksum_of_a_T1_and_what_it_should_be()
    {
        JsonElement frame = Decode("T1", "0900026f4002000000a000200000ffff", 1).Single();
        Assert.Equal("FFFF 8DAA", Texts(frame, "crc", "crcExpected"));
    }

    [Theory]
    [InlineData("A1", "bist-start", "0100")]
    [InlineData("A1", "bist-fix", "0300")]
    [InlineData("T1", "bist-collect", "0b00")]
    [InlineData("A1", "reset 0 EDED", "0400eded")]
    [InlineData("A1", "reset 3", "04030000")]
    [InlineData("A1", "pll 0 600", "0900824b21840000")]
    [InlineData("T1", "pll 0 1332", "0900026f4002000000a0002000008daa")]
    [InlineData("T1", "write-register 0 026f4002000000a000200000", "0900026f4002000000a0002000008daa")]
    [InlineData("A1", "write-register 2 824b21840000", "0902824b21840000")]
    [InlineData("A1", "read-register 8", "0a08")]
    [InlineData("a1", "read-result", "0800")]
    public void Encode_builds_the_command(string chip, string words, string frame)
    {
        using var output = new StringWriter();
        Assert.Equal(0, ChipCommands.Encode(chip, words.Split(' '), false, output, TextWriter.Null));
        Assert.Equal(frame, output.ToString().Trim());
        Assert.Equal(words.Split(' ')[0].Replace("pll", "write-register"), Decode(chip, frame, 0).Single().GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("A1", "bist-collect", "A1 has no command 'bist-collect'")]
    [InlineData("A1", "read-register 0", "CHIP '0' is not a whole number from 1 to 64.")]
    [InlineData("A1", "reset", "CHIP is missing")]
    [InlineData("A1", "pll 0 1200", "A1 does not run at 1200 MHz")]
    [InlineData("A1", "write-register 0 82", "BYTES is not 6 bytes in hexadecimal.")]
    [InlineData("T1", "read-result now", "'now' is one word too many")]
    public void Encode_answers_a_bad_argument_with_one_sentence(string chip, string words, string sentence)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, ChipCommands.Encode(chip, words.Split(' '), false, output, error));
        Assert.Equal("", output.ToString());
        Assert.StartsWith(sentence, error.ToString());
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void Every_frame_of_a_captured_bring_up_of_the_A1Eight_board_decodes_without_an_unknown_piece()
    {
        var clock = new SimClock();
        var log = new ListLog();
        var sim = new SimBoard(clock, new SystemDigest(), 5, 24, SimBoards.A1Eight());
        sim.Io.AsicSpi = new CaptureSession(clock, log).Spi(sim.A1!);
        Hashboard board = A1Eight.Create(sim.Io, 24);
        Assert.Equal(PartStatus.Ok, board.Regulator.Configure());
        Assert.Equal(PartStatus.Ok, board.Regulator.SetMillivolts(850));
        Assert.Equal(PartStatus.Ok, board.Regulator.Enable(true));
        BringUp(board.Chain, clock, sim.Step, sim.A1!);
        AssertAllKnown(log.Lines, (A1Profile)board.Description.Chip);
    }

    [Fact]
    public void Every_frame_of_a_captured_bring_up_of_eight_T1_decodes_with_a_right_checksum()
    {
        A1Profile profile = ChipT1.Create(0);
        var clock = new SimClock();
        var log = new ListLog();
        var pin = new SimOutputPin(false);
        var model = new SimA1Chain(SimA1Type.T1(), 8, 24) { CoreMilliVolts = 850 };
        var chain = new A1Chain(profile, 8, new CaptureSession(clock, log).Spi(model), pin);
        void Step(long nowMs)
        {
            model.HoldInReset(!pin.IsHigh);
            model.Step(nowMs);
        }

        BringUp(chain, clock, Step, model);
        AssertAllKnown(log.Lines, profile);
    }

    [Fact]
    public void Decode_never_throws_and_accounts_for_every_byte_of_any_stream()
    {
        var random = new Random(43);
        for (int i = 0; i < 20_000; i++)
        {
            A1Profile profile = SpiChips.Find(i % 2 == 0 ? "A1" : "T1", null, out _)!;
            byte[] stream = new byte[random.Next(1, 200)];
            random.NextBytes(stream);
            for (int k = 0; k < stream.Length; k += random.Next(1, 12))
                stream[k] = (byte)random.Next(0, 0x20);
            IReadOnlyList<SpiFrame> pieces = SpiFrameDecoder.Decode(stream, profile);
            Assert.Equal(Convert.ToHexStringLower(stream), string.Concat(pieces.Select(p => p.Bytes)));
            Assert.All(pieces, p => Assert.NotEmpty(p.Line));
        }
    }

    // 3 s: reset, count, self-test, ramp, jobs that are dropped and sent again, results.
    private static void BringUp(IHashChain chain, SimClock clock, Action<long> step, SimA1Chain model)
    {
        step(clock.NowMs += 20);
        chain.SetTicketDifficulty(1);
        chain.Start();
        var job = new ChipJob { MidstateCount = chain.Profile.Midstates, EndNonce = uint.MaxValue };
        for (int tick = 0; tick < 150; tick++)
        {
            step(clock.NowMs += 20);
            chain.Step(clock.NowMs);
            job.Chip = tick % chain.ChipCount;
            job.DropQueued = tick % 25 == 0;
            chain.SendJob(job, out _);
            chain.RampTo(600_000);
            for (uint nonce = 0; tick > 100 && nonce < 40; nonce++)
                model.Plant(0, nonce);
        }

        Assert.True(chain.State == ChainState.Running, chain.Fault);
    }

    private static void AssertAllKnown(List<string> lines, A1Profile profile)
    {
        List<SpiFrame> sent = [];
        List<SpiFrame> received = [];
        foreach (string line in lines)
        {
            Assert.True(CaptureText.TryParse(line, out _, out string request, out string answer));
            sent.AddRange(SpiFrameDecoder.Decode(Convert.FromHexString(CaptureText.Word(request, 1)), profile));
            received.AddRange(SpiFrameDecoder.Decode(Convert.FromHexString(CaptureText.Word(answer, 0)), profile));
        }

        Assert.All(sent.Concat(received), f => Assert.True(f.IsKnown && f.CrcOk != false, f.Line));
        string[] commands = ["bist-start", "write-register", "read-register", "bist-fix", "write-job", "read-result", "reset"];
        Assert.All(commands, c => Assert.Contains(sent, f => f.Kind == c && f.Direction == "to-chips"));
        Assert.Contains(received, f => f.Chips == 8);
        Assert.Contains(received, f => f.Kind == "register" && f.Cores == 32 && f.Pll is not null);
        Assert.Contains(received, f => f.Kind == "result" && f.JobId >= 1 && f.Chip is >= 1 and <= 8);
    }

    private static JsonElement[] Decode(string chip, string hex, int exitCode)
    {
        using var output = new StringWriter();
        Assert.Equal(exitCode, ChipCommands.Decode(hex.Split(' '), chip, true, output, TextWriter.Null));
        return [.. JsonDocument.Parse(output.ToString()).RootElement.EnumerateArray()];
    }

    private static string Texts(JsonElement element, params string[] names) => string.Join(' ', names.Select(n => element.GetProperty(n).GetString()));

    private sealed class ListLog : ICaptureLog
    {
        public List<string> Lines { get; } = [];

        public void Add(string line) => Lines.Add(line);
    }
}
