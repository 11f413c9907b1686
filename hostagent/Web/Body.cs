using System.Text.Json;
using Ballast.Host.Limits;

namespace Ballast.Host.Web;

/// <summary>Reads request bodies: JSON of at most 16 kB, refused with a sentence otherwise.</summary>
internal static class Body
{
    /// <summary>Largest body, bytes.</summary>
    internal const int MaxBytes = 16 * 1024;

    /// <summary>Reads the whole body.</summary>
    /// <returns>The bytes, or what to answer instead.</returns>
    internal static async Task<(byte[] Bytes, IResult? Refusal)> Read(HttpRequest request)
    {
        // A page of another site can make a browser on this machine send a form or plain text, but not JSON.
        if (!IsJson(request))
        {
            return ([], Api.Problem(415, "Unsupported media type", "Content-Type", "Send the body as JSON, with Content-Type: application/json (curl: --json)."));
        }

        return await Api.ReadBody(request) is { } bytes ? (bytes, null) : ([], Api.Problem(413, "Too large", "", "A request needs less than 16 kB."));
    }

    /// <summary>True if a request says that its body is JSON.</summary>
    internal static bool IsJson(HttpRequest request)
        => request.ContentType is { } type && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            && (type.Length == "application/json".Length || type["application/json".Length] is ';' or ' ');

    /// <summary>Reads a flat object whose members are all known, each once.</summary>
    /// <param name="json">The body.</param>
    /// <param name="known">Members that it may have.</param>
    /// <param name="fault">What is wrong; null if nothing is.</param>
    internal static Dictionary<string, JsonElement>? Flat(ReadOnlyMemory<byte> json, string[] known, out RequestFault? fault)
    {
        fault = null;
        Dictionary<string, JsonElement> members = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException();
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                fault ??= !known.Contains(member.Name) ? new RequestFault(member.Name, "The member " + PlainText.Of(member.Name) + " is not known: use " + string.Join(", ", known) + ".")
                    : !members.TryAdd(member.Name, member.Value.Clone()) ? new RequestFault(member.Name, "The member " + PlainText.Of(member.Name) + " is there twice: send it once.")
                    : null;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            fault = new RequestFault("", "The body is not a flat JSON object with " + string.Join(", ", known) + ".");
        }

        return fault is null ? members : null;
    }

    /// <summary>A text that must be there.</summary>
    internal static string Text(Dictionary<string, JsonElement> members, string name, int longest, ref RequestFault? fault)
    {
        try
        {
            if (members.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
                && text.Length <= longest && !string.IsNullOrWhiteSpace(text))
            {
                return PlainText.Of(text);
            }
        }
        catch (InvalidOperationException)
        {
            // Half a character; the sentence below covers it.
        }

        fault ??= new RequestFault(name, name + " is missing or too long: give a text of 1 to " + longest + " characters.");
        return "";
    }

    /// <summary>A switch that must be there: a body without it must not lift anything.</summary>
    internal static bool Switch(Dictionary<string, JsonElement> members, string name, ref RequestFault? fault)
    {
        if (members.TryGetValue(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        fault ??= new RequestFault(name, name + " is missing: give true or false.");
        return false;
    }
}
