using Ballast.Hw.Asic;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>Profiles as miners see them, without the families' own tables.</summary>
internal static class Profiles
{
    public static ChipProfile Bm1370(int workShift = 0) =>
        new() { Name = "BM1370", Cores = 128, SmallCores = 2040, MinKhz = 50000, MaxKhz = 800000, StartKhz = 525000, RollsVersion = true, WorkShift = workShift };

    public static ChipProfile Bm1366(int workShift = 0) =>
        new() { Name = "BM1366", Cores = 112, SmallCores = 894, MinKhz = 50000, MaxKhz = 800000, StartKhz = 485000, RollsVersion = true, WorkShift = workShift };

    public static ChipProfile Bm1368(int workShift = 0) =>
        new() { Name = "BM1368", Cores = 80, SmallCores = 1276, MinKhz = 50000, MaxKhz = 800000, StartKhz = 490000, RollsVersion = true, WorkShift = workShift };

    public static ChipProfile Bm1397(int workShift = 0) =>
        new() { Name = "BM1397", Cores = 168, SmallCores = 672, MinKhz = 50000, MaxKhz = 800000, StartKhz = 425000, Midstates = 4, WorkShift = workShift };

    public static ChipProfile T1(int workShift = 0) =>
        new() { Name = "T1", Cores = 32, SmallCores = 32, MinKhz = 120000, MaxKhz = 1596000, StartKhz = 1332000, Midstates = 4, JobsPerChip = true, WorkShift = workShift };

    public static ChipProfile A1(int workShift = 0) =>
        new() { Name = "A1", Cores = 32, SmallCores = 32, MinKhz = 100000, MaxKhz = 1000000, StartKhz = 800000, Midstates = 1, JobsPerChip = true, WorkShift = workShift };
}
