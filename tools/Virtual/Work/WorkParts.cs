using System.Globalization;
using System.Text;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Pool;
using Ballast.Hw.Asic;

namespace Ballast.Virtual.Work;

/// <summary>A pool's job read and hashed by the firmware's own rooms, as far as the header with nonce 0.</summary>
internal sealed class WorkParts
{
    private WorkParts(NotifyFile notify, PoolJob job, MerkleBuilder builder, uint version, uint ntime)
    {
        Notify = notify;
        Version = version;
        NTime = ntime;
        Root = builder.Root;
        TransactionId = builder.TransactionId;
        Coinbase = Convert.ToHexStringLower(job.Coinbase, 0, job.CoinbaseLength);
        HeaderHash.Write(Header, version, job.PreviousHash, builder.Root, ntime, job.NBits);
    }

    public NotifyFile Notify { get; }

    public uint Version { get; }

    public uint NTime { get; }

    public string Coinbase { get; }

    public byte[] TransactionId { get; }

    public byte[] Root { get; }

    public byte[] Header { get; } = new byte[HeaderHash.Length];

    public static WorkParts? Read(WorkOptions options, out string? problem)
    {
        string text;
        try
        {
            text = options.File == "-" ? Console.In.ReadToEnd() : File.ReadAllText(options.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Cannot read '{options.File}': {Host.Options.Unreadable.Why(options.File, e)}";
            return null;
        }

        NotifyFile? notify = NotifyFile.Read(text, options.Job, out problem);
        if (notify is null)
            return null;

        if ((options.Extranonce1 ?? notify.Extranonce1) is not { } first)
            return Problem("--extranonce1 is missing, and the file does not tell it.", out problem);
        if (!TryBytes(first, out byte[] extranonce1) || extranonce1.Length > PoolJob.MaxExtranonce)
            return Problem($"'{first}' is no extranonce1: give up to 32 bytes in hex.", out problem);
        if (options.Extranonce2 is null || !TryBytes(options.Extranonce2, out byte[] extranonce2) || extranonce2.Length > PoolJob.MaxExtranonce)
            return Problem("--extranonce2 is missing or no hex: give as many bytes as the pool's subscribe answer says.", out problem);

        byte[] json = Encoding.UTF8.GetBytes(notify.ToParameters());
        var tokens = new JsonTokens();
        var job = new PoolJob();
        if (!tokens.Parse(json, 0, json.Length) || !StratumNotify.TryRead(tokens, 0, extranonce1, extranonce1.Length, extranonce2.Length, job))
            return Problem($"Job '{notify.JobId}' is malformed: the firmware would not take it.", out problem);

        uint ntime = job.NTime;
        uint version = job.Version;
        if (options.NTime is not null && !TryHex32(options.NTime, out ntime))
            return Problem($"'{options.NTime}' is no block time: give 8 hex digits.", out problem);
        if (options.Version is not null && !TryHex32(options.Version, out version))
            return Problem($"'{options.Version}' is no version: give 8 hex digits.", out problem);

        var builder = new MerkleBuilder();
        builder.SetJob(job);
        builder.Begin(extranonce2);
        builder.Step(int.MaxValue);
        return new WorkParts(notify, job, builder, version, ntime);
    }

    /// <summary>The job for a chip, with midstates of versions that count upward inside the mask.</summary>
    public ChipJob ToChipJob(int midstates, uint mask, out uint[] versions)
    {
        var job = new ChipJob { MidstateCount = midstates };
        Header.CopyTo(job.Header, 0);
        versions = new uint[midstates];
        byte[] header = (byte[])Header.Clone();
        uint version = Version;
        for (int i = 0; i < midstates; i++)
        {
            versions[i] = version;
            HeaderHash.Put(header, 0, version);
            HeaderHash.Midstate(header, job.Midstates, 8 * i);
            version = (version & ~mask) | (((version | ~mask) + 1) & mask);
        }

        return job;
    }

    public static bool TryHex32(string text, out uint value)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        value = 0;
        return digits.Length is >= 1 and <= 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryBytes(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
            return false;
        bytes = Convert.FromHexString(text);
        return true;
    }

    private static WorkParts? Problem(string sentence, out string? problem)
    {
        problem = sentence;
        return null;
    }
}
