using Ballast.Host.Limits;

namespace Ballast.Host.Logs;

/// <summary>
/// The host's own messages. Ids and names stay as they are once released: 1000 process, 1100 broker, 1200 role, 1300 alarms, 1400 limits,
/// 1500 errors, 1600 alerts. None carries a key, a password or an address that may hold one.
/// </summary>
internal static partial class HostLog
{
    /// <summary>Says what came of a request for a limit. A refusal is only for debugging: a flood of them must not fill a disk.</summary>
    internal static void Answered(ILogger logger, string source, LimitResult result)
    {
        if (result.Outcome is LimitOutcome.Created or LimitOutcome.NotDurable or LimitOutcome.Released && result.Limit is { } limit)
        {
            Limit(logger, limit.Entry.Id, source, limit.Node.Id, limit.LimitW, Wire.OrderClassName.Of(limit.Class), result.Outcome.ToString());
        }
        else
        {
            Refused(logger, source, result.Outcome.ToString(), result.Fault?.Sentence ?? "");
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Host {Host} of site {Site} starts: {Boards} boards in {Pods} pods, journal in {StateDir}", EventName = "start")]
    internal static partial void Starts(ILogger logger, string host, string site, int boards, int pods, string stateDir);

    [LoggerMessage(1002, LogLevel.Information, "The host ends", EventName = "end")]
    internal static partial void Ends(ILogger logger);

    [LoggerMessage(1003, LogLevel.Information, "The way of a limit was rehearsed in {Milliseconds} ms", EventName = "rehearsed")]
    internal static partial void Rehearsed(ILogger logger, long milliseconds);

    [LoggerMessage(1004, LogLevel.Warning, "The way of a limit could not be rehearsed, so the first limit takes longer: {Why}", EventName = "not-rehearsed")]
    internal static partial void NotRehearsed(ILogger logger, string why);

    [LoggerMessage(1005, LogLevel.Warning, "Configuration: {Warning}", EventName = "configuration-warning")]
    internal static partial void Configured(ILogger logger, string warning);

    [LoggerMessage(1006, LogLevel.Information, "{System} cannot be written, so what the host throws away is made in {Folder}", EventName = "temporary-folder")]
    internal static partial void Temporary(ILogger logger, string system, string folder);

    [LoggerMessage(1101, LogLevel.Information, "{Sentence}", EventName = "broker-connected")]
    internal static partial void Connected(ILogger logger, string sentence);

    [LoggerMessage(1102, LogLevel.Warning, "{Sentence}", EventName = "broker-lost")]
    internal static partial void Lost(ILogger logger, string sentence);

    [LoggerMessage(1103, LogLevel.Warning, "{Sentence} {Tries} tries have failed in {Seconds} s", EventName = "broker-still-lost")]
    internal static partial void StillLost(ILogger logger, string sentence, long tries, long seconds);

    [LoggerMessage(1104, LogLevel.Information, "{Sentence} {Tries} tries had failed in {Seconds} s", EventName = "broker-back")]
    internal static partial void Back(ILogger logger, string sentence, long tries, long seconds);

    [LoggerMessage(1201, LogLevel.Information, "The host is {Phase}, epoch {Epoch}: {Why}", EventName = "phase")]
    internal static partial void Phase(ILogger logger, string phase, uint epoch, string why);

    [LoggerMessage(1301, LogLevel.Warning, "Alarm {Code} {Subject}: {Text}", EventName = "alarm-raised")]
    internal static partial void Raised(ILogger logger, string code, string subject, string text);

    [LoggerMessage(1302, LogLevel.Information, "Alarm {Code} {Subject} is over", EventName = "alarm-cleared")]
    internal static partial void Cleared(ILogger logger, string code, string subject);

    [LoggerMessage(1401, LogLevel.Information, "Limit {Limit} of {Source} on {Node}: {LimitW} W, {Class}: {Outcome}", EventName = "limit")]
    internal static partial void Limit(ILogger logger, string limit, string source, string node, double limitW, string @class, string outcome);

    [LoggerMessage(1402, LogLevel.Debug, "A request of {Source} was refused: {Outcome}. {Sentence}", EventName = "limit-refused")]
    internal static partial void Refused(ILogger logger, string source, string outcome, string sentence);

    [LoggerMessage(1501, LogLevel.Error, "A message or request could not be handled; nothing of it was taken", EventName = "handler-failed")]
    internal static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(1502, LogLevel.Critical, "The loop has not come round for {Seconds} s", EventName = "loop-stands")]
    internal static partial void LoopStands(ILogger logger, long seconds);

    [LoggerMessage(1503, LogLevel.Debug, "The way of a limit could not be tried beforehand; the first limit takes longer", EventName = "not-warm")]
    internal static partial void NotWarm(ILogger logger, Exception error);

    [LoggerMessage(1601, LogLevel.Information, "An alert was delivered over {Channel}", EventName = "alert-delivered")]
    internal static partial void AlertDelivered(ILogger logger, string channel);

    [LoggerMessage(1602, LogLevel.Warning, "An alert over {Channel} was not delivered ({Result}): {Sentence}", EventName = "alert-failed")]
    internal static partial void AlertFailed(ILogger logger, string channel, string result, string sentence);
}
