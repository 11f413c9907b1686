using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Ballast.Virtual.Processes;

namespace Ballast.Cli;

/// <summary>What a figure was measured on.</summary>
/// <param name="Processor">Name of the processor.</param>
/// <param name="Cores">Logical cores.</param>
/// <param name="MemoryMiB">Memory.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">.NET.</param>
/// <param name="Broker">mosquitto and its version.</param>
/// <param name="Load">Load averages over 1, 5 and 15 minutes at the start: what else was running.</param>
/// <param name="StartedUtc">When.</param>
internal sealed record Machine(string Processor, int Cores, long MemoryMiB, string System, string Runtime, string Broker, string Load, DateTimeOffset StartedUtc)
{
    /// <summary>All of it in a sentence.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {MemoryMiB / 1024.0:0.#} GiB, {System}, {Runtime}, {Broker}; load at the start {Load}; {StartedUtc:yyyy-MM-dd HH:mm} UTC.");

    public static Machine Here() => new(
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Version(),
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown",
        DateTimeOffset.UtcNow);

    private static string? Line(string file, string key)
        => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() : null;

    private static string Version()
    {
        if (MosquittoBroker.Find() is not { } program)
            return "no mosquitto";
        using var process = Process.Start(new ProcessStartInfo(program, "-h") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string first = process.StandardOutput.ReadLine() ?? "mosquitto";
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return first;
    }
}
