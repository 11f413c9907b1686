using System.Security.Cryptography;
using System.Text.Json;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>The recorded mainnet job, and the arithmetic of a pool with the platform's SHA-256 and big integers, not with the firmware's code.</summary>
internal static class TestJob
{
    public static readonly JsonElement Recorded = Load("pool-job.json");

    public static readonly JsonElement Asic = Load("asic.json");

    public static JsonElement Notify => Recorded.GetProperty("notify");

    public static string[] Branches => [.. Notify.GetProperty("branches").EnumerateArray().Select(b => b.GetString()!)];

    public static string Text(string name) => Notify.GetProperty(name).GetString()!;

    /// <summary>A mining.notify of the recorded job, with parts replaced.</summary>
    public static string NotifyLine(string? id = null, bool clean = false, string? version = null, string? ntime = null, string? coinb1 = null, string? prevhash = null, string? nbits = null) =>
        $$"""{"id":null,"method":"mining.notify","params":["{{id ?? Text("job_id")}}","{{prevhash ?? Text("prevhash")}}","{{coinb1 ?? Text("coinb1")}}","{{Text("coinb2")}}",[{{string.Join(',', Branches.Select(b => $"\"{b}\""))}}],"{{version ?? Text("version")}}","{{nbits ?? Text("nbits")}}","{{ntime ?? Text("ntime")}}",{{(clean ? "true" : "false")}}]}""";

    /// <summary>The header that a pool builds from a job and a submit.</summary>
    public static byte[] Header(string extranonce1, string extranonce2, uint version, uint ntime, uint nonce, string? coinb1 = null)
    {
        byte[] root = Double(Convert.FromHexString((coinb1 ?? Text("coinb1")) + extranonce1 + extranonce2 + Text("coinb2")));
        foreach (string branch in Branches)
            root = Double([.. root, .. Convert.FromHexString(branch)]);
        byte[] previous = Convert.FromHexString(Text("prevhash"));
        for (int i = 0; i < 32; i += 4)
            Array.Reverse(previous, i, 4);
        return [.. BitConverter.GetBytes(version), .. previous, .. root, .. BitConverter.GetBytes(ntime), .. BitConverter.GetBytes(Convert.ToUInt32(Text("nbits"), 16)), .. BitConverter.GetBytes(nonce)];
    }

    public static byte[] Double(byte[] data) => SHA256.HashData(SHA256.HashData(data));

    public static System.Numerics.BigInteger Number(byte[] hash) => new(hash, isUnsigned: true);

    /// <summary>diff1·2^shift.</summary>
    public static System.Numerics.BigInteger Diff1(int shift = 0) => (System.Numerics.BigInteger)0xFFFF << (208 + shift);

    public static System.Numerics.BigInteger Number(uint[] words) =>
        new([.. words.SelectMany(BitConverter.GetBytes)], isUnsigned: true);

    private static JsonElement Load(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", name))).RootElement;
}
