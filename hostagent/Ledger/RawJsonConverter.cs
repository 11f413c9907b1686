using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast.Host.Ledger;

/// <summary>A string that holds a JSON object stands in a record as that object, not as a quoted copy of it; any other string as it is.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        // Only plain ASCII on one line: a line of the ledger has no other bytes.
        if (value.StartsWith('{') && value.All(c => c is >= ' ' and < '\x7f') && IsObject(value))
        {
            writer.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }

    private static bool IsObject(string value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
