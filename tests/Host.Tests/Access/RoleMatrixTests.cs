using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Host.Access;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Access;

/// <summary>Every operation of the OpenAPI document, asked by every role and by nobody.</summary>
public sealed partial class RoleMatrixTests(AccessHost host) : IClassFixture<AccessHost>
{
    // What stands in the table of hostagent/README.md; an operation that is in neither list is a change that nobody has thought about.
    private static readonly string[] Operates =
        ["hold", "optOut", "setPrices", "exportLedger", "backupLedger", "lockout", "lockoutPod", "acceptLadder", "abandonLimit", "confirmBreaker", "refuseBreaker"];

    private static readonly string[] Limits = ["setLimit", "previewLimit", "releaseLimit"];

    private async Task<List<(string Method, string Path, string Id, string? Right, JsonElement Operation)>> Operations()
    {
        JsonElement document = await host.Rest.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json", AccessHost.Stop);
        return
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => (
                o.Name.ToUpperInvariant(), p.Name, o.Value.GetProperty("operationId").GetString()!,
                o.Value.TryGetProperty(AccessDocument.RightName, out JsonElement right) ? right.GetString() : null, o.Value))),
        ];
    }

    [Fact]
    public async Task Every_operation_names_its_right_and_every_role_and_nobody_gets_what_that_says()
    {
        List<string> wrong = [];
        int asked = 0;
        foreach ((string method, string path, string id, string? right, JsonElement operation) in await Operations())
        {
            if (right is null || (right != "open" && !Enum.TryParse(right, true, out Rights _)))
            {
                wrong.Add(method + " " + path + " names no right: add .Needs(…) or .Open()");
                continue;
            }

            if (right != "open" && !(operation.GetProperty("responses").TryGetProperty("401", out _) && operation.TryGetProperty("security", out _)))
            {
                wrong.Add(method + " " + path + " does not say that it asks for a key");
            }

            foreach (string role in (string[])["", .. AccessRoles.Names.Keys])
            {
                Rights has = role.Length == 0 ? Rights.None : AccessRoles.RightsOf(AccessRoles.Names[role], true);
                bool may = right == "open" || (has & Enum.Parse<Rights>(right, true)) != 0;

                // The body is wrong on purpose: whoever is let in gets as far as that and changes nothing.
                HttpResponseMessage answer = await host.Send(host.Key(role), method, Filled().Replace(path, "nothing"), method is "GET" or "DELETE" ? null : "{\"wrong\":", headOnly: true);
                asked++;
                HttpStatusCode refusal = role.Length == 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden;
                bool refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                if (may ? refused : answer.StatusCode != refusal)
                {
                    wrong.Add((role.Length == 0 ? "nobody" : role) + ": " + method + " " + path + " (" + right + ") answered " + (int)answer.StatusCode);
                }

                if (refused && (answer.Content.Headers.ContentType?.MediaType != "application/problem+json" || (role.Length == 0 && answer.Headers.WwwAuthenticate.Count == 0)))
                {
                    wrong.Add(method + " " + path + ": a refusal without a sentence, or without WWW-Authenticate");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(asked > 150, asked + " requests");
    }

    [Fact]
    public async Task Reads_are_for_viewers_changes_for_whom_the_table_says()
    {
        foreach ((string method, string path, string id, string? right, _) in await Operations())
        {
            bool mine = path.StartsWith("/api/apikeys", StringComparison.Ordinal) || (path.StartsWith("/api/keys/", StringComparison.Ordinal) && method == "POST");
            if (method != "GET" && right != "open" && !mine && id != "testSource")
            {
                Assert.True(Operates.Contains(id) ? right is "operate" or "abandon" : !Limits.Contains(id) || right is "lower" or "raise", id + " needs " + right);
                Assert.False(right == "read", id + " changes something for viewers");
            }

            Assert.True(mine == (right == "admin"), id + " needs " + right);
        }
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/api/me", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/nothing", HttpStatusCode.Unauthorized)]
    [InlineData("/API/site", HttpStatusCode.Unauthorized)]
    [InlineData("/api/../api/site", HttpStatusCode.Unauthorized)]
    [InlineData("/api/site/", HttpStatusCode.Unauthorized)]
    public async Task Health_page_and_me_stay_open_and_no_spelling_of_an_address_opens_another(string path, HttpStatusCode expected)
        => Assert.Equal(expected, (await host.Send("", "GET", path)).StatusCode);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Filled();
}
