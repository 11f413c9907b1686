using System.Globalization;
using System.Text;

namespace Ballast.Host.Metrics;

/// <summary>How instruments are named and written in the Prometheus text format 0.0.4.</summary>
internal static class MetricNames
{
    /// <summary>Media type of an answer.</summary>
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds",
        ["W"] = "watts",
        ["By"] = "bytes",
        ["H/s"] = "hashes_per_second",
        ["J/TH"] = "joules_per_terahash",
    };

    /// <summary>`ballast.loop.age` in `s` is `ballast_loop_age_seconds`; counters end in `_total`. A unit in braces only explains.</summary>
    internal static string Of(string instrument, string? unit, bool counter)
    {
        StringBuilder name = new();
        foreach (char c in instrument)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_');
        }

        if (unit is not null && Units.TryGetValue(unit, out string? word))
        {
            name.Append('_').Append(word);
        }

        return counter ? name.Append("_total").ToString() : name.ToString();
    }

    /// <summary>Text of a HELP line.</summary>
    internal static string Help(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A value of a label.</summary>
    internal static string Label(string text)
        => text.AsSpan().IndexOfAny('\\', '"', '\n') < 0 ? text
            : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Labels without braces: `pod="p1",mode="asleep"`.</summary>
    internal static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        StringBuilder text = new();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Of(tag.Key, null, false)).Append("=\"")
                .Append(Label(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return text.ToString();
    }

    /// <summary>A sample's value.</summary>
    internal static string Value(double value)
        => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
