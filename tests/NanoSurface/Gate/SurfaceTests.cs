using Mono.Cecil;

namespace Ballast.NanoGate;

/// <summary>The surface promises nothing that the device does not have.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Every_declared_member_exists_on_the_device()
    {
        if (!File.Exists(NanoPaths.Members))
        {
            // The build of this project says so too, where nobody reads the output of a test that passed.
            TestContext.Current.TestOutputHelper!.WriteLine("surface not checked: no members.txt");
            return;
        }

        IReadOnlySet<string> members = SurfaceCheck.ReadMembers(NanoPaths.Members);
        var unknown = new List<string>();
        foreach (string path in NanoPaths.SurfaceAssemblies)
        {
            using ModuleDefinition module = NanoPaths.Read(path);
            unknown.AddRange(SurfaceCheck.Unknown(module, members));
        }

        Assert.True(unknown.Count == 0, "declared in tests/NanoSurface/Surface, absent on the device:\n" + string.Join('\n', unknown));
    }

    [Fact]
    public void A_member_that_the_device_lacks_is_found()
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.SurfaceAssemblies.Single(p => p.EndsWith("System.Math.dll", StringComparison.Ordinal)));
        var members = SurfaceCheck.Declared(module).ToHashSet();
        Assert.Empty(SurfaceCheck.Unknown(module, members));

        TypeDefinition math = module.GetType("System.Math");
        var wrong = new MethodDefinition("Max", MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Int64);
        wrong.Parameters.Add(new ParameterDefinition(module.TypeSystem.Int64));
        math.Methods.Add(wrong);
        Assert.Equal(["System.Math: M System.Int64 System.Math::Max(System.Int64)"], SurfaceCheck.Unknown(module, members));
    }
}
