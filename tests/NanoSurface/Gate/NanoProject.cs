using System.Xml.Linq;

namespace Ballast.NanoGate;

/// <summary>One .nfproj, the sources that it must list, and the project of the second compile that stands for it.</summary>
public sealed class NanoProject
{
    private static readonly XNamespace Msbuild = "http://schemas.microsoft.com/developer/msbuild/2003";

    private readonly string _path;
    private readonly string[] _sources;
    private readonly string _room;

    /// <param name="path">The .nfproj.</param>
    /// <param name="room">Its project of the second compile.</param>
    /// <param name="sources">Folders with everything below them; with an exclamation mark, what is left out.</param>
    private NanoProject(string path, string room, params string[] sources)
    {
        _path = Path.Combine(NanoPaths.Root, path);
        _room = room;
        _sources = sources;
    }

    /// <summary>All of them. What a project compiles is said here and in the rooms' projects of the second compile.</summary>
    public static IReadOnlyList<NanoProject> All { get; } =
    [
        new("firmware/Wire/Ballast.Wire.nfproj", "Wire", "firmware/Wire", "!firmware/Wire/Host", "!firmware/Wire/Outside"),
        new("hw/Ballast.Hw.nfproj", "Hw", "hw/Asic", "hw/Boards", "hw/Bus", "hw/Parts", "!hw/Bus/Capture", "!hw/Parts/Bridges"),
        new("hw/Sim/Ballast.Sim.nfproj", "Sim", "hw/Sim", "hw/Bus/Capture", "hw/Parts/Bridges"),
        new("firmware/Mining/Ballast.Mining.nfproj", "Mining", "firmware/Mining", "firmware/Pool"),
        new("firmware/Ballast.Firmware.nfproj", "Firmware", "firmware/Agent", "firmware/Power", "firmware/Grid"),
        new("firmware/Console/Ballast.Console.nfproj", "Console", "firmware/Console"),
        new("firmware/SelfCheck/Ballast.SelfCheck.nfproj", "SelfCheck", "firmware/SelfCheck", "firmware/Wire/Host"),
        new("firmware/Device/Ballast.Device.nfproj", "Device", "firmware/Device", "firmware/Start"),
    ];

    /// <summary>Sources of the nano rooms that no device needs: the host reads limits from outside.</summary>
    public static IEnumerable<string> HostOnly => Below(["firmware/Wire/Outside"]);

    /// <summary>File name.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Sources that the rooms have, as the .nfproj must name them.</summary>
    public IReadOnlyList<string> Expected =>
        [.. ExpectedFiles.Select(f => Path.GetRelativePath(Path.GetDirectoryName(_path)!, f).Replace('/', '\\')).Order(StringComparer.Ordinal)];

    /// <summary>Full paths of the sources that the rooms have.</summary>
    public IEnumerable<string> ExpectedFiles =>
        Below(_sources.Where(s => s[0] != '!')).Except(Below(_sources.Where(s => s[0] == '!').Select(s => s[1..])));

    /// <summary>Sources that the .nfproj lists.</summary>
    public IReadOnlyList<string> Listed => Items("Compile");

    /// <summary>Libraries that the .nfproj refers to.</summary>
    public IReadOnlyList<string> References => Items("Reference");

    /// <summary>Properties that the references take their paths from.</summary>
    public IReadOnlyList<string> HintPaths => [.. Load().Descendants(Msbuild + "HintPath").Select(h => h.Value)];

    /// <summary>Rooms that the .nfproj refers to, by assembly name.</summary>
    public IReadOnlyList<string> Rooms =>
        [.. Items("ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/'))).Order(StringComparer.Ordinal)];

    /// <summary>Libraries that the second compile of this room refers to.</summary>
    public IReadOnlyList<string> RoomReferences =>
        [.. RoomItems().Where(r => r.StartsWith("$(Surface)", StringComparison.Ordinal)).Select(r => Path.GetFileNameWithoutExtension(r))];

    /// <summary>Rooms that the second compile of this room refers to, by assembly name.</summary>
    public IReadOnlyList<string> RoomRooms =>
        [.. RoomItems().Where(r => r.EndsWith(".Nano.csproj", StringComparison.Ordinal))
            .Select(r => "Ballast." + r.Replace(".Nano.csproj", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Writes the expected sources into the .nfproj.</summary>
    public void Write()
    {
        XDocument project = Load();
        XElement group = project.Root!.Elements(Msbuild + "ItemGroup").First(g => !g.HasElements || g.Elements(Msbuild + "Compile").Any());
        group.RemoveNodes();
        foreach (string file in Expected)
        {
            group.Add(new XText("\n    "), new XElement(Msbuild + "Compile", new XAttribute("Include", file)));
        }

        group.Add(new XText("\n  "));
        File.WriteAllText(_path, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + project.Root + "\n");
    }

    /// <summary>True for files that a build made.</summary>
    public static bool IsOutput(string file) => Path.GetRelativePath(NanoPaths.Root, file).Split('/', '\\').Any(p => p is "bin" or "obj");

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<string> Below(IEnumerable<string> folders) =>
        folders.Select(s => Path.Combine(NanoPaths.Root, s)).Where(Directory.Exists)
            .SelectMany(s => Directory.EnumerateFiles(s, "*.cs", SearchOption.AllDirectories)).Where(f => !IsOutput(f));

    private XDocument Load() => XDocument.Load(_path, LoadOptions.PreserveWhitespace);

    private IReadOnlyList<string> Items(string kind) =>
        [.. Load().Descendants(Msbuild + kind).Select(c => c.Attribute("Include")!.Value)];

    private IEnumerable<string> RoomItems() =>
        XDocument.Load(Path.Combine(NanoPaths.NanoSurface, "Rooms", _room + ".Nano.csproj")).Descendants("ProjectReference")
            .SelectMany(r => r.Attribute("Include")!.Value.Split(';'));
}
