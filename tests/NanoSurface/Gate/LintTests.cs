using Ballast.NanoGate.Lint;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ballast.NanoGate;

/// <summary>The rooms hold nothing that breaks on the device, and each rule of the lint can fail.</summary>
public sealed class LintTests
{
    /// <summary>Every project of the second compile.</summary>
    public static TheoryData<string> Rooms => [.. NanoPaths.RoomProjects.Select(p => Path.GetFileName(p))];

    /// <summary>Every rule.</summary>
    public static TheoryData<LintRule> Rules => [.. Enum.GetValues<LintRule>()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_holds_nothing_that_breaks_on_the_device(string project)
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.RoomAssembly(project));
        IReadOnlyList<Finding> findings = DeviceLint.Check(module);
        Assert.True(findings.Count == 0, string.Join('\n', findings.Select(f => f.ToString()).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Planted_violation_is_found(LintRule rule)
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.Violations);
        PlantInIl(module, rule);
        IReadOnlyList<Finding> findings = DeviceLint.Check(module);
        string type = "Planted." + rule;
        Assert.Contains(findings, f => f.Rule == rule && (f.Type == type || f.Type.StartsWith(type + "`", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_works_on_the_device_is_not_reported()
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.Violations);
        Assert.DoesNotContain(DeviceLint.Check(module), f => f.Type is "Planted.Allowed" or "<PrivateImplementationDetails>");
    }

    [Fact]
    public void A_room_that_outgrows_one_assembly_is_reported()
    {
        using ModuleDefinition module = NanoPaths.Read(NanoPaths.Violations);
        MethodDefinition big = AddMethod(module, "Planted.Big");
        for (int i = 0; i <= FormatLimits.AssemblyByteCode; i++)
        {
            big.Body.Instructions.Insert(0, Instruction.Create(OpCodes.Nop));
        }

        using var stream = new MemoryStream();
        module.Write(stream);
        using ModuleDefinition again = ModuleDefinition.ReadModule(new MemoryStream(stream.ToArray()));
        Assert.Contains(DeviceLint.Check(again), f => f.Rule == LintRule.FormatLimit && f.What.Contains("byte code", StringComparison.Ordinal));
    }

    /// <summary>Four rules cannot be broken in a source that compiles against the surface: those are planted in the IL.</summary>
    private static void PlantInIl(ModuleDefinition module, LintRule rule)
    {
        switch (rule)
        {
            case LintRule.FixedBuffer:
                TypeDefinition holder = AddType(module, "Planted.FixedBuffer");
                var field = new FieldDefinition("Data", FieldAttributes.Public, module.TypeSystem.Int32);
                var attribute = new TypeReference("System.Runtime.CompilerServices", "FixedBufferAttribute", module, module.TypeSystem.CoreLibrary);
                field.CustomAttributes.Add(new CustomAttribute(new MethodReference(".ctor", module.TypeSystem.Void, attribute)));
                holder.Fields.Add(field);
                break;
            case LintRule.PlatformInvoke:
                AddType(module, "Planted.PlatformInvoke").Methods.Add(
                    new MethodDefinition("Native", MethodAttributes.Static | MethodAttributes.PInvokeImpl, module.TypeSystem.Void));
                break;
            case LintRule.FormatLimit:
                MethodDefinition method = AddMethod(module, "Planted.FormatLimit");
                for (int i = 0; i < 256; i++)
                {
                    method.Body.Variables.Add(new VariableDefinition(module.TypeSystem.Int32));
                }

                break;
        }
    }

    private static MethodDefinition AddMethod(ModuleDefinition module, string type)
    {
        var method = new MethodDefinition("Run", MethodAttributes.Static | MethodAttributes.Public, module.TypeSystem.Void);
        method.Body.Instructions.Add(Instruction.Create(OpCodes.Ret));
        AddType(module, type).Methods.Add(method);
        return method;
    }

    private static TypeDefinition AddType(ModuleDefinition module, string name)
    {
        var type = new TypeDefinition("Planted", name["Planted.".Length..], TypeAttributes.Public | TypeAttributes.Class, module.TypeSystem.Object);
        module.Types.Add(type);
        return type;
    }
}
