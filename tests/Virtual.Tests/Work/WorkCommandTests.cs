using System.Security.Cryptography;
using System.Text.Json;
using Ballast.Virtual.Work;

namespace Ballast.Virtual.Tests.Work;

public sealed class WorkCommandTests : IDisposable
{
    private static readonly string Recorded = Path.Combine(AppContext.BaseDirectory, "Data", "pool-job.json");
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Job_of_the_recorded_pool_job_agrees_with_the_platforms_hashes()
    {
        JsonElement notify = JsonDocument.Parse(File.ReadAllText(Recorded)).RootElement.GetProperty("notify");
        string Field(string name) => notify.GetProperty(name).GetString()!;
        byte[] root = Twice(Convert.FromHexString(Field("coinb1") + "4128064f" + "01020304" + Field("coinb2")));
        byte[] txid = [.. root.Reverse()];
        foreach (JsonElement branch in notify.GetProperty("branches").EnumerateArray())
            root = Twice([.. root, .. Convert.FromHexString(branch.GetString()!)]);
        JsonElement job = Job(new WorkOptions { File = Recorded, Extranonce2 = "01020304", Midstates = 4, Chip = "bm1397", ChipJobId = 8, Json = true });
        Assert.Equal(Convert.ToHexStringLower(txid), job.GetProperty("coinbaseTxid").GetString());
        Assert.Equal(Convert.ToHexStringLower(root), job.GetProperty("merkleRoot").GetString());
        string header = job.GetProperty("header").GetString()!;
        Assert.Equal("00000020fd55646bc162b96dfcd4f201a3f4670d1d3996bc965201", header[..54]);
        Assert.Equal(Convert.ToHexStringLower(root), header[72..136]);
        Assert.Equal("d7685468043a021700000000", header[136..]);
        Assert.Equal(["20000000", "20002000", "20004000", "20006000"], job.GetProperty("midstates").EnumerateArray().Select(m => m.GetProperty("version").GetString()!));

        // The frame carries the midstates with their words last to first.
        string frame = job.GetProperty("frame").GetString()!;
        string midstate = job.GetProperty("midstates")[0].GetProperty("midstate").GetString()!;
        Assert.StartsWith("55aa21960804", frame);
        Assert.Contains(string.Concat(Enumerable.Range(0, 8).Reverse().Select(i => midstate.Substring(8 * i, 8))), frame);
        Assert.Equal(2 * 152, frame.Length);
    }

    [Theory]
    [InlineData("bm1370", 88)]
    [InlineData("BM1366", 88)]
    [InlineData("BM1397", 56)]
    public void Job_makes_the_frame_of_any_chip(string chip, int bytes)
    {
        JsonElement job = Job(new WorkOptions { File = Recorded, Extranonce2 = "00000000", Chip = chip, ChipJobId = 24, Json = true });
        Assert.Equal(2 * bytes, job.GetProperty("frame").GetString()!.Length);
    }

    [Fact]
    public void Job_makes_the_SPI_frame_of_an_A1()
    {
        JsonElement job = Job(new WorkOptions { File = Recorded, Extranonce2 = "00000000", Chip = "a1", ChipJobId = 1, Json = true });
        string header = job.GetProperty("header").GetString()!;

        // Laid out as the frame of block 125552 in the vectors: id and command, first chip, midstate, header tail, first nonce, target, last nonce.
        Assert.Equal("1701" + Mirrored(job, 0) + header[128..152] + "00000000" + "ffff001d" + "ffffffff", job.GetProperty("frame").GetString());
        Assert.Equal("A1", job.GetProperty("chip").GetString());
    }

    [Fact]
    public void Job_makes_the_SPI_frame_of_a_T1_with_its_midstates_last_to_first_and_its_CRC()
    {
        JsonElement job = Job(new WorkOptions { File = Recorded, Extranonce2 = "00000000", Midstates = 4, Chip = "T1", ChipJobId = 3, Json = true });
        string header = job.GetProperty("header").GetString()!;
        string body = "3c01" + Mirrored(job, 3) + Mirrored(job, 2) + Mirrored(job, 1) + Mirrored(job, 0) + header[128..152] + "00000000" + "ffff001d" + "ffffffff" + "00000000";
        string frame = job.GetProperty("frame").GetString()!;
        Assert.Equal(body, frame[..^4]);
        byte[] data = Convert.FromHexString(body);
        uint crc = 0xFFFF;
        for (int i = 0; i < data.Length; i++)
        {
            crc ^= data[i ^ 1];
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        Assert.Equal(crc.ToString("x4"), frame[^4..]);
    }

    [Fact]
    public void Share_of_the_genesis_block_has_its_hash_and_meets_the_network()
    {
        JsonElement split = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement.GetProperty("blocks")[0].GetProperty("stratum_split");
        string Field(string name) => split.GetProperty(name).GetString()!;
        File.WriteAllText(_file, $$"""
            2026-01-01 10:00:00 < {"id":2,"result":[[["mining.notify","x"]],"{{Field("extranonce1")}}",4],"error":null}
            2026-01-01 10:00:01 < {"id":null,"method":"mining.notify","params":["g","{{Field("prevhash")}}","{{Field("coinb1")}}","{{Field("coinb2")}}",[],"{{Field("version")}}","{{Field("nbits")}}","{{Field("ntime")}}",true]}
            2026-01-01 10:00:02 < {"id":null,"method":"mining.notify","params":["other","{{Field("prevhash")}}","00","00",[],"20000000","17023a04","00000000",true]}
            not a message
            """);
        var options = new WorkOptions { File = _file, Job = "g", Extranonce2 = Field("extranonce2"), Nonce = Field("nonce"), Json = true };
        JsonElement share = Share(options);
        Assert.Equal("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", share.GetProperty("hash").GetString());
        Assert.Equal(2536.4262984453103, share.GetProperty("difficulty").GetDouble(), 1e-6);
        Assert.Equal(1.0, share.GetProperty("networkDifficulty").GetDouble(), 1e-9);
        Assert.True(share.GetProperty("meetsNetwork").GetBoolean());
        Assert.False(Share(options with { VersionBits = "00002000" }).GetProperty("meetsNetwork").GetBoolean());
        Assert.Contains("outside the mask", Share(options with { VersionBits = "20000000" }).GetProperty("note").GetString());
        Assert.Contains("exclusive or", Share(options with { VersionBits = "00002000", Version = "20004000" }).GetProperty("note").GetString());
    }

    [Fact]
    public void Both_print_text_too()
    {
        var options = new WorkOptions { File = Recorded, Extranonce2 = "00000000", Nonce = "00000001" };
        Assert.Contains("merkle root", Run(WorkCommands.Job, options, 0).Output);
        Assert.Contains("difficulty", Run(WorkCommands.Share, options, 0).Output);
    }

    [Theory]
    [InlineData("--extranonce2 is missing", null, null)]
    [InlineData("--extranonce2 is missing or no hex", "xyz", null)]
    [InlineData("no block time", "00", "xyz")]
    public void A_bad_argument_gets_one_sentence_and_exit_code_2(string says, string? extranonce2, string? ntime)
    {
        (string output, string error) = Run(WorkCommands.Job, new WorkOptions { File = Recorded, Extranonce2 = extranonce2, NTime = ntime }, 2);
        Assert.Equal("", output);
        Assert.Contains(says, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_file_without_a_job_or_no_file_gets_one_sentence_and_exit_code_2()
    {
        File.WriteAllText(_file, "{\"id\":1}");
        Assert.Contains("No mining.notify", Run(WorkCommands.Share, new WorkOptions { File = _file }, 2).Error);
        Assert.Contains("'7'", Run(WorkCommands.Share, new WorkOptions { File = Recorded, Job = "7" }, 2).Error);
        Assert.Contains("Cannot read", Run(WorkCommands.Job, new WorkOptions { File = _file + ".none" }, 2).Error);
        Assert.Contains("--nonce", Run(WorkCommands.Share, new WorkOptions { File = Recorded, Extranonce2 = "00000000" }, 2).Error);
        Assert.Contains("1 or 4", Run(WorkCommands.Job, new WorkOptions { File = Recorded, Extranonce2 = "00000000", Midstates = 3 }, 2).Error);
        Assert.Contains("no chip", Run(WorkCommands.Job, new WorkOptions { File = Recorded, Extranonce2 = "00000000", Chip = "BM9" }, 2).Error);
    }

    [Theory]
    [InlineData("A1", 0, 1, "A job id for A1 is 1 to 4, not 0")]
    [InlineData("T1", 5, 4, "A job id for T1 is 1 to 4, not 5")]
    [InlineData("T1", 1, 1, "takes 4 midstates: add --midstates 4")]
    [InlineData("BM1370", 128, 1, "A job id for BM1370 is 0 to 127, not 128")]
    public void A_frame_that_the_chip_would_not_take_gets_one_sentence(string chip, int id, int midstates, string says)
    {
        (string output, string error) = Run(WorkCommands.Job, new WorkOptions { File = Recorded, Extranonce2 = "00000000", Chip = chip, ChipJobId = id, Midstates = midstates }, 2);
        Assert.Equal("", output);
        Assert.Contains(says, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    /// <summary>A midstate as chips want it: words last to first.</summary>
    private static string Mirrored(JsonElement job, int index)
    {
        string midstate = job.GetProperty("midstates")[index].GetProperty("midstate").GetString()!;
        return string.Concat(Enumerable.Range(0, 8).Reverse().Select(i => midstate.Substring(8 * i, 8)));
    }

    private static JsonElement Job(WorkOptions options) => JsonDocument.Parse(Run(WorkCommands.Job, options, 0).Output).RootElement;

    private static JsonElement Share(WorkOptions options) => JsonDocument.Parse(Run(WorkCommands.Share, options, 0).Output).RootElement;

    private static (string Output, string Error) Run(Func<WorkOptions, TextWriter, TextWriter, int> command, WorkOptions options, int code)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int got = command(options, output, error);
        Assert.True(code == got, error.ToString());
        return (output.ToString(), error.ToString());
    }

    private static byte[] Twice(byte[] data) => SHA256.HashData(SHA256.HashData(data));
}
