using System.Text.Json;

namespace Ballast.Host.Tests.Metrics;

/// <summary>
/// The dashboard is of the shape that Grafana takes, as facts from its published dashboard schema, its list of units and its Prometheus
/// plugin. Grafana says nothing of a member that it does not know: a query in the wrong place is just never asked.
/// </summary>
public sealed class GrafanaShapeTests : IDisposable
{
    // Units as Grafana writes them; J/TH is none of them and stands behind the number as it is. No unit: a count.
    private static readonly string?[] Units = [null, "s", "watt", "Hs", "short", "bytes", "J/TH"];

    private readonly JsonDocument _document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "hostagent", "Grafana", "ballast.json")));

    private JsonElement Dashboard => _document.RootElement;

    private JsonElement[] Panels => [.. Dashboard.GetProperty("panels").EnumerateArray()];

    public void Dispose() => _document.Dispose();

    [Fact]
    public void Each_annotation_asks_by_its_target_which_is_the_only_place_that_is_read()
    {
        JsonElement[] annotations = [.. Dashboard.GetProperty("annotations").GetProperty("list").EnumerateArray()];
        Assert.NotEmpty(annotations);
        foreach (JsonElement annotation in annotations)
        {
            Assert.False(annotation.TryGetProperty("expr", out _), "an expr beside the target is not asked");
            JsonElement target = annotation.GetProperty("target");
            Assert.NotEmpty(target.GetProperty("refId").GetString()!);

            // A cap of 0 W is one: only values above 0 are shown, so the value must not be the cap's own. `changes` sees neither a first cap
            // nor the end of one, because without a cap there is no series.
            string expression = target.GetProperty("expr").GetString()!;
            Assert.Contains("changes(", expression, StringComparison.Ordinal);
            Assert.Equal(2, expression.Split(" or 1 + 0 * (").Length - 1);
            Assert.Equal(2, expression.Split(" unless ").Length - 1);
        }
    }

    [Fact]
    public void One_host_is_looked_at_because_two_of_a_site_see_the_same_boards()
    {
        JsonElement[] variables = [.. Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray()];
        Assert.Equal(["datasource", "instance"], variables.Select(v => v.GetProperty("name").GetString()));
        JsonElement host = variables[1];
        Assert.False(host.GetProperty("multi").GetBoolean() || host.GetProperty("includeAll").GetBoolean(), "sums over boards would count each board once for each host");
        string text = Dashboard.GetRawText();
        Assert.DoesNotContain("=~\\\"$instance", text, StringComparison.Ordinal);
        Assert.All(Panels.Where(IsQuery).SelectMany(p => p.GetProperty("targets").EnumerateArray()), t => Assert.Contains("instance=\"$instance\"", t.GetProperty("expr").GetString()!, StringComparison.Ordinal));
    }

    [Fact]
    public void Panels_have_ids_places_queries_and_units_that_Grafana_knows()
    {
        Assert.Equal(Panels.Length, Panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (JsonElement panel in Panels)
        {
            string title = panel.GetProperty("title").GetString()!;
            JsonElement place = panel.GetProperty("gridPos");
            Assert.True(place.GetProperty("x").GetInt32() >= 0 && place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32() <= 24 && place.GetProperty("h").GetInt32() > 0, title + " is not on the grid of 24 columns");
            Assert.Contains(panel.GetProperty("type").GetString(), (string[])["row", "stat", "timeseries", "state-timeline"]);
            if (!IsQuery(panel))
            {
                continue;
            }

            JsonElement defaults = panel.GetProperty("fieldConfig").GetProperty("defaults");
            Assert.True(Units.Contains(defaults.TryGetProperty("unit", out JsonElement unit) ? unit.GetString() : null), title + " has the unit " + unit);
            JsonElement[] targets = [.. panel.GetProperty("targets").EnumerateArray()];
            Assert.Equal(targets.Length, targets.Select(t => t.GetProperty("refId").GetString()).Distinct().Count());
            Assert.All(targets.Append(panel), t => Assert.Equal("${datasource}", t.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    private static bool IsQuery(JsonElement panel) => panel.GetProperty("type").GetString() != "row";

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
