namespace Ballast.Host.Options;

/// <summary>Texts about the configuration that travel with the program.</summary>
public static class OptionsDocuments
{
    /// <summary>JSON schema of the configuration, for editors.</summary>
    public static string Schema => Read("ballast.schema.json");

    /// <summary>A small configuration with comments: the one that the package installs.</summary>
    public static string Example => Read("ballast.json");

    private static string Read(string name)
    {
        using StreamReader reader = new(typeof(OptionsDocuments).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
