namespace Ballast.Host.Fleet;

/// <summary>Words of board messages and what they mean here.</summary>
internal static class BoardWords
{
    internal static ReportedMode Mode(string? word) => word switch
    {
        "asleep" => ReportedMode.Asleep,
        "starting" => ReportedMode.Starting,
        "running" => ReportedMode.Running,
        "ramping" => ReportedMode.Ramping,
        "cooling" => ReportedMode.Cooling,
        "fault" => ReportedMode.Fault,
        _ => ReportedMode.Unknown,
    };

    internal static string Name(ReportedMode mode) => mode switch
    {
        ReportedMode.Asleep => "asleep",
        ReportedMode.Starting => "starting",
        ReportedMode.Running => "running",
        ReportedMode.Ramping => "ramping",
        ReportedMode.Cooling => "cooling",
        ReportedMode.Fault => "fault",
        _ => "unknown",
    };

    internal static ReportedLimit Limit(string? word) => word switch
    {
        "pod-order" => ReportedLimit.PodOrder,
        "power-w" => ReportedLimit.PowerW,
        "own-setting" => ReportedLimit.OwnSetting,
        "failsafe" => ReportedLimit.Failsafe,
        "derate" => ReportedLimit.Derate,
        "lock-out" => ReportedLimit.LockOut,
        "latch" => ReportedLimit.Latch,
        "nameplate" => ReportedLimit.Nameplate,
        _ => ReportedLimit.Unknown,
    };

    internal static string Name(ReportedLimit limit) => limit switch
    {
        ReportedLimit.PodOrder => "pod-order",
        ReportedLimit.PowerW => "power-w",
        ReportedLimit.OwnSetting => "own-setting",
        ReportedLimit.Failsafe => "failsafe",
        ReportedLimit.Derate => "derate",
        ReportedLimit.LockOut => "lock-out",
        ReportedLimit.Latch => "latch",
        ReportedLimit.Nameplate => "nameplate",
        _ => "unknown",
    };
}
