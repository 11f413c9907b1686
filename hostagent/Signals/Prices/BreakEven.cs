namespace Ballast.Host.Signals.Prices;

/// <summary>
/// The highest energy per hash that still pays.
/// <code>
///   earn  = hashPrice × (1 − fee/100) / 86.4e6      currency/TH   1 PH/s for a day is 1,000 TH/s × 86,400 s = 86.4e6 TH
///   cost  = (power + adder + curtailment) / 3.6e9   currency/J    1 MWh is 3.6e9 J; a payment for not using it is a cost of using it
///   limit = 1,000 × earn / cost                     mJ/TH         = hashPrice × (1 − fee/100) × 125,000 / 3 / (power + adder + curtailment)
/// </code>
/// Example: 45 USD/(PH/s·day), a fee of 2 %, 60 USD/MWh, 10 USD/MWh of grid fee, nothing for curtailment:
/// 45 × 0.98 × 41,666.7 / 70 = 26,250 mJ/TH. A step of a board that costs 26 J/TH pays, one of 26.3 J/TH does not.
/// Whoever is paid to use power (cost of 0 or less) runs everything: 2^31−1. Rounded down: what breaks even exactly does not run.
/// </summary>
public static class BreakEven
{
    /// <summary>The number, mJ/TH, 0…2^31−1.</summary>
    /// <param name="hashPricePerPhDay">currency/(PH/s·day), 0 or more.</param>
    /// <param name="poolFeePercent">%, 0…100.</param>
    /// <param name="powerPerMWh">currency/MWh with everything added; may be negative.</param>
    /// <param name="curtailmentPerMWh">currency/MWh that is paid for not using power.</param>
    public static int MjPerTh(double hashPricePerPhDay, double poolFeePercent, double powerPerMWh, double curtailmentPerMWh)
    {
        double earn = hashPricePerPhDay * (1 - (poolFeePercent / 100));
        double cost = powerPerMWh + curtailmentPerMWh;
        if (cost <= 0)
        {
            return int.MaxValue;
        }

        // The small addition undoes the rounding of decimal prices in binary.
        double limit = Math.Floor((earn * 125_000 / 3 / cost) + 1e-6);
        return limit >= int.MaxValue ? int.MaxValue : Math.Max(0, (int)limit);
    }
}
