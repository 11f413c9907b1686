using System.Text.RegularExpressions;

namespace Ballast.Host.Tests.Packaging;

/// <summary>What the READMEs of the tree name is there: links, headings, scripts, commands of the command line, test classes.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Root = PackagingTests.FindRoot();

    /// <summary>Every README, by its place in the tree.</summary>
    public static TheoryData<string> Readmes => new(Directory.EnumerateFiles(Root, "README.md", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Root, f)).Where(f => !Strange().IsMatch(f)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Each_link_leads_to_a_file_and_a_heading_that_are_there(string readme)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, readme))!;
        List<string> dead = [];
        foreach (Match link in Link().Matches(Text(readme)))
        {
            string[] parts = link.Groups[1].Value.Split('#', 2);
            string target = parts[0].Length == 0 ? Path.Combine(Root, readme) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            string page = Directory.Exists(target) ? Path.Combine(target, "README.md") : target;
            if ((!Directory.Exists(target) && !File.Exists(target)) || (parts.Length == 2 && !Headings(page).Contains(parts[1])))
            {
                dead.Add(link.Groups[1].Value);
            }
        }

        Assert.Empty(dead);
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Each_script_command_and_test_class_that_is_named_exists(string readme)
    {
        HashSet<string> commands = [.. Directory.EnumerateFiles(Path.Combine(Root, "tools", "Cli"), "*.cs").SelectMany(f => Made().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value)];
        HashSet<string?> tests = [.. Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)];
        Assert.Contains("audit", commands);
        string text = Text(readme);
        string[] missing =
        [
            .. Script().Matches(text).Select(m => m.Value).Where(s => !File.Exists(Path.Combine(Root, s)) && !Directory.Exists(Path.Combine(Root, s))),
            .. Called().Matches(text).SelectMany(m => m.Groups[1].Value.Split('|', '\\')).Where(c => c.Length > 0 && !commands.Contains(c)),
            .. TestClass().Matches(text).Select(m => m.Groups[1].Value).Where(t => !tests.Contains(t)),
        ];
        Assert.Empty(missing);
    }

    private static string Text(string readme) => File.ReadAllText(Path.Combine(Root, readme));

    // As the forges make them of headings.
    private static HashSet<string> Headings(string page)
        => [.. Heading().Matches(File.ReadAllText(page)).Select(m => Dropped().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex("(^|/)(bin|obj|node_modules|artifacts)/")]
    private static partial Regex Strange();

    [GeneratedRegex(@"\]\((?!\w+:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();

    [GeneratedRegex(@"(?<![\w/.-])tools/[a-z]+\b(?!/)")]
    private static partial Regex Script();

    [GeneratedRegex(@"tools/ballast ([a-z][a-z-]*)")]
    private static partial Regex Called();

    [GeneratedRegex("\\bnew(?: [\\w.]+)?\\(\"([a-z-]+)\"")]
    private static partial Regex Made();

    [GeneratedRegex(@"`([A-Z]\w+Tests)\b")]
    private static partial Regex TestClass();
}
