using System.Text.Json;

namespace Ballast.Virtual.Work;

/// <summary>
/// Finds a mining.notify in what people have at hand: a recorded job (an object with <c>notify</c>), one message, its parameters alone, or a
/// log with a message a line behind any prefix. Of several the last is taken, or the one with the job id asked for.
/// </summary>
public sealed class NotifyFile
{
    private NotifyFile(string[] fields, string[] branches, bool clean, string? extranonce1)
    {
        (JobId, PreviousHash, Coinbase1, Coinbase2, Version, NBits, NTime) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]);
        (Branches, Clean, Extranonce1) = (branches, clean, extranonce1);
    }

    /// <summary>The job id.</summary>
    public string JobId { get; }

    /// <summary>Hash of the previous block as the pool wrote it: words of four bytes, each reversed.</summary>
    public string PreviousHash { get; }

    /// <summary>First part of the coinbase.</summary>
    public string Coinbase1 { get; }

    /// <summary>Second part of the coinbase.</summary>
    public string Coinbase2 { get; }

    /// <summary>Merkle branches in internal order.</summary>
    public string[] Branches { get; }

    /// <summary>Block version.</summary>
    public string Version { get; }

    /// <summary>Network target.</summary>
    public string NBits { get; }

    /// <summary>Block time.</summary>
    public string NTime { get; }

    /// <summary>True if older jobs are worthless.</summary>
    public bool Clean { get; }

    /// <summary>Extranonce1, if the file tells it: in a recorded job, or in an answer to subscribe or a set_extranonce before the notify.</summary>
    public string? Extranonce1 { get; }

    /// <summary>The parameters as a pool sends them.</summary>
    public string ToParameters() => JsonSerializer.Serialize(new object[] { JobId, PreviousHash, Coinbase1, Coinbase2, Branches, Version, NBits, NTime, Clean });

    /// <summary>Reads a file's text. Null with a sentence if there is no job in it.</summary>
    public static NotifyFile? Read(string text, string? jobId, out string? problem)
    {
        problem = null;
        string? extranonce1 = null;
        NotifyFile? found = null;
        foreach (JsonElement message in Messages(text))
        {
            extranonce1 = ExtranonceOf(message) ?? extranonce1;
            NotifyFile? next = FromMessage(message, extranonce1);
            if (next is not null && (jobId is null || next.JobId == jobId))
                found = next;
        }

        if (found is null)
            problem = jobId is null ? "No mining.notify is in that file: give a message, its parameters, a recorded job or a pool log." : $"No mining.notify with job id '{jobId}' is in that file.";
        return found;
    }

    private static IEnumerable<JsonElement> Messages(string text)
    {
        if (TryParse(text, out JsonElement whole))
        {
            yield return whole;
            yield break;
        }

        foreach (string line in text.Split('\n'))
        {
            // A log puts time and direction in front of the message.
            int at = line.IndexOf('{');
            if (at >= 0 && TryParse(line[at..].TrimEnd(), out JsonElement message))
                yield return message;
        }
    }

    private static bool TryParse(string text, out JsonElement element)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            element = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            element = default;
            return false;
        }
    }

    private static string? ExtranonceOf(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return null;
        if (message.TryGetProperty("extranonce1", out JsonElement recorded) && recorded.ValueKind == JsonValueKind.String)
            return recorded.GetString();
        if (message.TryGetProperty("method", out JsonElement method) && method.ValueKind == JsonValueKind.String && method.GetString() == "mining.set_extranonce")
            return message.TryGetProperty("params", out JsonElement p) ? Text(p, 0) : null;
        return message.TryGetProperty("result", out JsonElement result) && result.ValueKind == JsonValueKind.Array && result.GetArrayLength() == 3 && result[0].ValueKind == JsonValueKind.Array
            ? Text(result, 1)
            : null;
    }

    private static NotifyFile? FromMessage(JsonElement message, string? extranonce1)
    {
        if (message.ValueKind == JsonValueKind.Array)
            return FromParameters(message, extranonce1);
        if (message.ValueKind != JsonValueKind.Object)
            return null;
        if (message.TryGetProperty("params", out JsonElement parameters))
            return message.TryGetProperty("method", out JsonElement method) && method.ValueKind == JsonValueKind.String && method.GetString() == "mining.notify" ? FromParameters(parameters, extranonce1) : null;
        JsonElement notify = message.TryGetProperty("notify", out JsonElement inner) ? inner : message;
        if (notify.ValueKind != JsonValueKind.Object)
            return null;
        string?[] fields = [Member(notify, "job_id"), Member(notify, "prevhash"), Member(notify, "coinb1"), Member(notify, "coinb2"), Member(notify, "version"), Member(notify, "nbits"), Member(notify, "ntime")];
        return fields.Contains(null) || !notify.TryGetProperty("branches", out JsonElement branches)
            ? null
            : Build(fields, branches, notify.TryGetProperty("clean", out JsonElement clean) && clean.ValueKind == JsonValueKind.True, extranonce1);
    }

    private static NotifyFile? FromParameters(JsonElement p, string? extranonce1)
    {
        if (p.ValueKind != JsonValueKind.Array || p.GetArrayLength() < 8)
            return null;
        string?[] fields = [Text(p, 0), Text(p, 1), Text(p, 2), Text(p, 3), Text(p, 5), Text(p, 6), Text(p, 7)];
        return fields.Contains(null) ? null : Build(fields, p[4], p.GetArrayLength() > 8 && p[8].ValueKind == JsonValueKind.True, extranonce1);
    }

    private static NotifyFile? Build(string?[] fields, JsonElement branches, bool clean, string? extranonce1) =>
        branches.ValueKind == JsonValueKind.Array && branches.EnumerateArray().All(b => b.ValueKind == JsonValueKind.String)
            ? new NotifyFile(fields!, [.. branches.EnumerateArray().Select(b => b.GetString()!)], clean, extranonce1)
            : null;

    private static string? Member(JsonElement from, string name) =>
        from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Text(JsonElement from, int index) =>
        from.ValueKind == JsonValueKind.Array && from.GetArrayLength() > index && from[index].ValueKind == JsonValueKind.String ? from[index].GetString() : null;
}
