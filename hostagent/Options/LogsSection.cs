namespace Ballast.Host.Options;

/// <summary>What goes to the error stream.</summary>
public sealed record LogsSection
{
    /// <summary>"text": a line for people; "json": one object a line, with the event's id and name and its values as members.</summary>
    public string Format { get; init; } = "text";

    /// <summary>Least level of the host's own messages: debug, information, warning or error.</summary>
    public string Level { get; init; } = "information";

    internal LogLevel LogLevel => Enum.TryParse(Level, true, out LogLevel level) ? level : LogLevel.Information;

    internal static void Check(List<string> found, LogsSection logs)
    {
        if (logs.Format is not ("text" or "json"))
        {
            found.Add("logs.format is '" + logs.Format + "': use text or json.");
        }

        if (logs.Level is not ("debug" or "information" or "warning" or "error"))
        {
            found.Add("logs.level is '" + logs.Level + "': use debug, information, warning or error.");
        }
    }
}
