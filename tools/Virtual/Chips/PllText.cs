using System.Globalization;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Chips;

/// <summary>Frequencies as people type them, and PLL settings as they are shown.</summary>
public static class PllText
{
    /// <summary>Reads "525" or "62.5" as kHz.</summary>
    public static bool TryParseKhz(string text, out int khz)
    {
        khz = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal mhz) || mhz > 10_000)
            return false;
        decimal exact = mhz * 1000;
        khz = (int)exact;
        return exact == khz && khz > 0;
    }

    /// <summary>The sentence for a text that <see cref="TryParseKhz"/> refuses.</summary>
    public static string BadFrequency(string text) => $"'{text}' is not a frequency in MHz: give a number such as 525 or 62.5.";

    /// <summary>Finds a setting within the profile's range; a sentence if there is none.</summary>
    public static string? Find(Bm13xxProfile profile, int khz, PllSetting into)
    {
        if (khz >= profile.MinKhz && khz <= profile.MaxKhz && Bm13xxPll.TryFind(profile.Pll, khz, into))
            return null;
        return $"{profile.Name} does not run at {Mhz(khz)} MHz: give {Mhz(profile.MinKhz)} to {Mhz(profile.MaxKhz)}.";
    }

    /// <summary>kHz as MHz with as many decimals as it needs.</summary>
    public static string Mhz(int khz) => (khz / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
