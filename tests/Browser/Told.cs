using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Ballast.Browser;

/// <summary>
/// A page that is told other values than the host's: its own words, changed, where a real site would have to be broken, or would have to have
/// thousands of boards. The shape is always the host's own, so a member that it no longer has is missed here too.
/// </summary>
internal static class Told
{
    /// <summary>The host's present picture with everything in it, as it tells a viewer that has just come.</summary>
    public static async Task<JsonObject> PictureAsync(Uri host)
    {
        using HttpClient http = new() { BaseAddress = host };
        await using Stream stream = await http.GetStreamAsync(new Uri("api/live", UriKind.Relative), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line[6..]) is JsonObject picture && picture["tree"] is not null)
                return picture;
        }

        throw new InvalidOperationException("The host's stream ended before it had told of its tree.");
    }

    /// <summary>From the next page on, the stream says this picture, again and again.</summary>
    public static Task StreamAsync(IPage page, JsonObject picture) => page.AddInitScriptAsync($$"""
        window.EventSource = class extends EventTarget {
            constructor() {
                super();
                const say = () => this.dispatchEvent(new MessageEvent('live', { data: JSON.stringify(window.ballastTold) }));
                window.ballastTold ??= {{picture.ToJsonString()}};
                setTimeout(say, 0);
                this.timer = setInterval(say, 500);
            }
            close() { clearInterval(this.timer); }
        };
        """);

    /// <summary>Other words from now on.</summary>
    public static Task ChangeAsync(IPage page, JsonObject picture) => page.EvaluateAsync($"() => {{ window.ballastTold = {picture.ToJsonString()}; }}");

    /// <summary>A limit that a person gave over REST and that holds, as the picture of a site tells of it.</summary>
    public static JsonObject Limit(string id, string node, string orderClass, double watts, string start, string reason, int? confirmedAfterMs) => new()
    {
        ["id"] = id,
        ["source"] = "rest",
        ["node"] = node,
        ["class"] = orderClass,
        ["limitW"] = watts,
        ["start"] = start,
        ["end"] = null,
        ["reason"] = reason,
        ["state"] = "active",
        ["durable"] = true,
        ["unreachable"] = false,
        ["ordered"] = true,
        ["confirmed"] = confirmedAfterMs is not null,
        ["confirmedAfterMs"] = confirmedAfterMs,
        ["eventId"] = "e-" + id,
        ["test"] = false,
        ["profile"] = null,
    };

    /// <summary>An answer of the host, told differently.</summary>
    public static async Task AnswerAsync(IPage page, string pattern, Func<JsonNode, JsonNode> change) => await page.RouteAsync(pattern, async route =>
    {
        IAPIResponse told = await route.FetchAsync();
        await route.FulfillAsync(new() { Response = told, BodyBytes = Encoding.UTF8.GetBytes(change(JsonNode.Parse(await told.TextAsync())!).ToJsonString()) });
    });
}
