using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast.Host.Options;

/// <summary>Reads the configuration file. Every fault comes back as sentences that say what to change.</summary>
public static class OptionsFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">What is wrong; empty if nothing is.</param>
    /// <returns>The options, or null if there are problems.</returns>
    public static SiteOptions? Load(string path, out IReadOnlyList<string> problems)
    {
        try
        {
            return Parse(File.ReadAllText(path), out problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems = ["The configuration file '" + path + "' cannot be read: " + error.Message];
            return null;
        }
    }

    /// <summary>Reads and checks the text of a file.</summary>
    public static SiteOptions? Parse(string text, out IReadOnlyList<string> problems)
    {
        SiteOptions? options;
        try
        {
            options = JsonSerializer.Deserialize<SiteOptions>(text, Json);
        }
        catch (JsonException error)
        {
            problems = ["The configuration is not readable at " + (error.Path ?? "$") + ", line " + ((error.LineNumber ?? 0) + 1) + ": " + FirstSentence(error.Message)];
            return null;
        }

        if (options is null)
        {
            problems = ["The configuration is empty: write an object with site, stateDir, mqtt and pods."];
            return null;
        }

        problems = OptionsCheck.Problems(options);
        return problems.Count == 0 ? options : null;
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
