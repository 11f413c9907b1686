using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Configuration;

/// <summary>Makes the schema of the configuration: members and types from the records, texts from their comments, rules from the check.</summary>
internal static partial class SchemaWriter
{
    private const string Text = "Configuration of the Ballast host agent. Made from the program: 'ballast config check FILE' is the authority and also knows the rules between members. "
        + "Comments are allowed. Any text may be \"secret:NAME\", which the secret store replaces; where this schema has fixed words or shapes it asks for those.";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly Dictionary<string, string> Comments = XDocument.Load(Path.ChangeExtension(typeof(SiteOptions).Assembly.Location, ".xml")).Descendants("member")
        .ToDictionary(m => m.Attribute("name")!.Value, m => Plain(m.Element("summary")));

    internal static string Write()
    {
        JsonObject schema = Json.GetJsonSchemaAsNode(typeof(SiteOptions), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }).AsObject();
        Inline(schema, schema);
        SchemaRules.Add(schema);
        JsonObject whole = new() { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Ballast host agent", ["description"] = Text };
        foreach ((string name, JsonNode? value) in schema)
        {
            whole[name] = value?.DeepClone();
        }

        return whole.ToJsonString(Json).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.PropertyInfo is not { } property || node is not JsonObject schema || property.AttributeProvider is not PropertyInfo member)
        {
            return node;
        }

        JsonObject described = new() { ["description"] = Comments["P:" + member.DeclaringType!.FullName + "." + member.Name] };
        foreach ((string name, JsonNode? value) in schema)
        {
            described[name] = value?.DeepClone();
        }

        if (member.GetValue(Activator.CreateInstance(member.DeclaringType)) is { } usual and (bool or int or long or double or string) && usual is not "")
        {
            described["default"] = JsonSerializer.SerializeToNode(usual, Json);
        }

        return described;
    }

    // The exporter writes a type out once and refers to it by place afterwards; the same rule has to fit every place then.
    private static void Inline(JsonNode? node, JsonObject root)
    {
        if (node is JsonObject schema && schema["$ref"] is { } reference)
        {
            schema.Remove("$ref");
            JsonNode target = reference.GetValue<string>().Split('/').Skip(1).Aggregate((JsonNode)root, (at, step) => at[step]!);
            foreach ((string name, JsonNode? value) in target.AsObject())
            {
                schema.TryAdd(name, value?.DeepClone());
            }
        }

        foreach (JsonNode? child in node switch { JsonObject o => o.Select(m => m.Value).ToArray(), JsonArray a => a.ToArray(), _ => [] })
        {
            Inline(child, root);
        }
    }

    private static string Plain(XElement? summary)
        => summary is null ? "" : Spaces().Replace(string.Concat(summary.Nodes().Select(n => n is XElement e && e.Attribute("cref") is { } cref ? Camel(cref.Value.Split('.')[^1]) : n is XElement x ? x.Value : ((XText)n).Value)), " ").Trim();

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
