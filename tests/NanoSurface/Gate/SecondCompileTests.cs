using System.Diagnostics;
using Mono.Cecil;

namespace Ballast.NanoGate;

/// <summary>A member that the device lacks is a compile error: the compiler sees the surface and nothing else.</summary>
public sealed class SecondCompileTests
{
    /// <summary>Every project of the second compile.</summary>
    public static TheoryData<string> Rooms => [.. NanoPaths.RoomProjects.Select(p => Path.GetFileName(p))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_refers_to_device_libraries_and_rooms_only(string project)
    {
        var known = NanoPaths.SurfaceAssemblies.Concat(NanoPaths.RoomProjects.Select(NanoPaths.RoomAssembly)).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.RoomAssembly(project));
        Assert.All(module.AssemblyReferences, r => Assert.Contains(r.Name, known));
        Assert.Contains(module.AssemblyReferences, r => r.Name == "mscorlib");
    }

    [Fact]
    public void Members_of_the_device_compile()
    {
        (int exit, string output) = Compile("Present.cs");
        Assert.True(exit == 0, output);
    }

    [Fact]
    public void A_missing_overload_is_a_compile_error()
    {
        (int exit, string output) = Compile("MissingOverload.cs");
        Assert.NotEqual(0, exit);
        Assert.Contains("error CS1503: Argument 1: cannot convert from 'long' to 'int'", output, StringComparison.Ordinal);
        Assert.Contains("error CS7036: There is no argument given that corresponds to the required parameter 'index' of 'Encoding.GetString", output, StringComparison.Ordinal);
        Assert.Contains("error CS0117: 'string' does not contain a definition for 'Join'", output, StringComparison.Ordinal);
        Assert.Contains("error CS7036: There is no argument given that corresponds to the required parameter 'index' of 'Array.Clear", output, StringComparison.Ordinal);
    }

    /// <summary>Runs the SDK's compiler on a planted file against the surface, as the rooms' projects do.</summary>
    private static (int Exit, string Output) Compile(string file)
    {
        string result = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(NanoPaths.Compiler);
            foreach (string argument in new[] { "-noconfig", "-nostdlib", "-nologo", "-langversion:9", "-target:library", "-preferreduilang:en", $"-out:{result}" })
            {
                start.ArgumentList.Add(argument);
            }

            foreach (string library in NanoPaths.SurfaceAssemblies)
            {
                start.ArgumentList.Add($"-reference:{library}");
            }

            start.ArgumentList.Add(Path.Combine(NanoPaths.NanoSurface, "Planted", file));
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        finally
        {
            File.Delete(result);
        }
    }
}
