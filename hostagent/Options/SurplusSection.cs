namespace Ballast.Host.Options;

/// <summary>A cap that follows power nobody else uses.</summary>
public sealed record SurplusSection
{
    /// <summary>Source id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>"site", a feeder or a pod.</summary>
    public string Node { get; init; } = "site";

    /// <summary>How fast watts go when the surplus falls: "economic" or "reliability".</summary>
    public string Class { get; init; } = "economic";

    /// <summary>
    /// "topic": the message says what this load may use, `{"powerW":…,"sent":…}`; "export": it says what leaves the site,
    /// `{"exportW":…,"sent":…}`, negative while the site imports, and the load's own metered watts are added.
    /// </summary>
    public string From { get; init; } = "topic";

    /// <summary>Topic below the site's root; one or two words.</summary>
    public string Topic { get; init; } = "surplus";

    /// <summary>How long a reading counts, s, 1…3600.</summary>
    public double FreshS { get; init; } = 10;

    /// <summary>Watts while it is stale: together with the last cap the lower holds.</summary>
    public double FallbackW { get; init; }

    /// <summary>Left unused, W, 0 or more.</summary>
    public double MarginW { get; init; }

    /// <summary>A rise smaller than this does not begin, W.</summary>
    public double HysteresisW { get; init; }

    /// <summary>A rise needs the surplus to have been there for this long, s, 0…3600.</summary>
    public double RiseAfterS { get; init; } = 10;

    /// <summary>Fastest rise of the cap, W/s; 0 leaves it to the site's ramp.</summary>
    public double UpWPerS { get; init; }

    /// <summary>Below this the load goes off, W; 0 never.</summary>
    public double OffW { get; init; }

    /// <summary>From this on it comes back, W; not below <see cref="OffW"/>.</summary>
    public double OnW { get; init; }

    /// <summary>It does not go off before it has been on for this long, s, 0…86400. A fall of the surplus is followed all the same.</summary>
    public double MinOnS { get; init; }

    /// <summary>It does not come back before it has been off for this long, s, 0…86400.</summary>
    public double MinOffS { get; init; }

    /// <summary>Largest believable surplus, W; null is ten times what the site can draw.</summary>
    public double? LargestW { get; init; }
}
