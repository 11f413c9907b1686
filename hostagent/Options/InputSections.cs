namespace Ballast.Host.Options;

/// <summary>A dry contact on a line of this machine. Active, it holds a limit.</summary>
public sealed record ContactSection
{
    /// <summary>Source id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>GPIO chip; null takes the board's own.</summary>
    public int? Chip { get; init; }

    /// <summary>Line, in the chip's numbers.</summary>
    public int Line { get; init; }

    /// <summary>"up", "down", or "none" with a resistor outside.</summary>
    public string Pull { get; init; } = "up";

    /// <summary>Level that is active, "high" or "low". It must be what an open circuit reads: a broken wire is safe then.</summary>
    public string ActiveLevel { get; init; } = "high";

    /// <summary>Edges that are reported at once: "both", "rising" or "falling". The line is read every 50 ms besides.</summary>
    public string Edge { get; init; } = "both";

    /// <summary>It must be active for this long, ms, 0…10000; an emergency does not wait for it.</summary>
    public int DebounceMs { get; init; } = 20;

    /// <summary>It must be inactive for this long before the limit ends, s, 0…3600.</summary>
    public double ReleaseAfterS { get; init; } = 5;

    /// <summary>True: the limit stays until an operator releases it.</summary>
    public bool Latch { get; init; }

    /// <summary>"site", a feeder, a pod or "pod/board".</summary>
    public string Node { get; init; } = "site";

    /// <summary>"economic", "reliability" or "emergency".</summary>
    public string Class { get; init; } = "reliability";

    /// <summary>Watts while it is active, whole.</summary>
    public double LimitW { get; init; }

    /// <summary>What it means, for people: heat, licence, curtailment.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>A sensor on an I2C bus of this machine.</summary>
public sealed record SensorSection
{
    /// <summary>Source id, [a-z0-9-]{1,32}.</summary>
    public string Id { get; init; } = "";

    /// <summary>"bme280" or "sht3x" (°C); "ina219" (W as the chip computes them) or "ads1115" (V at a channel).</summary>
    public string Chip { get; init; } = "";

    /// <summary>I2C bus.</summary>
    public int Bus { get; init; } = 1;

    /// <summary>I2C address, 3…119.</summary>
    public int Address { get; init; }

    /// <summary>Channel of an ads1115, 0…3.</summary>
    public int Channel { get; init; }

    /// <summary>Calibration register of an ina219, 1…65534, and <see cref="CurrentLsbA"/>: see its data sheet.</summary>
    public int Calibration { get; init; } = 4096;

    /// <summary>Ampere per step of an ina219's current register.</summary>
    public double CurrentLsbA { get; init; } = 0.0001;

    /// <summary>"air": intake air limits the power; "meter": it is the site meter.</summary>
    public string Role { get; init; } = "air";

    /// <summary>Multiplies what the chip reads: °C per °C, W per W, W per V.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Added after that.</summary>
    public double Offset { get; init; }

    /// <summary>How often it is read, s, 0.2…60.</summary>
    public double EveryS { get; init; } = 1;

    /// <summary>How long a reading counts, s, 1…3600; a meter's counts for 3 s (control.md).</summary>
    public double FreshS { get; init; } = 15;

    /// <summary>Node that air limits.</summary>
    public string Node { get; init; } = "site";

    /// <summary>Class of that limit, "economic" or "reliability".</summary>
    public string Class { get; init; } = "reliability";

    /// <summary>Limits by temperature; the highest step that is reached holds.</summary>
    public IReadOnlyList<AirStep> Steps { get; init; } = [];

    /// <summary>A step ends this much below where it began, °C, 0…20.</summary>
    public double HysteresisC { get; init; } = 2;

    /// <summary>Watts while the air is not known: together with what holds the lower counts.</summary>
    public double FallbackW { get; init; }
}

/// <summary>A limit from a temperature on.</summary>
public sealed record AirStep
{
    /// <summary>From this on, °C.</summary>
    public double FromC { get; init; }

    /// <summary>Watts.</summary>
    public double LimitW { get; init; }
}
