using System.Globalization;
using System.Text.RegularExpressions;

namespace Ballast.Host.Tests.Metrics;

/// <summary>A strict reader of the Prometheus text format 0.0.4, written from its description: what it does not know fails the test.</summary>
internal sealed partial class PromText
{
    internal Dictionary<string, string> Types { get; } = [];

    internal Dictionary<string, string> Help { get; } = [];

    /// <summary>Samples by name and labels as written.</summary>
    internal Dictionary<string, double> Samples { get; } = [];

    /// <summary>Label names by family.</summary>
    internal Dictionary<string, HashSet<string>> LabelNames { get; } = [];

    internal double this[string series] => Samples.TryGetValue(series, out double value) ? value : throw new KeyNotFoundException(series + " is not among " + string.Join('\n', Samples.Keys));

    internal double Sum(string start) => Samples.Where(s => s.Key.StartsWith(start, StringComparison.Ordinal)).Sum(s => s.Value);

    internal static PromText Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        PromText read = new();
        string? family = null;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } help)
            {
                family = help.Groups[1].Value;
                Assert.True(read.Help.TryAdd(family, help.Groups[2].Value), "two HELP lines of " + family);
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.Equal(family, type.Groups[1].Value);
                Assert.True(read.Types.TryAdd(family!, type.Groups[2].Value), "two TYPE lines of " + family);
                read.LabelNames[family!] = [];
            }
            else
            {
                read.Sample(line, family!);
            }
        }

        foreach (string histogram in read.Types.Where(t => t.Value == "histogram").Select(t => t.Key))
        {
            read.CheckHistogram(histogram);
        }

        return read;
    }

    private void Sample(string line, string family)
    {
        Match sample = SampleLine().Match(line);
        Assert.True(sample.Success, "not a sample: " + line);
        string name = sample.Groups[1].Value;
        string type = Types[family];
        string[] allowed = type == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family];
        Assert.Contains(name, allowed);
        Assert.Equal(type == "counter", family.EndsWith("_total", StringComparison.Ordinal));
        foreach (Match label in LabelPart().Matches(sample.Groups[2].Value))
        {
            LabelNames[family].Add(label.Groups[1].Value);
        }

        string value = sample.Groups[3].Value;
        double number = value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        Assert.True(Samples.TryAdd(name + sample.Groups[2].Value, number), "twice: " + line);
    }

    private void CheckHistogram(string family)
    {
        double before = 0;
        foreach ((string series, double count) in Samples.Where(s => s.Key.StartsWith(family + "_bucket{le=", StringComparison.Ordinal)))
        {
            Assert.True(count >= before, series + " is below the bucket before it");
            before = count;
        }

        Assert.Equal(this[family + "_bucket{le=\"+Inf\"}"], this[family + "_count"]);
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\\\\\|\\\\\"|\\\\n)*\",?)+\\})? (\\S+)$")]
    private static partial Regex SampleLine();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\]|\\\\\\\\|\\\\\"|\\\\n)*\"")]
    private static partial Regex LabelPart();
}
