using Ballast.Host.Signals.Schedules;
using NodaTime;

namespace Ballast.Host.Options;

/// <summary>What the sources of a configuration must satisfy.</summary>
internal static class SourcesCheck
{
    internal static void Add(List<string> found, SiteOptions options)
    {
        HashSet<string> ids = [Limits.WhoMayWhat.RestSource, Limits.WhoMayWhat.GridSource, "host"];
        foreach (SourceSection source in options.Sources)
        {
            string at = "source '" + source.Id + "'";
            Name(found, ids, at, source.Id);
            OptionsCheck.Key(found, at, source.Kid, source.Key);
            OptionsCheck.Range(found, at + " freshS", source.FreshS, 1, 86_400);
            OptionsCheck.Range(found, at + " debounceS", source.DebounceS, 0, 3600);
            OptionsCheck.Cap(found, at, source.FallbackW);
        }

        if (options.SignalPrecedence is not ("grid" or "site"))
        {
            found.Add("signalPrecedence is '" + options.SignalPrecedence + "': use grid or site.");
        }

        if (options.SignalBroker is { } broker)
        {
            OptionsCheck.Range(found, "signalBroker.port", broker.Port, 1, 65_535);
            if (broker.Host == options.Mqtt.Host && broker.Port == options.Mqtt.Port)
            {
                found.Add("signalBroker is the site's own broker: name another one, or leave it out.");
            }
        }

        foreach (ScheduleSection schedule in options.Schedules)
        {
            string at = "schedule '" + schedule.Id + "'";
            Name(found, ids, at, schedule.Id);
            Node(found, options, at, schedule.Node);
            Watts(found, options, at + " limitW", schedule.LimitW);
            Class(found, at, schedule.Class);
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

        if (options.Price is { } price)
        {
            Price(found, ids, price);
        }

        foreach (SurplusSection surplus in options.Surplus)
        {
            Surplus(found, ids, options, surplus);
        }

        if (options.HomeAssistant is { } home)
        {
            HomeAssistantCheck.Add(found, ids, home);
        }

        InputsCheck.Add(found, ids, options);
    }

    private static void Price(List<string> found, HashSet<string> ids, PriceSection price)
    {
        string at = "price";
        Name(found, ids, at + " '" + price.Id + "'", price.Id);
        OptionsCheck.Range(found, at + ".fallbackMjPerTh", price.FallbackMjPerTh, 0, int.MaxValue);
        OptionsCheck.Range(found, at + ".maxHashPricePerPhDay", price.MaxHashPricePerPhDay, 0, 1e9);
        OptionsCheck.Range(found, at + ".hashPricePerPhDay", price.HashPricePerPhDay, 0, price.MaxHashPricePerPhDay);
        OptionsCheck.Range(found, at + ".poolFeePercent", price.PoolFeePercent, 0, 100);
        OptionsCheck.Range(found, at + ".adderPerMWh", price.AdderPerMWh, 0, 10_000);
        OptionsCheck.Range(found, at + ".maxPowerPerMWh", price.MaxPowerPerMWh, 0, 1e9);
        OptionsCheck.Range(found, at + ".minPowerPerMWh", price.MinPowerPerMWh, -1e9, price.MaxPowerPerMWh);
    }

    private static void Surplus(List<string> found, HashSet<string> ids, SiteOptions options, SurplusSection surplus)
    {
        string at = "surplus '" + surplus.Id + "'";
        Name(found, ids, at, surplus.Id);
        Node(found, options, at, surplus.Node);
        Class(found, at, surplus.Class);
        double largest = surplus.LargestW ?? Largest(options);
        OptionsCheck.Range(found, at + " largestW", largest, 0, 1e11);
        OptionsCheck.Range(found, at + " freshS", surplus.FreshS, 1, 3600);
        OptionsCheck.Range(found, at + " fallbackW", surplus.FallbackW, 0, largest);
        OptionsCheck.Range(found, at + " marginW", surplus.MarginW, 0, largest);
        OptionsCheck.Range(found, at + " hysteresisW", surplus.HysteresisW, 0, largest);
        OptionsCheck.Range(found, at + " riseAfterS", surplus.RiseAfterS, 0, 3600);
        OptionsCheck.Range(found, at + " upWPerS", surplus.UpWPerS, 0, 1e9);
        OptionsCheck.Range(found, at + " offW", surplus.OffW, 0, largest);
        OptionsCheck.Range(found, at + " onW", surplus.OnW, surplus.OffW, largest);
        OptionsCheck.Range(found, at + " minOnS", surplus.MinOnS, 0, 86_400);
        OptionsCheck.Range(found, at + " minOffS", surplus.MinOffS, 0, 86_400);
        string[] words = surplus.Topic.Split('/');
        if (words.Length > 2 || !words.All(OptionsCheck.IsId) || words[0] is "hosts" or "grid" || words[^1] is "dispatch" or "meter" || surplus.Topic == options.Meter.Topic
            || options.Surplus.Count(s => s.Topic == surplus.Topic) > 1)
        {
            found.Add(at + " topic is '" + surplus.Topic + "': use one or two words of a-z, 0-9 and '-' that nothing else uses, like surplus.");
        }

        if (surplus.From is not ("topic" or "export"))
        {
            found.Add(at + " from is '" + surplus.From + "': use topic or export.");
        }

        if (surplus.From == "export" && (!options.Meter.Configured || (surplus.Node != "site" && surplus.Node != options.Site)))
        {
            found.Add(at + " follows the export, which needs the site meter (meter.configured) and the node site: what the load itself draws is added to it.");
        }
    }

    private static void Class(List<string> found, string at, string name)
    {
        if (name is not ("economic" or "reliability"))
        {
            found.Add(at + " class is '" + name + "': use economic or reliability.");
        }
    }

    private static double Largest(SiteOptions options) => Math.Max(10_000, 10 * (options.Pods.Sum(p => p.Boards.Sum(b => b.NameplateW)) + options.BaseW));

    internal static void Name(List<string> found, HashSet<string> ids, string what, string id)
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
    internal static void Node(List<string> found, SiteOptions options, string what, string node)
    {
        bool known = node == "site" || node == options.Site || options.Feeders.Any(f => f.Id == node)
            || options.Pods.Any(p => p.Id == node || p.Boards.Any(b => node == p.Id + "/" + b.Id));
        if (!known)
        {
            found.Add(what + " names node '" + node + "', which does not exist: use site, a feeder, a pod or \"pod/board\".");
        }
    }

    internal static void Watts(List<string> found, SiteOptions options, string what, double watts)
    {
        double largest = Largest(options);
        if (!(watts >= 0 && watts <= largest) || watts != Math.Floor(watts))
        {
            found.Add(FormattableString.Invariant($"{what} is {watts}: use whole watts, 0…{largest:0} (ten times what this site can draw)."));
        }
    }
}
