using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Configuration;

/// <summary>
/// Ranges, words, patterns and required members, asked of the check itself: it is given values that it must refuse, and its sentences are read.
/// So a rule stands in one place, and a sentence in another form than the others simply gives no rule.
/// </summary>
internal static partial class SchemaRules
{
    private static readonly (string Says, string Pattern)[] Patterns =
    [
        ("1 to 32 of a-z, 0-9 and '-'", "^[a-z0-9-]{1,32}$"),
        ("needs a key of 64 hex digits", "^([0-9A-Fa-f]{64}|secret:.+)?$"),
    ];

    /// <summary>Adds the rules to a schema, all the way down.</summary>
    internal static void Add(JsonObject schema, params object[] path)
    {
        JsonArray types = schema["type"] as JsonArray ?? [schema["type"]?.DeepClone()];
        switch (types[0]?.GetValue<string>() == "null" ? types[1]?.GetValue<string>() : types[0]?.GetValue<string>())
        {
            case "object":
                JsonArray required = [];
                foreach ((string name, JsonNode? member) in schema["properties"]!.AsObject())
                {
                    Add(member!.AsObject(), [.. path, name]);
                    if (SchemaSamples.Both.All(s => Refuses(s, [.. path, name])))
                    {
                        required.Add(name);
                        member.AsObject().Remove("default");
                    }
                }

                if (required.Count > 0)
                {
                    schema["required"] = required;
                }

                break;
            case "array":
                Add(schema["items"]!.AsObject(), [.. path, 0]);
                break;
            case "integer":
                Range(schema, path, JsonValue.Create(int.MinValue), JsonValue.Create(int.MaxValue), JsonValue.Create(long.MaxValue / 1024));
                break;
            case "number":
                Range(schema, path, JsonValue.Create(-1e300), JsonValue.Create(1e300));
                break;
            case "string":
                Words(schema, path, types.Count > 1);
                break;
        }
    }

    private static void Range(JsonObject schema, object[] path, params JsonNode[] tries)
    {
        (double Min, double Max)?[] found = [.. SchemaSamples.Both.Select(s => tries.SelectMany(t => Said(s, path, t)).Select(Bounds).FirstOrDefault(b => b is not null))];
        if (found.All(f => f is not null))
        {
            Bound(schema, "minimum", [.. found.Select(f => f!.Value.Min)]);
            Bound(schema, "maximum", [.. found.Select(f => f!.Value.Max)]);
        }
    }

    private static void Bound(JsonObject schema, string name, double[] values)
    {
        if (values.Distinct().Count() == 1)
        {
            schema[name] = values[0] == Math.Floor(values[0]) && Math.Abs(values[0]) < 1e15 ? JsonValue.Create((long)values[0]) : JsonValue.Create(values[0]);
        }
    }

    // "… is VALUE: use MIN…MAX." of the value that was tried; other members may have something to say, too.
    private static (double Min, double Max)? Bounds(string sentence)
        => RangeShape().Match(sentence) is { Success: true } match && Math.Abs(Number(match, 1)) > 1e9 ? (Number(match, 2), Number(match, 3)) : null;

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static void Words(JsonObject schema, object[] path, bool nullable)
    {
        string[][] said = [.. SchemaSamples.Both.Select(s => Said(s, path, "?").ToArray())];
        foreach ((string says, string pattern) in Patterns)
        {
            if (said.All(s => s.Any(t => t.Contains(says, StringComparison.Ordinal))))
            {
                schema["pattern"] = pattern;
                return;
            }
        }

        string[][] words = [.. said.Select(s => s.Select(Listed).FirstOrDefault(w => w.Length > 0) ?? [])];
        if (words[0].Length > 0 && words.All(w => w.SequenceEqual(words[0])))
        {
            schema["enum"] = new JsonArray([.. words[0].Select(w => (JsonNode?)w), .. nullable ? [null] : Array.Empty<JsonNode?>()]);
        }
    }

    private static string[] Listed(string sentence)
    {
        if (WordsShape().Match(Remarks().Replace(sentence, "")) is not { Success: true } match)
        {
            return [];
        }

        string[] words = Between().Split(match.Groups[1].Value);
        return words.Length > 1 && words.All(w => Word().IsMatch(w)) ? [.. words.Select(w => w.Trim('"'))] : [];
    }

    // A missing key is no fault of the file: the secret store may have it.
    private static bool Refuses(JsonNode sample, object[] path)
    {
        JsonNode changed = sample.DeepClone();
        return At(changed, path) is JsonObject parent && parent.Remove((string)path[^1])
            && New(sample, changed).Any(p => !p.Contains("needs a key", StringComparison.Ordinal) && !p.Contains("user and password together", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Said(JsonNode sample, object[] path, JsonNode value)
    {
        JsonNode changed = sample.DeepClone();
        switch (At(changed, path))
        {
            case JsonObject parent:
                parent[(string)path[^1]] = value.DeepClone();
                break;
            case JsonArray list:
                list[0] = value.DeepClone();
                break;
            default:
                return [];
        }

        return New(sample, changed);
    }

    private static JsonNode? At(JsonNode root, object[] path)
        => path[..^1].Aggregate((JsonNode?)root, (node, step) => step is int index ? (node as JsonArray)?[index] : (node as JsonObject)?[(string)step]);

    private static IEnumerable<string> New(JsonNode sample, JsonNode changed) => Problems(changed).Except(Problems(sample));

    private static IReadOnlyList<string> Problems(JsonNode configuration)
    {
        _ = OptionsFile.Parse(configuration.ToJsonString(), out IReadOnlyList<string> problems);
        return problems;
    }

    [GeneratedRegex(@" is (\S+): use (-?[0-9.E+-]+)…(-?[0-9.E+-]+)\.$")]
    private static partial Regex RangeShape();

    [GeneratedRegex(@"'\?'.*: use (?:one of )?([^.;]+)[.;]")]
    private static partial Regex WordsShape();

    [GeneratedRegex(@" \([^)]*\)")]
    private static partial Regex Remarks();

    [GeneratedRegex(", | or ")]
    private static partial Regex Between();

    [GeneratedRegex("^\"?[a-z0-9-]+\"?$")]
    private static partial Regex Word();
}
