using System.Globalization;

namespace Ballast.Browser;

/// <summary>What the tests leave for a reader, in artifacts/ of the tree: figures (printed by tools/test) and pictures.</summary>
internal static class Artifacts
{
    /// <summary>artifacts/ of the tree.</summary>
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Root(), "artifacts")).FullName;

    /// <summary>Writes one line of figures, and shows it with the test.</summary>
    public static void Figure(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        TestContext.Current.SendDiagnosticMessage(text);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        File.AppendAllText(Path.Combine(Folder, "page-figures.txt"), text + "\n");
    }

    /// <summary>File of a picture.</summary>
    public static string Picture(string name) => Path.Combine(Folder, "screenshots", name + ".png");

    /// <summary>The tree's own folder: the one with the solution.</summary>
    public static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the tree.");
    }
}
