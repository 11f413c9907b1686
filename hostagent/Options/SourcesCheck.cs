using Ballast.Host.Signals.Schedules;
using NodaTime;

namespace Ballast.Host.Options;

/// <summary>What the sources of a configuration must satisfy.</summary>
internal static class SourcesCheck
{
    internal static void Add(List<string> found, SiteOptions options)
    {
        HashSet<string> ids = ["rest", "host"];
        foreach (SourceSection source in options.Sources)
        {
            string at = "source '" + source.Id + "'";
            Name(found, ids, at, source.Id);
            OptionsCheck.Key(found, at, source.Kid, source.Key);
            OptionsCheck.Range(found, at + " freshS", source.FreshS, 1, 86_400);
            OptionsCheck.Range(found, at + " debounceS", source.DebounceS, 0, 3600);
            OptionsCheck.Cap(found, at, source.FallbackW);
        }

        foreach (ScheduleSection schedule in options.Schedules)
        {
            string at = "schedule '" + schedule.Id + "'";
            Name(found, ids, at, schedule.Id);
            Node(found, options, at, schedule.Node);
            Watts(found, options, at + " limitW", schedule.LimitW);
            if (schedule.Class is not ("economic" or "reliability"))
            {
                found.Add(at + " class is '" + schedule.Class + "': use economic or reliability.");
            }

            if (schedule.RampUpWPerS is { } ramp)
            {
                OptionsCheck.Range(found, at + " rampUpWPerS", ramp, 1, 1e12);
            }

            if (schedule.Reason.Length > 200)
            {
                found.Add(at + " reason has more than 200 characters: shorten it.");
            }

            if (Timetable.TryCreate(schedule, out string? problem) is null)
            {
                found.Add(at + " " + problem);
            }

            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(schedule.Zone) is null)
            {
                found.Add(at + " zone is '" + schedule.Zone + "': use a name of the IANA database, like Europe/Berlin or UTC.");
            }
        }
    }

    private static void Name(List<string> found, HashSet<string> ids, string what, string id)
    {
        if (!OptionsCheck.IsId(id))
        {
            found.Add(what + " id is '" + id + "': use 1 to 32 of a-z, 0-9 and '-'.");
        }

        if (!ids.Add(id))
        {
            found.Add(what + " is there twice, or has the name of the REST interface: give each source its own id.");
        }
    }

    // A pod/board is looked up like everything else, so that a wrong name is found at the start and not in the emergency.
    private static void Node(List<string> found, SiteOptions options, string what, string node)
    {
        bool known = node == "site" || node == options.Site || options.Feeders.Any(f => f.Id == node)
            || options.Pods.Any(p => p.Id == node || p.Boards.Any(b => node == p.Id + "/" + b.Id));
        if (!known)
        {
            found.Add(what + " names node '" + node + "', which does not exist: use site, a feeder, a pod or \"pod/board\".");
        }
    }

    private static void Watts(List<string> found, SiteOptions options, string what, double watts)
    {
        double largest = Math.Max(10_000, 10 * (options.Pods.Sum(p => p.Boards.Sum(b => b.NameplateW)) + options.BaseW));
        if (!(watts >= 0 && watts <= largest) || watts != Math.Floor(watts))
        {
            found.Add(FormattableString.Invariant($"{what} is {watts}: use whole watts, 0…{largest:0} (ten times what this site can draw)."));
        }
    }
}
