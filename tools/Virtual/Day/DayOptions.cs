using Ballast.Hw.Boards;
using Ballast.Virtual.Power;

namespace Ballast.Virtual.Day;

/// <summary>Which day is simulated.</summary>
public sealed record DayOptions
{
    /// <summary>Hour of the day at which the broker dies unless told otherwise.</summary>
    public const double BrokerOutage = 11.4;

    /// <summary>What every board is.</summary>
    public BoardDescription Description { get; init; } = PlantBoard.Describe();

    /// <summary>Boards.</summary>
    public int Boards { get; init; } = 500;

    /// <summary>Pods.</summary>
    public int Pods { get; init; } = 5;

    /// <summary>First hour.</summary>
    public double FromHour { get; init; }

    /// <summary>Last hour.</summary>
    public double ToHour { get; init; } = 24;

    /// <summary>Seed of clouds, boards and messages.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When the broker dies for <see cref="BrokerOutageS"/>, hour of the day; outside the day for never.</summary>
    public double BrokerOutageHour { get; init; } = BrokerOutage;

    /// <summary>How long, s: longer than a lease.</summary>
    public int BrokerOutageS { get; init; } = 150;

    /// <summary>When the whole site loses its supply, boards, broker and host together, hour of the day.</summary>
    public double SupplyOutageHour { get; init; } = 14.6;

    /// <summary>How long, s.</summary>
    public int SupplyOutageS { get; init; } = 300;
}

/// <summary>One second of the day.</summary>
/// <param name="Second">Second of the day.</param>
/// <param name="AllowedW">Surplus and allowed import, W.</param>
/// <param name="CapW">What the host was told that the load may use, W.</param>
/// <param name="OrderedW">What the newest orders allow, W.</param>
/// <param name="MeteredW">True power, W.</param>
public readonly record struct DaySample(int Second, double AllowedW, double CapW, double OrderedW, double MeteredW);

/// <summary>A time in which something was broken, for the picture.</summary>
/// <param name="What">What.</param>
/// <param name="FromS">Second of the day.</param>
/// <param name="ToS">Second of the day.</param>
public sealed record DayOutage(string What, int FromS, int ToS);

/// <summary>What a simulated day came to.</summary>
public sealed record DayResult
{
    /// <summary>Every second.</summary>
    public required IReadOnlyList<DaySample> Samples { get; init; }

    /// <summary>Outages.</summary>
    public required IReadOnlyList<DayOutage> Outages { get; init; }

    /// <summary>What the oracle found, as sentences.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Meter samples that were compared with a cap that was due (S16).</summary>
    public required int SamplesUnderCap { get; init; }

    /// <summary>Share of what could be used above the floor that was used, outside ramps and outages.</summary>
    public required double UsedShare { get; init; }

    /// <summary>Seconds that <see cref="UsedShare"/> counts.</summary>
    public required int UsedSeconds { get; init; }

    /// <summary>Seconds at which the pod with a cap of its own was held under what the site's order alone would have given it.</summary>
    public required int PodCapBoundSeconds { get; init; }

    /// <summary>Cap of that pod, W.</summary>
    public required double PodCapW { get; init; }

    /// <summary>Highest metered power of that pod after the settling time, W.</summary>
    public required double PodPeakW { get; init; }

    /// <summary>Power with every board asleep, W.</summary>
    public required double FloorW { get; init; }

    /// <summary>Power with every board at its top, W.</summary>
    public required double FullW { get; init; }

    /// <summary>Times that the host was told another surplus.</summary>
    public required int Changes { get; init; }

    /// <summary>Orders, repeats and actions that left.</summary>
    public required long OrdersSent { get; init; }

    /// <summary>Messages that the broker delivered.</summary>
    public required long Messages { get; init; }

    /// <summary>What the boards do at the end, and what limits them.</summary>
    public required string Boards { get; init; }

    /// <summary>Energy used, kWh.</summary>
    public double EnergyKwh => Samples.Sum(s => s.MeteredW) / 3.6e6;
}
