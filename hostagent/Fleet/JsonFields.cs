using System.Text.Json;

namespace Ballast.Host.Fleet;

/// <summary>
/// The members of a board's message. What is not as the contract says throws; <see cref="Read"/> turns that into false before anything
/// has changed (S14).
/// </summary>
internal static class JsonFields
{
    /// <summary>Takes the member whose name the reader stands on; skips one that it does not know.</summary>
    internal delegate void Member<T>(ref Utf8JsonReader reader, ref T into);

    /// <summary>Reads a whole object. False if it is not as the contract says.</summary>
    internal static bool Read<T>(ReadOnlySpan<byte> json, ref T into, Member<T> member)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                member(ref reader, ref into);
            }

            // What follows the object throws.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new FormatException();
        }
    }

    internal static long Number(ref Utf8JsonReader reader, long min, long max)
    {
        Expect(ref reader, JsonTokenType.Number);
        return reader.TryGetInt64(out long value) && value >= min && value <= max ? value : throw new FormatException();
    }

    internal static bool Bool(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        return reader.GetBoolean();
    }

    internal static string Text(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.ValueSpan.Length > 128 ? throw new FormatException() : reader.GetString() ?? "";
    }

    internal static string Texts(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        string all = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            all += (all.Length == 0 ? "" : ",") + reader.GetString();
        }

        return all.Length > 512 ? throw new FormatException() : all;
    }

    internal static void Skip(ref Utf8JsonReader reader)
    {
        _ = reader.Read();
        reader.Skip();
    }
}
