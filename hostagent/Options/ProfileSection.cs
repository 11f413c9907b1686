using Ballast.Wire;

namespace Ballast.Host.Options;

/// <summary>A named response: what a limit that is asked for by this name is like.</summary>
public sealed record ProfileSection
{
    /// <summary>Name, [a-z0-9-]{1,32}.</summary>
    public string Name { get; init; } = "";

    /// <summary>"economic", "reliability" or "emergency": how fast watts fall.</summary>
    public string Class { get; init; } = "economic";

    /// <summary>Fastest rise afterwards, W/s; null is the site's.</summary>
    public double? RampUpWPerS { get; init; }

    /// <summary>Nodes that it may be used for, with all below them; the first is meant if a request names none. Empty is the whole site.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    /// <summary>How long it lasts unless a request asks for less, s; null is until replaced.</summary>
    public long? MaxDurationS { get; init; }

    /// <summary>Class as orders carry it, or null if <see cref="Class"/> is not one.</summary>
    internal OrderClass? OrderClass => Class switch { "economic" => Wire.OrderClass.Economic, "reliability" => Wire.OrderClass.Reliability, "emergency" => Wire.OrderClass.Emergency, _ => null };
}
