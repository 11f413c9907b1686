using System.Globalization;
using Ballast.Hw.Asic.Bm13xx;

namespace Ballast.Virtual.Chips;

/// <summary>Says in words what a register's value means, for the registers where that is known.</summary>
internal static class RegisterMeaning
{
    public static string? Of(int register, uint value, Bm13xxProfile? profile) => (Bm13xxRegister)register switch
    {
        Bm13xxRegister.ChipAddress => $"chip BM{value >> 16:X4}, address {value & 0xFF:X2}",
        Bm13xxRegister.Pll0 => Pll(value, profile),
        Bm13xxRegister.TicketMask => Ticket(value),
        Bm13xxRegister.FastUart when profile is not { Name: "BM1397" } => $"{Bm13xxProfile.FastUartBaud(value)} bit/s",
        Bm13xxRegister.VersionRolling => (value & 0x80000000) != 0 ? $"rolls version bits {(value & 0xFFFF) << 13:X8}" : "does not roll",
        Bm13xxRegister.CoreControl => $"core register {value >> 8 & 0x7F:X2} = {value & 0xFF:X2}",
        Bm13xxRegister.TotalCounter or Bm13xxRegister.TotalCounter2
            or (>= Bm13xxRegister.DomainCounter0 and <= Bm13xxRegister.DomainCounter3) => $"{value} x 2^32 hashes",
        _ => null,
    };

    private static string? Pll(uint value, Bm13xxProfile? profile)
    {
        var setting = new PllSetting();
        Bm13xxProfile chip = profile ?? Bm13xxChips.Find("BM1370", 0)!;
        return Bm13xxPll.TryDecode(chip.Pll, value, setting)
            ? string.Create(CultureInfo.InvariantCulture, $"{setting.ActualKhz / 1000.0:0.###} MHz, VCO {setting.VcoKhz / 1000.0:0.###} MHz")
            : null;
    }

    private static string? Ticket(uint value)
    {
        for (int bit = 0; bit < 31; bit++)
        {
            if (Bm13xxProfile.TicketMask(1 << bit) == value)
                return $"difficulty {1 << bit}";
        }

        return null;
    }
}
