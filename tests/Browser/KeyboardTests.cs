using System.Text.Json;

namespace Ballast.Browser;

/// <summary>Everything can be reached and used without a mouse.</summary>
[Collection(nameof(LiveSite))]
public sealed class KeyboardTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    private const int MostStops = 200;

    [Theory, MemberData(nameof(Place.Names), MemberType = typeof(Place))]
    public async Task Tab_reaches_every_control_shows_where_it_is_and_is_never_caught(string name)
    {
        await using Visit visit = await VisitAsync(name);
        string[] expected = await visit.Page.EvaluateAsync<string[]>(PageScripts.Tabbable);
        var stops = new List<string>();
        var faults = new List<string>();
        await visit.Page.EvaluateAsync("document.activeElement?.blur(); window.ballastSeen = new Set(); getSelection().removeAllRanges()");
        int presses = 0;
        while (stops.Count < MostStops)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            if (await visit.Page.EvaluateAsync<JsonElement?>(PageScripts.Focus) is not { ValueKind: JsonValueKind.Object } stop || stop.GetProperty("repeated").GetBoolean())
                break;
            string what = stop.GetProperty("what").GetString()!;

            // A field for a date has several stops inside. Two events may well have the same words: they are two stops.
            presses = stop.GetProperty("same").GetBoolean() ? presses + 1 : 0;
            Assert.True(presses < 12, "The tab key is caught in " + what);
            if (presses > 0)
                continue;
            stops.Add(what);

            // What is scrolling into view, or making room for an answer of the host, is looked at again; what stays covered is a fault.
            for (int looks = 0; looks < 100 && FaultsOf(stop, what).Any(); looks++)
            {
                await visit.Page.WaitForTimeoutAsync(100);
                stop = await visit.Page.EvaluateAsync<JsonElement>(PageScripts.Focus);
            }

            faults.AddRange(FaultsOf(stop, what));
        }

        Assert.True(stops.Count < MostStops, "The tab key never comes to an end: " + string.Join(", ", stops.TakeLast(5)));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(stops.Count >= expected.Length, "Not reached: " + string.Join('\n', expected.Except(stops)) + "\nreached: " + string.Join('\n', stops));
        visit.AssertClean();
    }

    private static IEnumerable<string> FaultsOf(JsonElement stop, string what)
        => from fault in (string[])["ring", "inside", "free"] where !stop.GetProperty(fault).GetBoolean() select $"{what}: not {fault}";
}
