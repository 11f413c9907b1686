using Mono.Cecil;

namespace Ballast.NanoGate;

/// <summary>Compares what the surface declares with the list of what the device's libraries have.</summary>
public static class SurfaceCheck
{
    /// <summary>One line per public or protected thing: T type, M method, F field, with Mono.Cecil's full name.</summary>
    public static IEnumerable<string> Declared(ModuleDefinition module)
    {
        foreach (TypeDefinition type in module.GetTypes().Where(IsVisible))
        {
            yield return "T " + type.FullName;
            foreach (MethodDefinition m in type.Methods.Where(m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly))
            {
                // The compiler gives an abstract class a constructor without being asked.
                if (!m.IsConstructor || !type.IsAbstract || m.Parameters.Count > 0)
                {
                    yield return "M " + m.FullName;
                }
            }

            foreach (FieldDefinition f in type.Fields.Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName))
            {
                yield return "F " + f.FullName;
            }
        }
    }

    /// <summary>What a surface assembly declares and the device does not have.</summary>
    public static IReadOnlyList<string> Unknown(ModuleDefinition module, IReadOnlySet<string> members) =>
        [.. Declared(module).Where(d => !members.Contains(d)).Select(d => $"{module.Assembly.Name.Name}: {d}")];

    /// <summary>Reads the list of members.</summary>
    public static IReadOnlySet<string> ReadMembers(string path) => File.ReadLines(path).ToHashSet(StringComparer.Ordinal);

    private static bool IsVisible(TypeDefinition type) =>
        type.Name != "<Module>" && (type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType)));
}
