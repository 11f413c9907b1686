using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ballast.Host.Keys;

namespace Ballast.Host.Options;

/// <summary>
/// Reads the configuration file: "secret:NAME" is replaced from the secret store, then the text is bound, then keys that the store has are
/// put in, then it is checked. Every fault comes back as sentences that say what to change.
/// </summary>
public static class OptionsFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,

        // Web defaults take numbers in quotes, which the schema refuses.
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">What is wrong; empty if nothing is.</param>
    /// <returns>The options, or null if there are problems.</returns>
    public static SiteOptions? Load(string path, out IReadOnlyList<string> problems)
        => Text(path, out problems) is { } text ? Parse(text, path, out problems) : null;

    /// <summary>Reads and checks the text of a file.</summary>
    public static SiteOptions? Parse(string text, out IReadOnlyList<string> problems) => Parse(text, null, out problems);

    /// <summary>Reads a file as it stands, without its secrets: keys may be missing. For whoever makes them.</summary>
    public static SiteOptions? LoadWithoutSecrets(string path, out IReadOnlyList<string> problems)
    {
        if (Text(path, out problems) is not { } text || Bind(Encoding.UTF8.GetBytes(text), out problems) is not { } options)
        {
            return null;
        }

        problems = OptionsCheck.Problems(options with
        {
            Pods = [.. options.Pods.Select(p => p with { Key = Stand(p.Key), Boards = [.. p.Boards.Select(b => b with { Key = Stand(b.Key) })] })],
            Sources = [.. options.Sources.Select(s => s with { Key = Stand(s.Key) })],
            Alerts = options.Alerts with { Webhooks = [.. options.Alerts.Webhooks.Select(w => SecretReferences.Is(w.Url) ? w with { Url = "https://host.invalid" } : w)] },
        });
        return problems.Count == 0 ? options : null;
    }

    /// <summary>What works in a file and should be changed all the same, a sentence each.</summary>
    public static IReadOnlyList<string> Warnings(string path)
        => Load(path, out _) is { } loaded && Text(path, out _) is { } text && Bind(Encoding.UTF8.GetBytes(text), out _) is { } written
            ? [.. StoredKeys.Warnings(written, loaded.Store), .. OptionsWarnings.Of(written, path)] : [];

    private static SiteOptions? Parse(string text, string? path, out IReadOnlyList<string> problems)
    {
        byte[] json = Encoding.UTF8.GetBytes(text);
        SecretStore? store = null;
        try
        {
            store = StoredKeys.Open(json, path);
        }
        catch (SecretException error)
        {
            problems = [error.Message];
            return null;
        }

        if (store is not null)
        {
            List<string> missing = [];
            json = SecretReferences.Expand(json, store.Current.Values, missing);
            problems = missing;
            if (missing.Count > 0)
            {
                return null;
            }
        }

        if (Bind(json, out problems) is not { } options)
        {
            return null;
        }

        options = store is null ? options : StoredKeys.Fill(options, store);
        problems = OptionsCheck.Problems(options);
        return problems.Count == 0 ? options : null;
    }

    private static SiteOptions? Bind(byte[] json, out IReadOnlyList<string> problems)
    {
        try
        {
            SiteOptions? options = JsonSerializer.Deserialize<SiteOptions>(json, Json);
            problems = options is null ? ["The configuration is empty: write an object with site, stateDir, mqtt and pods."] : OptionsReading.NullEntries(json);
            return problems.Count == 0 ? options : null;
        }
        catch (JsonException error)
        {
            problems = [OptionsReading.Sentence(error)];
        }

        return null;
    }

    private static string? Text(string path, out IReadOnlyList<string> problems)
    {
        problems = [];
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems = ["The configuration file '" + path + "' cannot be read: " + Unreadable.Why(path, error)];
            return null;
        }
    }

    // Missing keys are not what is looked for, nor what a reference stands for.
    private static string Stand(string key) => key.Length == 0 || SecretReferences.Is(key) ? new string('0', 64) : key;
}
