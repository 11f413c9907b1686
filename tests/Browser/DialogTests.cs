using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>Each dialog: accessible in light and dark, fitting a phone, closed by Escape without having done anything, the focus given back.</summary>
[Collection(nameof(LiveSite))]
public sealed class DialogTests(Chrome chrome, LiveSite site) : LiveSiteTest(chrome, site)
{
    [Theory]
    [InlineData("site", "Keys and help")]
    [InlineData("site", "Hold power …")]
    [InlineData("board", "Lock out …")]
    [InlineData("order", "Give this order …")]
    [InlineData("order", "Emergency …")]
    public async Task Dialog_is_accessible_fits_and_is_left_by_escape(string place, string button)
    {
        var faults = new List<string>();
        await using Visit visit = await VisitAsync(place);
        IPage page = visit.Page;
        if (place == "order")
        {
            if (button.StartsWith("Emergency", StringComparison.Ordinal))
                await page.GetByRole(AriaRole.Radio, new() { Name = "emergency" }).CheckAsync();
            await page.Locator("#order-limit").FillAsync("10");
            await page.Locator(".preview").GetByText(" less").First.WaitForAsync();
        }

        var writes = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method is not ("GET" or "HEAD") && !request.Url.Contains("/preview", StringComparison.Ordinal))
                writes.Add(request.Method + " " + request.Url);
        };
        ILocator opener = page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        string name = place + "-" + string.Concat(button.Where(char.IsAsciiLetter));
        foreach (Look look in Look.All)
        {
            await visit.LookAsync(look);
            faults.AddRange(await visit.FaultsAsync(name, look));
        }

        await page.Keyboard.PressAsync("Escape");
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(await opener.EvaluateAsync<bool>("e => e === document.activeElement"), "The focus is not given back.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Empty(writes);
        visit.AssertClean();
    }
}
