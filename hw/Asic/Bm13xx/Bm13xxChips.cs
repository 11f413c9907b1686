using Ballast.Hw.Asic.Bm13xx.Chips;

namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>The BM13xx chips that have a profile.</summary>
    public static class Bm13xxChips
    {
        /// <summary>Their names, oldest first.</summary>
        public static string[] Names() => new[] { "BM1397", "BM1362", "BM1366", "BM1368", "BM1370" };

        /// <summary>The profile of a chip by its name, or null if there is none.</summary>
        public static Bm13xxProfile? Find(string name, int workShift)
        {
            switch (name)
            {
                case "BM1397":
                    return Bm1397.Create(workShift);
                case "BM1362":
                    return Bm1362.Create(workShift);
                case "BM1366":
                    return Bm1366.Create(workShift);
                case "BM1368":
                    return Bm1368.Create(workShift);
                case "BM1370":
                    return Bm1370.Create(workShift);
                default:
                    return null;
            }
        }
    }
}
