using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Ballast.Host.Tests.Faults;

/// <summary>Every collection that can be reached from an object through fields, with the way to it.</summary>
internal static class Reach
{
    /// <summary>Collections with more elements than wanted.</summary>
    internal static List<string> Over(object root, int most)
    {
        List<string> found = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Queue<(object At, string Path)> open = new([(root, root.GetType().Name)]);
        while (open.TryDequeue(out (object At, string Path) next))
        {
            if (!seen.Add(next.At))
            {
                continue;
            }

            if (next.At is not string && next.At is IEnumerable many && Count(next.At) is { } count)
            {
                if (count > most)
                {
                    found.Add(next.Path + " (" + next.At.GetType().Name + ") has " + count);
                }

                foreach (object? element in many)
                {
                    Add(open, element, next.Path + "[]");
                }

                continue;
            }

            for (Type? type = next.At.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            {
                if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !typeof(ITuple).IsAssignableFrom(type))
                {
                    break;
                }

                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    Add(open, field.GetValue(next.At), next.Path + "." + field.Name.Replace(">k__BackingField", "", StringComparison.Ordinal).TrimStart('<'));
                }
            }
        }

        return found;
    }

    private static void Add(Queue<(object, string)> open, object? value, string path)
    {
        if (value is not null and not string and not Delegate and not Type && value.GetType() is { IsPrimitive: false, IsEnum: false, IsPointer: false })
        {
            open.Enqueue((value, path));
        }
    }

    private static int? Count(object collection) => collection is ICollection known
        ? known.Count
        : collection.GetType().GetProperty("Count", typeof(int))?.GetValue(collection) as int?;
}
