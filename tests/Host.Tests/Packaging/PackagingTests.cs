using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Host.Options;

namespace Ballast.Host.Tests.Packaging;

/// <summary>
/// What can be known of the packaging without installing it; packaging/check does the rest. The Containerfile was never built here: no
/// container engine is at hand, so it is read, and compared with unit, package and configuration.
/// </summary>
public sealed partial class PackagingTests
{
    private static readonly string Root = FindRoot();
    private static readonly Dictionary<string, string[]> Unit = File.ReadLines(Path.Combine(Root, "packaging", "ballast.service"))
        .Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#').Select(l => l.Split('=', 2)).GroupBy(p => p[0], p => p[1]).ToDictionary(g => g.Key, g => g.ToArray());

    private static readonly string[] Instructions = ["FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT"];

    [Fact]
    public void The_packaged_configuration_starts_on_loopback_and_holds_no_key()
    {
        SiteOptions? options = OptionsFile.Load(Path.Combine(Root, "packaging", "ballast.json"), out IReadOnlyList<string> problems);
        Assert.Empty(problems);
        Assert.Equal("http://127.0.0.1:8080", options!.Http.Urls);
        Assert.Equal("/var/lib/ballast", options.StateDir);
        Assert.Empty(options.Pods);
        Assert.Empty(options.Sources);
        Assert.Null(options.HomeAssistant);
        Assert.DoesNotMatch("[0-9a-fA-F]{16}", File.ReadAllText(Path.Combine(Root, "packaging", "ballast.json")));
    }

    [Theory]
    [InlineData("User", "ballast")]
    [InlineData("Type", "notify")]
    [InlineData("Restart", "always")]
    [InlineData("WatchdogSec", "30")]
    [InlineData("WatchdogSignal", "SIGKILL")]
    [InlineData("StateDirectory", "ballast")]
    [InlineData("ConfigurationDirectory", "ballast")]
    [InlineData("NoNewPrivileges", "yes")]
    [InlineData("ProtectSystem", "strict")]
    [InlineData("ProtectHome", "yes")]
    [InlineData("PrivateTmp", "yes")]
    [InlineData("PrivateDevices", "yes")]
    [InlineData("CapabilityBoundingSet", "")]
    [InlineData("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK")]
    [InlineData("SystemCallFilter", "@system-service")]
    [InlineData("MemoryDenyWriteExecute", "no")]
    public void The_unit_locks_the_host_in(string name, string value) => Assert.Equal(value, Unit[name][0]);

    [Fact]
    public void The_container_runs_what_the_unit_runs_as_nobody_with_a_volume_for_the_state()
    {
        (string Word, string Text)[] lines = Containerfile();
        Assert.All(lines, l => Assert.Contains(l.Word, Instructions));
        (string Word, string Text)[] last = [.. lines.SkipWhile((_, i) => i < Array.FindLastIndex(lines, l => l.Word == "FROM"))];
        Assert.Equal(Unit["ExecStart"][0].Split(' '), JsonSerializer.Deserialize<string[]>(last.Single(l => l.Word == "ENTRYPOINT").Text));
        Assert.Equal(Unit["WorkingDirectory"][0], last.Single(l => l.Word == "WORKDIR").Text);
        Assert.Equal(["/var/lib/ballast"], JsonSerializer.Deserialize<string[]>(last.Single(l => l.Word == "VOLUME").Text)!);
        Assert.Contains(Unit["Environment"][0], last.Where(l => l.Word == "ENV").Select(l => l.Text));
        string user = last.Last(l => l.Word == "USER").Text;
        Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", user);
        Assert.Contains("--uid " + user.Split(':')[0], string.Join('\n', last.Select(l => l.Text)), StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8080/health", last.Single(l => l.Word == "HEALTHCHECK").Text, StringComparison.Ordinal);

        // Nothing is written after the user is set, so a read-only root is enough.
        Assert.DoesNotContain(last.SkipWhile(l => l.Word != "USER"), l => l.Word is "RUN" or "COPY");
    }

    [Fact]
    public void Every_image_has_a_tag_and_every_file_that_the_container_takes_is_there()
    {
        HashSet<string> stages = [];
        foreach ((string word, string text) in Containerfile())
        {
            string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (word == "FROM")
            {
                Assert.Matches("^[a-z0-9./-]+:[a-z0-9.-]+$", words[0]);
                Assert.DoesNotContain(":latest", words[0], StringComparison.Ordinal);
                stages.Add(words.Length == 3 ? words[2] : "");
            }
            else if (word == "COPY" && words[0].StartsWith("--from=", StringComparison.Ordinal))
            {
                Assert.Contains(words[0]["--from=".Length..], stages);
            }
            else if (word == "COPY")
            {
                Assert.All(words[..^1], w => Assert.True(Path.Exists(Path.Combine(Root, w)), w));
            }
            else if (word == "RUN" && words[0].StartsWith("tools/", StringComparison.Ordinal))
            {
                Assert.True(File.Exists(Path.Combine(Root, words[0])), words[0]);
            }
        }

        Assert.Equal(2, stages.Count);
    }

    [Fact]
    public void Package_and_program_have_one_version_and_the_manual_names_the_commands_that_there_are()
    {
        string version = VersionShape().Match(File.ReadAllText(Path.Combine(Root, "Directory.Build.props"))).Groups[1].Value;
        Assert.StartsWith("ballast-host (" + version + ")", File.ReadAllText(Path.Combine(Root, "packaging", "debian", "changelog")), StringComparison.Ordinal);
        string commands = string.Concat(Directory.GetFiles(Path.Combine(Root, "tools", "Cli"), "*Command.cs").Select(File.ReadAllText));
        foreach (Match name in CommandShape().Matches(File.ReadAllText(Path.Combine(Root, "packaging", "ballast.1"))))
        {
            Assert.Contains("(\"" + name.Groups[1].Value + "\"", commands, StringComparison.Ordinal);
        }
    }

    // Instructions with their lines joined; comments and empty lines left out.
    private static (string Word, string Text)[] Containerfile()
    {
        string text = string.Join('\n', File.ReadLines(Path.Combine(Root, "Containerfile")).Where(l => l.Length > 0 && l[0] != '#')).Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. text.Split('\n').Select(l => (l.Split(' ')[0], l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()))];
    }

    internal static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ballast.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Ballast.slnx was not found above " + AppContext.BaseDirectory);
    }

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex VersionShape();

    [GeneratedRegex(@"^\.TP\n\.B ([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex CommandShape();
}
