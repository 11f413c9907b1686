using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ballast.Host.Options;

/// <summary>What is said of a configuration that is no configuration: in words of the file, not of the program.</summary>
internal static partial class OptionsReading
{
    private static readonly (Regex Says, string Sentence)[] Plain =
    [
        (Unknown(), "'$1' is not known here; correct the name or take it out ('ballast config schema' has all names)."),
        (Twice(), "'$1' is there twice; keep one."),
        (Null(), "null is not possible here; give a value, or leave the member out."),
        (Whole(), "a whole number belongs here, without quotes, and not too large."),
        (Number(), "a number belongs here, without quotes."),
        (Truth(), "true or false belongs here, without quotes."),
        (Characters(), "a text belongs here, in quotes."),
        (List(), "a list belongs here, [ … ]."),
        (Section(), "an object belongs here, { … }."),
        (Empty(), "there is nothing in it; write an object with site, stateDir, mqtt and pods ('ballast config example' prints one)."),
        (CutOff(), "it ends too early; a } or a ] is missing."),
        (Comma(), "'$1' cannot stand here; a comma, a } or a ] is missing before it."),
        (Name(), "'$1' cannot stand here; the name of a member belongs here, in quotes."),
        (Colon(), "'$1' cannot stand here; a colon belongs between a member's name and its value."),
        (Start(), "'$1' cannot stand here; a text in quotes, a number, true, false, { … } or [ … ] belongs here."),
    ];

    /// <summary>Where the reader stopped, and why.</summary>
    internal static string Sentence(JsonException error)
    {
        int end = error.Message.IndexOf(" Path:", StringComparison.Ordinal);
        string text = end < 0 ? error.Message : error.Message[..end];
        foreach ((Regex says, string sentence) in Plain)
        {
            if (says.Match(text) is { Success: true } match)
            {
                text = match.Result(sentence);
                break;
            }
        }

        return "The configuration is not readable at " + (error.Path ?? "$") + ", line " + ((error.LineNumber ?? 0) + 1) + ": " + text;
    }

    /// <summary>A sentence for each null in a list: the serializer lets them pass.</summary>
    internal static IReadOnlyList<string> NullEntries(byte[] json)
    {
        List<string> found = [];
        Stack<bool> lists = new();
        Utf8JsonReader reader = new(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                lists.Push(reader.TokenType == JsonTokenType.StartArray);
            }
            else if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                lists.Pop();
            }
            else if (reader.TokenType == JsonTokenType.Null && lists.TryPeek(out bool list) && list)
            {
                found.Add("The configuration has null in a list, line " + (json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1) + ": take it out.");
            }
        }

        return found;
    }

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("^Duplicate property '(.*)' encountered")]
    private static partial Regex Twice();

    [GeneratedRegex("doesn't allow setting null values")]
    private static partial Regex Null();

    [GeneratedRegex(@"could not be converted to System\.(Nullable`1\[System\.)?Int(32|64)")]
    private static partial Regex Whole();

    [GeneratedRegex(@"could not be converted to System\.(Nullable`1\[System\.)?Double")]
    private static partial Regex Number();

    [GeneratedRegex(@"could not be converted to System\.Boolean")]
    private static partial Regex Truth();

    [GeneratedRegex(@"could not be converted to System\.String")]
    private static partial Regex Characters();

    [GeneratedRegex(@"could not be converted to System\.Collections")]
    private static partial Regex List();

    [GeneratedRegex(@"could not be converted to Ballast\.")]
    private static partial Regex Section();

    [GeneratedRegex("does not contain any JSON tokens")]
    private static partial Regex Empty();

    [GeneratedRegex("(Expected depth to be zero|Expected end of string|Expected a value|is incomplete|reached the end)")]
    private static partial Regex CutOff();

    [GeneratedRegex("^'(.+)' is invalid after a (?:value|single JSON value)")]
    private static partial Regex Comma();

    [GeneratedRegex("^'(.+)' is an invalid start of a property name")]
    private static partial Regex Name();

    [GeneratedRegex("^'(.+)' is invalid after a property name")]
    private static partial Regex Colon();

    [GeneratedRegex("^'(.+)' is an invalid start of a value")]
    private static partial Regex Start();
}
