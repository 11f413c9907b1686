using System.Globalization;

namespace Ballast.Virtual.Bench;

/// <summary>What a process has used, from /proc; zeros where there is none.</summary>
/// <param name="CpuMs">CPU time of all its threads, ms.</param>
/// <param name="ResidentBytes">Memory in use.</param>
internal readonly record struct ProcessUse(double CpuMs, long ResidentBytes)
{
    // USER_HZ, the unit of /proc/PID/stat, is 100 on every Linux that .NET runs on.
    private const double MsPerClockTick = 10;

    public static ProcessUse Of(int pid)
    {
        try
        {
            // The name in brackets may hold anything; what follows its last bracket may not.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            long pages = long.Parse(fields[21], CultureInfo.InvariantCulture);
            return new ProcessUse(ticks * MsPerClockTick, pages * Environment.SystemPageSize);
        }
        catch (IOException)
        {
            return default;
        }
    }
}
