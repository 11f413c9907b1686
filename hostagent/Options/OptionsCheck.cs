using System.Globalization;

namespace Ballast.Host.Options;

/// <summary>What a configuration must satisfy before the host starts.</summary>
public static class OptionsCheck
{
    private static readonly string[] Reserved = ["host", "hosts", "grid", "meter"];

    /// <summary>All faults, each a sentence that says what to change; empty if the configuration can be used.</summary>
    public static IReadOnlyList<string> Problems(SiteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> found = [];
        Id(found, "site", options.Site);
        Id(found, "hostId", options.HostId);
        if (string.IsNullOrWhiteSpace(options.StateDir))
        {
            found.Add("stateDir is missing: name a folder where the host may keep its journal.");
        }

        Range(found, "mqtt.port", options.Mqtt.Port, 1, 65535);
        Range(found, "baseW", options.BaseW, 0, 1e9);
        Cap(found, "site", options.CapW);
        Minimum(found, "site", options.MinW, options.CapW);
        Range(found, "rotateMinutes", options.RotateMinutes, 0, 10_080);
        if (options.Ladders is not ("auto" or "manual"))
        {
            found.Add("ladders is '" + options.Ladders + "': use \"manual\" (an operator accepts what boards have learned) or \"auto\".");
        }

        if (options.Pods.Sum(p => p.BaseW) > options.BaseW)
        {
            found.Add("baseW of the pods together is more than baseW of the site, of which it is a part: raise the site's baseW.");
        }

        Range(found, "rampS", options.RampS, 0, 3600);
        Range(found, "spreadS", options.SpreadS, 0, 3600);
        Range(found, "failSpreadS", options.FailSpreadS, 0, 3600);
        Range(found, "leaseS", options.LeaseS, 5, 3600);
        Range(found, "repeatS", options.RepeatS, 1, 3600);
        Range(found, "keepAliveS", options.KeepAliveS, 1, 3600);
        Range(found, "takeoverS", options.TakeoverS, 0, 3600);
        Range(found, "rampUpWPerS", options.RampUpWPerS, 0, 1e9);
        Range(found, "meter.classErrorPercent", options.Meter.ClassErrorPercent, 0, 10);
        HttpCheck.Add(found, options.Http);
        LeaseCheck(found, options);
        Pods(found, options);
        Feeders(found, options);
        SourcesCheck.Add(found, options);
        Profiles(found, options);
        AlertsCheck.Add(found, options.Alerts);
        LogsSection.Check(found, options.Logs);
        LedgerSection.Check(found, options.Ledger);
        return found;
    }

    /// <summary>True for [a-z0-9-]{1,32}.</summary>
    public static bool IsId(string? id)
        => id is { Length: >= 1 and <= 32 } && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    // Contract section 1: a lease must outlive a board that the broker only now misses, a takeover, and two lost repeats.
    private static void LeaseCheck(List<string> found, SiteOptions options)
    {
        double needed = (1.5 * options.KeepAliveS) + options.TakeoverS + (2.0 * options.RepeatS);
        if (needed >= options.LeaseS)
        {
            found.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"leaseS is {options.LeaseS}, but 1.5 × keepAliveS + takeoverS + 2 × repeatS = {needed:0.#} must be less: raise leaseS above {needed:0.#}, or lower repeatS, keepAliveS or takeoverS."));
        }
    }

    private static void Pods(List<string> found, SiteOptions options)
    {
        if (ReferenceEquals(options.Pods, SiteOptions.NoPods))
        {
            found.Add("pods is missing: name each pod with its key and boards, or write \"pods\": [] for a host that commands nobody yet.");
        }

        HashSet<string> pods = [];
        foreach (PodSection pod in options.Pods)
        {
            string at = "pod '" + pod.Id + "'";
            Id(found, at + " id", pod.Id);
            if (Reserved.Contains(pod.Id))
            {
                found.Add(at + " has a reserved name: host, hosts, grid and meter cannot be pods.");
            }

            if (!pods.Add(pod.Id))
            {
                found.Add(at + " is there twice: give each pod its own id.");
            }

            Key(found, at, pod.Kid, pod.Key);
            Cap(found, at, pod.CapW);
            Minimum(found, at, pod.MinW, pod.CapW);
            Range(found, at + " baseW", pod.BaseW, 0, 1e9);
            HashSet<string> boards = [];
            foreach (BoardSection board in pod.Boards)
            {
                string name = "board '" + pod.Id + "/" + board.Id + "'";
                Id(found, name + " id", board.Id);
                if (!boards.Add(board.Id))
                {
                    found.Add(name + " is there twice: give each board of a pod its own id.");
                }

                Key(found, name, board.Kid, board.Key);
                Cap(found, name, board.CapW);
                Minimum(found, name, board.MinW, board.CapW);
                if (!(board.NameplateW > 0 && board.NameplateW <= 1e6))
                {
                    found.Add(name + " needs nameplateW between 0 and 1,000,000 W: it is counted wherever the board's own word is missing.");
                }
            }
        }
    }

    private static void Feeders(List<string> found, SiteOptions options)
    {
        HashSet<string> taken = [];
        foreach (FeederSection feeder in options.Feeders)
        {
            Id(found, "feeder '" + feeder.Id + "' id", feeder.Id);
            Cap(found, "feeder '" + feeder.Id + "'", feeder.CapW);
            Minimum(found, "feeder '" + feeder.Id + "'", feeder.MinW, feeder.CapW);
            if (options.Pods.Any(p => p.Id == feeder.Id) || feeder.Id == options.Site || feeder.Id == "site")
            {
                found.Add("feeder '" + feeder.Id + "' has the name of a pod or of the site: limits name nodes by id, so give it another.");
            }

            foreach (string pod in feeder.Pods)
            {
                if (options.Pods.All(p => p.Id != pod))
                {
                    found.Add("feeder '" + feeder.Id + "' names pod '" + pod + "', which does not exist: correct it or add the pod.");
                }
                else if (!taken.Add(pod))
                {
                    found.Add("pod '" + pod + "' is behind two feeders: a pod hangs on one.");
                }
            }
        }
    }

    private static void Profiles(List<string> found, SiteOptions options)
    {
        HashSet<string> seen = [];
        foreach (ProfileSection profile in options.Profiles)
        {
            string at = "profile '" + profile.Name + "'";
            Id(found, at + " name", profile.Name);
            if (!seen.Add(profile.Name))
            {
                found.Add(at + " is there twice: give each profile its own name.");
            }

            if (profile.OrderClass is null)
            {
                found.Add(at + " has class '" + profile.Class + "': use economic, reliability or emergency.");
            }

            if (profile.RampUpWPerS is { } ramp)
            {
                Range(found, at + " rampUpWPerS", ramp, 1, 1e9);
            }

            if (profile.MaxDurationS is { } most)
            {
                Range(found, at + " maxDurationS", most, 1, 315_360_000);
            }

            foreach (string node in profile.Scope.Where(n => !IsNode(options, n)))
            {
                found.Add(at + " names node '" + node + "', which does not exist: name site, a feeder, a pod or \"pod/board\".");
            }
        }
    }

    private static bool IsNode(SiteOptions options, string node)
        => node == "site" || node == options.Site || options.Feeders.Any(f => f.Id == node)
            || options.Pods.Any(p => p.Id == node || p.Boards.Any(b => p.Id + "/" + b.Id == node));

    private static void Id(List<string> found, string what, string id)
    {
        if (!IsId(id))
        {
            found.Add(what + " is '" + id + "': use 1 to 32 of a-z, 0-9 and '-'.");
        }
    }

    internal static void Key(List<string> found, string what, int kid, string key)
    {
        Range(found, what + " kid", kid, 0, 255);
        if (key.Length != 64 || !key.All(char.IsAsciiHexDigit))
        {
            found.Add(what + " needs a key of 64 hex digits: make the missing ones with 'ballast keys create --config FILE'.");
        }
    }

    internal static void Cap(List<string> found, string what, double? capW)
    {
        if (capW is { } cap)
        {
            Range(found, what + " capW", cap, 0, 1e9);
        }
    }

    private static void Minimum(List<string> found, string what, double minW, double? capW)
    {
        Range(found, what + " minW", minW, 0, 1e9);
        if (minW > capW)
        {
            found.Add(what + " has a minW above its capW: the cap would always win, so lower minW or raise capW.");
        }
    }

    internal static void Range(List<string> found, string what, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            found.Add(string.Create(CultureInfo.InvariantCulture, $"{what} is {value}: use {min}…{max}."));
        }
    }
}
