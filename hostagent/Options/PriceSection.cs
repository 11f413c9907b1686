namespace Ballast.Host.Options;

/// <summary>Mining only while it pays: a price of power against what a hash earns. One currency throughout.</summary>
public sealed record PriceSection
{
    /// <summary>Source id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "price";

    /// <summary>JSON or CSV file of the intervals, read again when it changes; null: they come by `PUT /api/prices`.</summary>
    public string? File { get; init; }

    /// <summary>Number while no interval covers the present, mJ/TH, 0…2^31−1: together with the last number the lower holds. 0 stops mining.</summary>
    public int FallbackMjPerTh { get; init; }

    /// <summary>What 1 PH/s earns in a day, currency; used where an interval names none.</summary>
    public double HashPricePerPhDay { get; init; }

    /// <summary>What the pool keeps, %, 0…100.</summary>
    public double PoolFeePercent { get; init; }

    /// <summary>Added to every power price (grid fee, tax), currency/MWh, 0…10,000.</summary>
    public double AdderPerMWh { get; init; }

    /// <summary>Lowest believable power price, currency/MWh.</summary>
    public double MinPowerPerMWh { get; init; } = -5_000;

    /// <summary>Highest believable power price, currency/MWh.</summary>
    public double MaxPowerPerMWh { get; init; } = 25_000;

    /// <summary>Highest believable hash price, currency/(PH/s·day).</summary>
    public double MaxHashPricePerPhDay { get; init; } = 10_000;
}
