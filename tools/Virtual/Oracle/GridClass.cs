namespace Ballast.Virtual.Oracle;

/// <summary>How urgent a limit is.</summary>
public enum GridClass
{
    /// <summary>Watts fall by a ramp.</summary>
    Economic = 0,

    /// <summary>Watts fall as fast as chips may step.</summary>
    Reliability = 1,

    /// <summary>Off at once, latched.</summary>
    Emergency = 2,
}

/// <summary>Names and settling times of the classes, as the contract has them.</summary>
public static class GridClasses
{
    /// <summary>Reads a class name; false if there is no such class.</summary>
    public static bool TryParse(string? name, out GridClass value)
    {
        value = name switch
        {
            "economic" => GridClass.Economic,
            "reliability" => GridClass.Reliability,
            "emergency" => GridClass.Emergency,
            _ => (GridClass)(-1),
        };
        return value >= 0;
    }

    /// <summary>The name on the wire.</summary>
    public static string Name(GridClass value) => value switch
    {
        GridClass.Economic => "economic",
        GridClass.Reliability => "reliability",
        _ => "emergency",
    };

    /// <summary>Time from an order's publication until a fall must be complete (S16), ms.</summary>
    public static long SettleMs(GridClass value, int rampS) => value switch
    {
        GridClass.Economic => (rampS * 1000L) + 4_000,
        GridClass.Reliability => 5_000,
        _ => 1_000,
    };
}
