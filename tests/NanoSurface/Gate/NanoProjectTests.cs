using System.Xml.Linq;

namespace Ballast.NanoGate;

/// <summary>The projects that build the firmware for the device are complete, although nothing here can build them.</summary>
public sealed class NanoProjectTests
{
    /// <summary>Every .nfproj.</summary>
    public static TheoryData<string> Projects => [.. NanoProject.All.Select(p => p.Name)];

    private static string DeviceFolder => Path.Combine(NanoPaths.Root, "firmware", "Device");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Lists_every_source_file_of_its_rooms_and_no_other(string name)
    {
        NanoProject project = Find(name);
        if (Environment.GetEnvironmentVariable("BALLAST_WRITE_NFPROJ") == "1")
        {
            project.Write();
        }

        Assert.Null(Difference(name, project.Expected, project.Listed));
        Assert.NotEmpty(project.Listed);
    }

    [Fact]
    public void Every_source_of_the_nano_rooms_belongs_to_one_project_or_to_the_host_alone()
    {
        var listed = NanoProject.All.SelectMany(p => p.ExpectedFiles).Concat(NanoProject.HostOnly).ToList();
        var present = new[] { "firmware", "hw" }
            .SelectMany(room => Directory.EnumerateFiles(Path.Combine(NanoPaths.Root, room), "*.cs", SearchOption.AllDirectories))
            .Where(f => !NanoProject.IsOutput(f)).Order(StringComparer.Ordinal);
        Assert.Equal(present, listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_is_missing_or_stale_or_listed_twice_is_reported()
    {
        Assert.Null(Difference("x", ["A.cs", "B.cs"], ["B.cs", "A.cs"]));
        Assert.Contains("add:\n    <Compile Include=\"B.cs\" />", Difference("x", ["A.cs", "B.cs"], ["A.cs"])!, StringComparison.Ordinal);
        Assert.Contains("remove:\nB.cs", Difference("x", ["A.cs"], ["A.cs", "B.cs"])!, StringComparison.Ordinal);
        Assert.Contains("remove:\nA.cs", Difference("x", ["A.cs"], ["A.cs", "A.cs"])!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Refers_to_what_the_second_compile_refers_to(string name)
    {
        NanoProject project = Find(name);
        Assert.Equal(project.RoomReferences.Order(StringComparer.Ordinal), project.References.Order(StringComparer.Ordinal));
        Assert.Equal(project.RoomRooms, project.Rooms);
        Assert.Equal(project.References.Select(r => $"$({r.Replace('.', '_')})"), project.HintPaths);
    }

    [Fact]
    public void Every_reference_has_a_package_of_the_pinned_version()
    {
        var pinned = XDocument.Load(Path.Combine(DeviceFolder, "packages.config")).Descendants("package")
            .Select(p => $"$(NanoPackages){p.Attribute("id")!.Value}.{p.Attribute("version")!.Value}\\lib\\").Order(StringComparer.Ordinal).ToList();
        XNamespace msbuild = "http://schemas.microsoft.com/developer/msbuild/2003";
        var paths = XDocument.Load(Path.Combine(DeviceFolder, "NanoPackages.props")).Descendants(msbuild + "PropertyGroup").Elements()
            .Where(e => e.Name.LocalName != "NanoPackages").ToDictionary(e => e.Name.LocalName, e => e.Value);
        Assert.Equal(pinned, paths.Values.Select(p => p[..(p.LastIndexOf('\\') + 1)]).Order(StringComparer.Ordinal));
        Assert.All(paths, p => Assert.EndsWith($"\\{p.Key.Replace('_', '.')}.dll", p.Value, StringComparison.Ordinal));
        IEnumerable<string> used = NanoProject.All.SelectMany(p => p.References).Distinct().Select(r => r.Replace('.', '_'));
        Assert.Equal(paths.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    private static string? Difference(string name, IReadOnlyList<string> expected, IReadOnlyList<string> listed)
    {
        var missing = expected.Except(listed).Select(f => $"    <Compile Include=\"{f}\" />").ToList();
        var stale = listed.Except(expected).Concat(listed.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => g.Key)).ToList();
        return missing.Count + stale.Count == 0
            ? null
            : $"{name}: run BALLAST_WRITE_NFPROJ=1 dotnet test tests/NanoSurface/Gate, or\nadd:\n{string.Join('\n', missing)}\nremove:\n{string.Join('\n', stale)}";
    }

    private static NanoProject Find(string name) => NanoProject.All.Single(p => p.Name == name);
}
