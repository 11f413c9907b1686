using System.Globalization;
using Ballast.Hw.Asic.A1;

namespace Ballast.Virtual.Chips;

/// <summary>The chips on SPI, which share commands and differ in PLL, job and CRC.</summary>
public static class SpiChips
{
    /// <summary>Their names, for sentences.</summary>
    public const string Names = "A1, T1";

    /// <summary>True if the name is one of theirs.</summary>
    public static bool Has(string? name) => name is not null && name.ToUpperInvariant() is "A1" or "T1";

    /// <summary>The profile of a chip of <see cref="Has"/>; null with a sentence if the reference clock does not fit it.</summary>
    /// <param name="name">A1 or T1.</param>
    /// <param name="referenceMhz">Reference clock in MHz as typed; null for 16 (A1) or 12 (T1).</param>
    /// <param name="problem">What is wrong with it.</param>
    public static A1Profile? Find(string name, string? referenceMhz, out string? problem)
    {
        problem = null;
        bool isA1 = string.Equals(name, "A1", StringComparison.OrdinalIgnoreCase);
        switch (referenceMhz)
        {
            case null:
                return isA1 ? ChipA1.Create(0, 16000) : ChipT1.Create(0);
            case "12":
                return isA1 ? ChipA1.Create(0, 12000) : ChipT1.Create(0);
            case "16" when isA1:
                return ChipA1.Create(0, 16000);
            default:
                problem = isA1 ? $"The reference clock of an A1 is 12 or 16 MHz, not '{referenceMhz}'." : $"The reference clock of a T1 is 12 MHz, not '{referenceMhz}'.";
                return null;
        }
    }

    /// <summary>Finds a PLL setting that the driver would take: in the profile's range and within 0.5 %; a sentence if there is none.</summary>
    public static string? FindPll(A1Profile profile, int khz, A1PllSetting into)
    {
        if (khz < profile.MinKhz || khz > profile.MaxKhz || !A1Pll.TryFind(profile, khz, into))
            return $"{profile.Name} does not run at {PllText.Mhz(khz)} MHz: give {PllText.Mhz(profile.MinKhz)} to {PllText.Mhz(profile.MaxKhz)}.";
        if (Math.Abs(into.ActualKhz - khz) > khz / 200)
            return $"{profile.Name} makes {PllText.Mhz(into.ActualKhz)} MHz of {PllText.Mhz(khz)} MHz, more than 0.5 % off: give a frequency that it can make.";
        return null;
    }

    /// <summary>The PLL that the first bytes of a register say; null if they say none.</summary>
    public static SpiPll? ReadPll(A1Profile profile, ReadOnlySpan<byte> register)
    {
        int feedback = (register[0] & 1) << 8 | register[1];
        int pre = register[0] >> 1 & 0x1F;
        int post = profile.HasCrc ? register[3] >> 6 : register[0] >> 6;
        int shift = profile.HasCrc ? post : post - 1;
        if (feedback == 0 || pre == 0 || shift < 0)
            return null;
        return new SpiPll(pre, post, feedback, (long)profile.ReferenceKhz * feedback / (pre << shift) / 1000m);
    }

    /// <summary>A setting as the register has it: the A1 counts its post divider from 1.</summary>
    public static SpiPll AsWritten(A1Profile profile, A1PllSetting setting) =>
        new(setting.Pre, profile.HasCrc ? setting.Post : setting.Post + 1, setting.Feedback, setting.ActualKhz / 1000m);
}

/// <summary>PLL of an A1 or T1 as its register has it: f = reference · feedback / (pre · 2^(post - 1)) on the A1, 2^post on the T1.</summary>
/// <param name="Pre">Reference divider.</param>
/// <param name="Post">Post divider's field.</param>
/// <param name="Feedback">Feedback divider.</param>
/// <param name="ActualMhz">What comes out, MHz, rounded down to kHz.</param>
public sealed record SpiPll(int Pre, int Post, int Feedback, decimal ActualMhz)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{ActualMhz:0.###} MHz, pre {Pre}, post {Post}, feedback {Feedback}");
}
