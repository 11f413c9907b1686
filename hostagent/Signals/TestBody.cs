using System.Globalization;
using System.Text.Json;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>Reads the small bodies that tests of sources send.</summary>
internal static class TestBody
{
    /// <summary>Reads `{"at":"2026-01-31T13:00:00Z"}`; empty is now.</summary>
    internal static bool TryAt(ReadOnlyMemory<byte> body, DateTimeOffset now, out DateTimeOffset at, out RequestFault? fault)
    {
        at = now;
        fault = null;
        if (body.IsEmpty)
        {
            return true;
        }

        string? text = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 2 });
            text = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("at", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (text is not null && text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at))
        {
            return true;
        }

        fault = new RequestFault("at", "Send {\"at\":\"2026-01-31T13:00:00Z\"} to see what holds at a time, or no body for now.");
        return false;
    }
}
