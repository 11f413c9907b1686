using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Host.Alerts;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Virtual.Oracle;

namespace Ballast.Host.Tests.Metrics;

/// <summary>Dashboard, tables of the documentation and what a running host exports say the same.</summary>
public sealed partial class GrafanaTests
{
    private static readonly Lazy<PromText> Exported = new(Export);

    // A site with something to show for every instrument: boards, a cap, sources, certificates, alarms, alerts.
    private static PromText Export()
    {
        using InProcessSite site = new(new InProcessOptions
        {
            Boards = 4,
            Pods = 2,
            Change = o => o with
            {
                Surplus = [new SurplusSection { Id = "sun", Topic = "surplus", FallbackW = 10_000, OffW = 1, OnW = 2 }],
                Sources = [new SourceSection { Id = "tso", Key = Sim.ToySite.Key(7), FreshS = 10 }],
            },
        });
        HostCore core = site.Host.Core;
        using HostMeter meter = new(core);
        using MetricStore store = new(meter.Meter);
        core.Certificates = [new CertificateLife("mqtt.caFile", core.Context.Clock.UtcNow.AddDays(90))];
        meter.AlertMessages.Add(1, new KeyValuePair<string, object?>("channel", "mail"), new KeyValuePair<string, object?>("result", "delivered"));
        Assert.True(site.RunUntil(() => site.Boards.All(b => b.PowerMw > 10_000), 400_000));
        Assert.True(core.Sources.Route("surplus"u8, Encoding.ASCII.GetBytes("{\"powerW\":9000,\"sent\":1}"), false));
        site.SetCap(site.PowerMw / 2000, GridClass.Reliability);
        site.RunFor(12_000);
        return PromText.Read(store.Scrape());
    }

    [Fact]
    public void Every_metric_label_and_value_that_the_dashboard_names_is_exported()
    {
        int metrics = 0;
        foreach ((string expression, string legend) in Expressions())
        {
            List<string> families = [];
            foreach (Match match in Metric().Matches(expression))
            {
                string name = match.Groups[1].Value;
                string family = Family(name);
                Assert.True(Exported.Value.Types.ContainsKey(family), name + " is not exported");
                Assert.True(name == family || Exported.Value.Types[family] == "histogram", name + " has a suffix that only histograms have");
                families.Add(family);
                metrics++;
                foreach (Match label in Matcher().Matches(match.Groups[2].Value))
                {
                    Knows(family, label.Groups[1].Value, expression);
                    string value = label.Groups[3].Value;
                    Assert.True(
                        label.Groups[1].Value == "instance" || Exported.Value.Samples.Keys.Any(s => s.StartsWith(family, StringComparison.Ordinal) && s.Contains(label.Groups[1].Value + "=\"" + value + "\"", StringComparison.Ordinal)),
                        family + " has no " + label.Groups[1].Value + " " + value);
                }
            }

            Assert.NotEmpty(families);
            string[] used = [.. By().Matches(expression).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)), .. Legend().Matches(legend).Select(m => m.Groups[1].Value)];
            foreach (string label in used.Where(l => l != "le"))
            {
                families.ForEach(f => Knows(f, label, expression));
            }
        }

        Assert.True(metrics > 40, metrics + " metrics");
    }

    [Fact]
    public void The_table_of_metrics_in_the_documentation_is_what_is_exported()
    {
        string[] rows = [.. Exported.Value.Types.Keys.Order(StringComparer.Ordinal).Select(f =>
            "| `" + f + "` | " + Exported.Value.Types[f] + " | " + string.Join(", ", Exported.Value.LabelNames[f].Where(l => l != "le")) + " | " + Exported.Value.Help[f] + " |")];
        Assert.Equal(Table("Metrics/README.md", rows), rows);
    }

    [Fact]
    public void The_table_of_alarms_in_the_documentation_is_what_the_host_has()
    {
        string[] rows = [.. AlertCodes.All.Select(c => "| `" + c.Code + "` | " + AlertBook.Word(c.Severity) + " | " + c.What + " |")];
        Assert.Equal(Table("Alerts/README.md", rows), rows);
    }

    [Fact]
    public void Every_alarm_that_the_sources_raise_is_in_the_table()
    {
        string[] raised = [.. Directory.GetFiles(Folder(), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(f => AlarmSet().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).Where(c => !c.EndsWith('-')).Distinct()];
        Assert.True(raised.Length > 20, raised.Length + " codes found");
        Assert.All(raised, code => Assert.True(AlertCodes.IsKnown(code), "'" + code + "' is not in Alerts/AlertCodes.cs and the table of Alerts/README.md: add both"));
    }

    private static void Knows(string family, string label, string expression)
        => Assert.True(label == "instance" || Exported.Value.LabelNames[family].Contains(label), family + " has no label " + label + ": " + expression);

    private static string Family(string name)
    {
        string plain = Suffix().Replace(name, "");
        return Exported.Value.Types.ContainsKey(name) ? name : plain;
    }

    private static IEnumerable<(string Expression, string Legend)> Expressions()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "Grafana", "ballast.json")));
        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (panel.TryGetProperty("targets", out JsonElement targets))
            {
                foreach (JsonElement target in targets.EnumerateArray())
                {
                    yield return (target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!);
                }
            }
        }

        foreach (JsonElement annotation in dashboard.RootElement.GetProperty("annotations").GetProperty("list").EnumerateArray())
        {
            yield return (annotation.GetProperty("target").GetProperty("expr").GetString()!, "");
        }

        foreach (JsonElement variable in dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray())
        {
            if (variable.TryGetProperty("definition", out JsonElement definition))
            {
                yield return (definition.GetString()!, "");
            }
        }
    }

    // With BALLAST_WRITE_TABLES=1 the rows are written instead, to where the table is now.
    private static string[] Table(string readme, string[] rows)
    {
        string path = Path.Combine(Folder(), readme);
        List<string> lines = [.. File.ReadLines(path)];
        if (Environment.GetEnvironmentVariable("BALLAST_WRITE_TABLES") == "1")
        {
            int at = lines.FindIndex(l => l.StartsWith("|---", StringComparison.Ordinal)) + 1;
            lines.RemoveAll(l => l.StartsWith("| `", StringComparison.Ordinal));
            lines.InsertRange(at, rows);
            File.WriteAllText(path, string.Join('\n', lines) + "\n");
        }

        return [.. lines.Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
    }

    private static string Folder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "hostagent");
    }

    [GeneratedRegex("\\b((?:ballast|process)_[a-z0-9_]+)(\\{[^}]*\\})?")]
    private static partial Regex Metric();

    [GeneratedRegex("([a-z_]+)(=~|!=|!~|=)\"([^\"]*)\"")]
    private static partial Regex Matcher();

    [GeneratedRegex("\\bby \\(([a-z_, ]+)\\)")]
    private static partial Regex By();

    [GeneratedRegex("\\{\\{([a-z_]+)\\}\\}")]
    private static partial Regex Legend();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("Alarms\\.Set\\(\\s*(?:[^\",]|\\([^()]*\\))+,\\s*\"([a-z-]+)\"")]
    private static partial Regex AlarmSet();
}
