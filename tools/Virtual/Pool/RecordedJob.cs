using System.Globalization;
using System.Text.Json;

namespace Ballast.Virtual.Pool;

/// <summary>The mainnet job recorded from a real pool, and what the recording says about its session.</summary>
public sealed class RecordedJob
{
    /// <summary>The job as it was received.</summary>
    public required PoolJob Job { get; init; }

    /// <summary>The session's first extranonce, hex.</summary>
    public required string Extranonce1 { get; init; }

    /// <summary>Bytes of the second extranonce.</summary>
    public required int Extranonce2Length { get; init; }

    /// <summary>Version bits that miners may roll (BIP 320).</summary>
    public required uint VersionMask { get; init; }

    /// <summary>Reads the recording that is built into this assembly.</summary>
    public static RecordedJob Load()
    {
        using Stream stream = typeof(RecordedJob).Assembly.GetManifestResourceStream("pool-job.json")
            ?? throw new InvalidOperationException("The recorded job is missing from the assembly: rebuild tools/Virtual.");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        JsonElement notify = root.GetProperty("notify");
        var job = new PoolJob(
            notify.GetProperty("job_id").GetString()!,
            Convert.FromHexString(notify.GetProperty("prevhash").GetString()!),
            Convert.FromHexString(notify.GetProperty("coinb1").GetString()!),
            Convert.FromHexString(notify.GetProperty("coinb2").GetString()!),
            [.. notify.GetProperty("branches").EnumerateArray().Select(b => Convert.FromHexString(b.GetString()!))],
            Number(notify, "version"),
            Number(notify, "nbits"),
            Number(notify, "ntime"),
            notify.GetProperty("clean").GetBoolean());
        return new RecordedJob
        {
            Job = job,
            Extranonce1 = root.GetProperty("extranonce1").GetString()!,
            Extranonce2Length = root.GetProperty("extranonce2Length").GetInt32(),
            VersionMask = Number(root, "versionMask"),
        };
    }

    private static uint Number(JsonElement parent, string name)
        => uint.Parse(parent.GetProperty(name).GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
