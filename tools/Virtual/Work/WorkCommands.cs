using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Firmware.Mining;
using Ballast.Hw.Asic;

namespace Ballast.Virtual.Work;

/// <summary>What <c>ballast job</c> and <c>ballast share</c> are told; null where an option was left out.</summary>
public sealed record WorkOptions
{
    /// <summary>File with the job; "-" is standard input.</summary>
    public required string File { get; init; }

    /// <summary>Job id to take of several.</summary>
    public string? Job { get; init; }

    /// <summary>Extranonce1 in hex.</summary>
    public string? Extranonce1 { get; init; }

    /// <summary>Extranonce2 in hex.</summary>
    public string? Extranonce2 { get; init; }

    /// <summary>Block time in hex; the job's own without it.</summary>
    public string? NTime { get; init; }

    /// <summary>Version in hex; the job's own without it.</summary>
    public string? Version { get; init; }

    /// <summary>Midstates to make, 1 or 4.</summary>
    public int Midstates { get; init; } = 1;

    /// <summary>Version bits that midstates count in.</summary>
    public string VersionMask { get; init; } = "1fffe000";

    /// <summary>Chip whose frame is wanted.</summary>
    public string? Chip { get; init; }

    /// <summary>Job id in the chip's frame: 0 to 127 on UART chips, 1 to 4 on SPI chips.</summary>
    public int ChipJobId { get; init; }

    /// <summary>Nonce in hex, as submitted.</summary>
    public string? Nonce { get; init; }

    /// <summary>Version bits in hex, as submitted.</summary>
    public string? VersionBits { get; init; }

    /// <summary>JSON instead of text.</summary>
    public bool Json { get; init; }
}

/// <summary>
/// <c>ballast job</c> and <c>ballast share</c>: what the firmware makes of a pool's job, and what a submitted share hashes to, computed with the
/// firmware's own code. Exit code 0: done; 2: a bad argument or file, told in one sentence.
/// </summary>
public static class WorkCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Shows coinbase, merkle root, header, midstates and a chip's frame of a job.</summary>
    public static int Job(WorkOptions options, TextWriter output, TextWriter error)
    {
        WorkParts? parts = WorkParts.Read(options, out string? problem);
        if (parts is null)
            return Bad(error, problem!);
        if (options.Midstates is not (1 or 4))
            return Bad(error, $"--midstates is 1 or 4, not {options.Midstates}.");
        if (!WorkParts.TryHex32(options.VersionMask, out uint mask))
            return Bad(error, $"'{options.VersionMask}' is not a version mask: give up to 8 hex digits.");

        ChipJob job = parts.ToChipJob(options.Midstates, mask, out uint[] versions);
        string? frame = null;
        if (options.Chip is not null)
        {
            frame = JobFrame.Of(options.Chip, options.ChipJobId, job, out problem);
            if (frame is null)
                return Bad(error, problem!);
        }

        var result = new
        {
            jobId = parts.Notify.JobId,
            coinbase = parts.Coinbase,
            coinbaseTxid = Reversed(parts.TransactionId),
            merkleRoot = Convert.ToHexStringLower(parts.Root),
            merkleRootDisplay = Reversed(parts.Root),
            version = parts.Version.ToString("x8"),
            ntime = parts.NTime.ToString("x8"),
            header = Convert.ToHexStringLower(parts.Header),
            midstates = versions.Select((v, i) => new { version = v.ToString("x8"), midstate = string.Concat(job.Midstates.Skip(8 * i).Take(8).Select(w => w.ToString("x8"))) }).ToArray(),
            chip = frame is null ? null : options.Chip!.ToUpperInvariant(),
            chipJobId = frame is null ? (int?)null : options.ChipJobId,
            frame,
        };
        if (options.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(result, Json));
            return 0;
        }

        output.WriteLine($"job            {result.jobId}, version {result.version}, ntime {result.ntime}");
        output.WriteLine($"coinbase txid  {result.coinbaseTxid}");
        output.WriteLine($"merkle root    {result.merkleRoot}  (shown in explorers: {result.merkleRootDisplay})");
        output.WriteLine($"header         {result.header}");
        foreach (var m in result.midstates)
            output.WriteLine($"midstate       {m.midstate}  (version {m.version})");
        if (frame is not null)
            output.WriteLine($"frame          {frame}  ({result.chip}, job id {options.ChipJobId})");
        return 0;
    }

    /// <summary>Shows what a submitted share hashes to, and its difficulty.</summary>
    public static int Share(WorkOptions options, TextWriter output, TextWriter error)
    {
        WorkParts? parts = WorkParts.Read(options, out string? problem);
        if (parts is null)
            return Bad(error, problem!);
        if (options.Nonce is null || !WorkParts.TryHex32(options.Nonce, out uint nonce))
            return Bad(error, "--nonce is missing or no number: give the 8 hex digits of the submit.");
        if (!WorkParts.TryHex32(options.VersionBits ?? "0", out uint bits) || !WorkParts.TryHex32(options.VersionMask, out uint mask))
            return Bad(error, "--version-bits and --version-mask are up to 8 hex digits each.");

        // BIP 310: the pool puts the submitted bits in the place of the job's, inside the mask. Without the option the job's version stays.
        uint version = options.VersionBits is null ? parts.Version : (parts.Version & ~mask) | (bits & mask);
        byte[] header = (byte[])parts.Header.Clone();
        HeaderHash.Put(header, 0, version);
        HeaderHash.Put(header, 76, nonce);
        uint[] number = new uint[Target.Words];
        new HeaderHash().Hash(header, number);
        uint[] network = new uint[Target.Words];
        Target.FromBits(HeaderHash.Get(header, 72), network);
        bool ambiguous = options.VersionBits is not null && (parts.Version & mask) != 0;
        var result = new
        {
            jobId = parts.Notify.JobId,
            version = version.ToString("x8"),
            header = Convert.ToHexStringLower(header),
            hash = string.Concat(number.Reverse().Select(w => w.ToString("x8"))),
            difficulty = Difficulty(number),
            networkDifficulty = Difficulty(network),
            meetsNetwork = Target.Meets(number, network),
            note = (bits & ~mask) != 0 ? "the version bits reach outside the mask: a pool rejects that"
                : ambiguous ? "the job's version has bits inside the mask: some pools combine with exclusive or instead and see another header" : null,
        };
        if (options.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(result, Json));
            return 0;
        }

        output.WriteLine($"job         {result.jobId}, version {result.version}");
        output.WriteLine($"header      {result.header}");
        output.WriteLine($"hash        {result.hash}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"difficulty  {result.difficulty:0.######}  (network {result.networkDifficulty:0.##}{(result.meetsNetwork ? ": a block" : "")})"));
        if (result.note is not null)
            output.WriteLine($"note        {result.note}");
        return 0;
    }

    private static double Difficulty(uint[] number)
    {
        BigInteger value = new(number.SelectMany(BitConverter.GetBytes).ToArray(), isUnsigned: true);
        BigInteger diff1 = (BigInteger)0xFFFF << 208;

        // Scaled, so that difficulties far below 1 keep their digits.
        return value.IsZero ? 0 : (double)((diff1 << 96) / value) / Math.Pow(2, 96);
    }

    private static string Reversed(byte[] bytes)
    {
        byte[] copy = (byte[])bytes.Clone();
        Array.Reverse(copy);
        return Convert.ToHexStringLower(copy);
    }

    private static int Bad(TextWriter error, string sentence)
    {
        error.WriteLine(sentence);
        return 2;
    }
}
