using System.Globalization;
using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Metrics;
using Ballast.Host.Signals;

namespace Ballast.Host.Alerts;

/// <summary>Alarms about the host itself and about what never came, raised on the loop once a second. Nothing here moves a watt.</summary>
internal sealed class HostWatch(HostCore core)
{
    private const long LostMs = 5000;
    private const long UnheardMs = 60_000;
    private const long FailureMs = 300_000;
    private const long SlowEveryMs = 5000;
    private const int Named = 5;

    private static readonly int[] Days = [30, 7, 1];

    private long _downSinceMs = -1;
    private long _firstUpMs = -1;
    private long _nextSlowMs;
    private long _failures;
    private long _failedMs = long.MinValue / 2;

    private DispatchContext Context => core.Context;

    internal void Step(long nowMs)
    {
        Broker(nowMs);
        if (core.HandlerFailures != _failures)
        {
            (_failures, _failedMs) = (core.HandlerFailures, nowMs);
        }

        Context.Alarms.Set(
            nowMs - _failedMs < FailureMs,
            "handler",
            "A message or request could not be handled (" + (core.LastHandlerFailure ?? "no text") + "): nothing of it was taken. This is an error of the host; its log says more.");
        if (nowMs < _nextSlowMs)
        {
            return;
        }

        _nextSlowMs = nowMs + SlowEveryMs;
        Suspects();
        Sources();
        Boards(nowMs);
        Certificates();
        Admitted();
    }

    private void Broker(long nowMs)
    {
        bool up = core.IsConnected;
        _downSinceMs = up ? -1 : _downSinceMs < 0 ? nowMs : _downSinceMs;
        _firstUpMs = up && _firstUpMs < 0 ? nowMs : _firstUpMs;
        Context.Alarms.Set(
            !up && nowMs - _downSinceMs >= LostMs,
            "broker-lost",
            "The MQTT broker is not reached: boards keep their orders and fall to failsafe when their leases end. " + core.Broker.Sentence);
    }

    private void Suspects()
    {
        int suspects = Context.Alarms.Active.Count(a => a.Code == "suspect");
        Context.Alarms.Set(
            suspects > Context.Options.Alerts.SuspectsOver,
            "suspects",
            suspects.ToString(CultureInfo.InvariantCulture) + " boards draw more than they were ordered; their watts are taken from others. See the suspects in the list of boards.");
    }

    // A source that has spoken in this run and fell silent has an alarm of its own.
    private void Sources()
    {
        foreach (ISource source in core.Sources.All)
        {
            SourceView view = source.View();
            bool unheard = view.LastSpoke is null && view.FreshS is not null && view.Quality == SourceQuality.Stale;
            Context.Alarms.Set(unheard, "source-unheard", "Source " + source.Id + " is configured and has not been heard since the host started. Check its address, its key and its link, or take it out of the configuration.", source.Id);
        }
    }

    // The broker keeps every board's birth and state: one that has neither was never here under that name.
    private void Boards(long nowMs)
    {
        int unheard = 0;
        List<string> names = [];
        if (_firstUpMs >= 0 && nowMs - _firstUpMs >= UnheardMs)
        {
            foreach (BoardRecord board in Context.Fleet.Boards)
            {
                if (!board.HasBirth && !board.HasState)
                {
                    unheard++;
                    if (names.Count < Named)
                    {
                        names.Add(board.Name);
                    }
                }
            }
        }

        Context.Alarms.Set(
            unheard > 0,
            "boards-unheard",
            string.Create(CultureInfo.InvariantCulture, $"{unheard} of {Context.Fleet.Boards.Count} configured boards have never been heard: {string.Join(", ", names)}{(unheard > Named ? ", …" : "")}. Check their site, name and broker settings, or take them out of the configuration."));
    }

    private void Certificates()
    {
        foreach (CertificateLife certificate in core.Certificates)
        {
            TimeSpan left = certificate.NotAfter - Context.Clock.UtcNow;
            string day = certificate.NotAfter.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
            foreach (int days in Days)
            {
                Context.Alarms.Set(
                    left > TimeSpan.Zero && left <= TimeSpan.FromDays(days) && !Days.Any(d => d < days && left <= TimeSpan.FromDays(d)),
                    "certificate-" + days.ToString(CultureInfo.InvariantCulture),
                    "The certificate of " + certificate.Name + " expires on " + day + ": renew it before then. Afterwards no new connection that needs it comes up.",
                    certificate.Name);
            }

            Context.Alarms.Set(
                left <= TimeSpan.Zero,
                "certificate-expired",
                "The certificate of " + certificate.Name + " expired on " + day + ": " + (certificate.Name.StartsWith("http.", StringComparison.Ordinal) ? "browsers and programs refuse this host, so no limit comes in over REST; boards go on." : "a connection that needs it does not come up again once it is lost, and boards then fall to failsafe.") + " Renew it now.",
                certificate.Name);
        }
    }

    private void Admitted()
    {
        foreach (Alarm alarm in Context.Alarms.Active.Where(a => a.Code == "not-admitted").ToList())
        {
            Context.Alarms.Set(Context.Fleet.Find(alarm.Subject) is not { Admitted: true }, alarm.Code, alarm.Text, alarm.Subject);
        }
    }
}
