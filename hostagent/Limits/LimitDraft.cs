using System.Globalization;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;

namespace Ballast.Host.Limits;

/// <summary>
/// Turns a request into the limit that it asks for: node, response profile, times. The real request and its preview come through here.
/// </summary>
internal static class LimitDraft
{
    // Later than any use, earlier than the end of what a date can say.
    private const long LastUtcMs = 7_258_118_400_000;

    internal static ActiveLimit? Make(DispatchContext context, LimitRequest request, string source, out RequestFault? fault)
    {
        if (request.Profile is { } name && Profile(context, ref request, name) is { } wrong)
        {
            fault = wrong;
            return null;
        }

        if (context.Tree.Find(request.Node) is not { } node)
        {
            fault = new RequestFault("node", "There is no node '" + request.Node + "': name site, a feeder, a pod or \"pod/board\" of this site.");
            return null;
        }

        long now = context.Clock.UtcNow.ToUnixTimeMilliseconds();
        long start = request.StartUtcMs ?? now;
        long? end = request.DurationS is { } duration ? start + (duration * 1000) : null;
        fault = start > LastUtcMs || end > LastUtcMs ? new RequestFault("start", "start is too far ahead: give a time before the year 2200.")
            : end <= now ? new RequestFault("durationS", "start and durationS name a time that is over: give a start that is not past, or leave it out for now.")
            : null;
        return fault is not null ? null : new ActiveLimit(
            new JournaledLimit
            {
                EventId = "",
                Id = request.Id.Length > 0 ? request.Id : Guid.NewGuid().ToString("N"),
                Source = source,
                Node = node.Id,
                Class = request.Class,
                LimitW = request.LimitW,
                StartUtcMs = start,
                EndUtcMs = end,
                RampUpWPerS = request.RampUpWPerS,
                Reason = request.Reason,
                CreatedUtcMs = now,
                Test = request.Test,
                Profile = request.Profile,
            },
            node);
    }

    // The profile fixes the class, bounds node and duration, and fills in what the request leaves out.
    private static RequestFault? Profile(DispatchContext context, ref LimitRequest request, string name)
    {
        if (context.Options.Profiles.FirstOrDefault(p => p.Name == name) is not { } profile)
        {
            return new RequestFault("profile", context.Options.Profiles.Count == 0
                ? "There is no profile '" + name + "': this site has none configured. Give class, node and durationS instead."
                : "There is no profile '" + name + "': use one of " + string.Join(", ", context.Options.Profiles.Select(p => p.Name)) + ".");
        }

        if (request.HasClass && request.Class != profile.OrderClass)
        {
            return new RequestFault("class", "Profile " + name + " is " + profile.Class + ": leave class out, or use another profile.");
        }

        string node = request.HasNode ? request.Node : profile.Scope.Count > 0 ? profile.Scope[0] : "site";
        if (profile.Scope.Count > 0 && !profile.Scope.Any(s => Covers(context, s, node)))
        {
            return new RequestFault("node", "Profile " + name + " is for " + string.Join(", ", profile.Scope) + " and what is below: '" + node + "' is not.");
        }

        if (profile.MaxDurationS is { } most && request.DurationS > most)
        {
            return new RequestFault("durationS", string.Create(CultureInfo.InvariantCulture, $"Profile {name} lasts at most {most} s: give less, or leave durationS out for {most} s."));
        }

        if (profile.RampUpWPerS is { } ramp && request.RampUpWPerS > ramp)
        {
            return new RequestFault("rampUpWPerS", string.Create(CultureInfo.InvariantCulture, $"Profile {name} comes back with at most {ramp} W/s: give less, or leave rampUpWPerS out."));
        }

        request = request.Under(profile, node);
        return null;
    }

    private static bool Covers(DispatchContext context, string scope, string node)
    {
        LimitNode? top = context.Tree.Find(scope);
        for (LimitNode? at = context.Tree.Find(node); at is not null; at = at.Parent)
        {
            if (at == top)
            {
                return true;
            }
        }

        return false;
    }
}
