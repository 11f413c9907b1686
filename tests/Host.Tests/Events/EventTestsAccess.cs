using Ballast.Host.Events;
using Ballast.Host.Limits;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Events;

/// <summary>Compares what was shown before with what was written afterwards.</summary>
internal static class EventTestsAccess
{
    internal static void Same(DecisionSnapshot shown, ToySite site, string told)
    {
        ActiveLimit limit = site.Context.Limits.Find("rest", "a")!;
        DecisionSnapshot written = site.Context.Events.RecordOf(limit.Entry.EventId)!.Decision!;
        Assert.True(shown.Pods.SequenceEqual(written.Pods), told);
        Assert.True(shown.ShedW == written.ShedW && shown.HashLostGhs == written.HashLostGhs && shown.BoardsShed == written.BoardsShed, told);
        Assert.True(shown.Skipped.OrderBy(s => s.Key).SequenceEqual(written.Skipped.OrderBy(s => s.Key)), told);
    }
}
