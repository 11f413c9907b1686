using System.Diagnostics;

namespace Ballast.Browser;

/// <summary>30,000 boards in one browser tab.</summary>
public sealed class CrowdTests(Chrome chrome, Crowd crowd) : IClassFixture<Crowd>
{
    [Fact]
    public async Task Page_of_thirty_thousand_boards_opens()
    {
        await using Visit visit = await chrome.VisitAsync(crowd.Page, new Look());
        long start = Stopwatch.GetTimestamp();
        await visit.GoAsync("/");
        Artifacts.Figure($"page of {Crowd.Boards} boards loaded after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        visit.AssertClean();
    }
}
