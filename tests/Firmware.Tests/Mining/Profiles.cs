using Ballast.Hw.Asic;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>Profiles as miners see them, without the families' own tables.</summary>
internal static class Profiles
{
    public static ChipProfile Bm1370(int workShift = 0) =>
        new() { Name = "BM1370", Cores = 128, SmallCores = 2040, MinKhz = 50000, MaxKhz = 800000, StartKhz = 525000, RollsVersion = true, WorkShift = workShift };

    public static ChipProfile Bm1397(int workShift = 0) =>
        new() { Name = "BM1397", Cores = 168, SmallCores = 672, MinKhz = 50000, MaxKhz = 800000, StartKhz = 425000, Midstates = 4, WorkShift = workShift };

    public static ChipProfile A1(int workShift = 0) =>
        new() { Name = "A1", Cores = 32, SmallCores = 32, MinKhz = 100000, MaxKhz = 1000000, StartKhz = 800000, Midstates = 1, JobsPerChip = true, WorkShift = workShift };
}
