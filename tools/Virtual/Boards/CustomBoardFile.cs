using System.Text.Json;
using Ballast.Hw.Boards;

namespace Ballast.Virtual.Boards;

/// <summary>Reads the JSON description of a custom board on a PC. Member names and checks are the board room's own.</summary>
public static class CustomBoardFile
{
    /// <summary>Longest description that is read, bytes.</summary>
    public const int MaxBytes = 65536;

    /// <summary>Reads and checks a description; null with one sentence that says what is wrong and what to do.</summary>
    public static CustomBoardSettings? TryParse(ReadOnlySpan<byte> json, out string? reason)
    {
        reason = null;
        if (json.Length > MaxBytes)
        {
            reason = $"The description has {json.Length} bytes: keep it under {MaxBytes}.";
            return null;
        }

        var settings = new CustomBoardSettings();
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                reason = "A board description is one JSON object: put its members in braces.";
                return null;
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                reason = Set(settings, member);
                if (reason != null)
                {
                    return null;
                }
            }
        }
        catch (JsonException e)
        {
            reason = $"The description is no JSON at line {e.LineNumber + 1}: correct it there.";
            return null;
        }

        reason = CustomBoard.Check(settings);
        return reason == null ? settings : null;
    }

    private static string? Set(CustomBoardSettings settings, JsonProperty member)
    {
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.String:
                return settings.SetText(member.Name, member.Value.GetString()!);
            case JsonValueKind.True or JsonValueKind.False:
                return settings.SetFlag(member.Name, member.Value.GetBoolean());
            case JsonValueKind.Number when member.Value.TryGetInt32(out int number):
                return settings.SetNumber(member.Name, number);
            case JsonValueKind.Array:
                var values = new List<int>();
                foreach (JsonElement item in member.Value.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int value))
                    {
                        return $"{member.Name} holds something that is no whole number: correct it.";
                    }

                    values.Add(value);
                }

                return settings.SetList(member.Name, [.. values]);
            default:
                return $"{member.Name} is no text, whole number, flag or list of whole numbers: correct it.";
        }
    }
}
