using System.Reflection;
using Mono.Cecil;

namespace Ballast.NanoGate;

/// <summary>Where the outputs of the second compile and the sources lie.</summary>
public static class NanoPaths
{
    /// <summary>tests/NanoSurface.</summary>
    public static readonly string NanoSurface = Metadata("NanoSurface");

    /// <summary>The repository's root.</summary>
    public static readonly string Root = Path.GetFullPath(Path.Combine(NanoSurface, "..", ".."));

    /// <summary>Where the list of the device's public members lies when it is there, beside the repository.</summary>
    public static readonly string Members = Path.GetFullPath(Path.Combine(Root, "..", "shared", "nano-api", "members.txt"));

    /// <summary>The compiler that this build used.</summary>
    public static readonly string Compiler = Path.Combine(Metadata("Roslyn"), "bincore", "csc.dll");

    /// <summary>The rooms' projects of the second compile.</summary>
    public static IEnumerable<string> RoomProjects =>
        Directory.EnumerateFiles(Path.Combine(NanoSurface, "Rooms"), "*.Nano.csproj").Order(StringComparer.Ordinal);

    /// <summary>The assembly that a room's project made.</summary>
    public static string RoomAssembly(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        return Path.Combine(Output("Rooms", name), $"Ballast.{name.Replace(".Nano", "", StringComparison.Ordinal)}.dll");
    }

    /// <summary>The assembly with the planted violations.</summary>
    public static string Violations => Path.Combine(Output("Violations", "Violations"), "Planted.Violations.dll");

    /// <summary>The surface's assemblies.</summary>
    public static IEnumerable<string> SurfaceAssemblies =>
        Directory.EnumerateDirectories(Path.Combine(NanoSurface, "Surface")).Order(StringComparer.Ordinal)
            .Select(d => Path.Combine(d, "bin", Metadata("Configuration"), Metadata("TargetFramework"), Path.GetFileName(d) + ".dll"));

    /// <summary>Reads an assembly of the second compile; references resolve to the surface and the rooms.</summary>
    public static ModuleDefinition Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} is missing: build tests/NanoSurface/Gate, which builds it too.");
        }

        var resolver = new DefaultAssemblyResolver();
        foreach (string search in resolver.GetSearchDirectories())
        {
            resolver.RemoveSearchDirectory(search);
        }

        foreach (string assembly in SurfaceAssemblies.Concat(RoomProjects.Select(RoomAssembly)))
        {
            resolver.AddSearchDirectory(Path.GetDirectoryName(assembly)!);
        }

        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
    }

    private static string Output(string folder, string project) =>
        Path.Combine(NanoSurface, folder, "bin", project, Metadata("Configuration"), Metadata("TargetFramework"));

    private static string Metadata(string key) =>
        typeof(NanoPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
