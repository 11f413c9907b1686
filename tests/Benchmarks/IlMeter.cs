using System.Reflection;
using System.Runtime.Loader;

namespace Ballast.Benchmarks;

/// <summary>What one run of a workload executed in our rooms.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Budget">Most instructions allowed; 0 if none is set.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="OwnCalls">Calls among them to own methods.</param>
/// <param name="PlatformCalls">Calls among them to the platform; what runs inside is not counted.</param>
public sealed record IlCount(string Name, long Budget, long Instructions, long OwnCalls, long PlatformCalls);

/// <summary>
/// Runs the workloads against instrumented copies of our rooms, in a load context of their own. The counts depend on nothing but the code,
/// so that a test may assert them.
/// </summary>
public static class IlMeter
{
    private static readonly string[] Rooms = ["Ballast.Wire", "Ballast.Firmware", "Ballast.Hw"];

    /// <summary>Counts all workloads.</summary>
    public static IReadOnlyList<IlCount> Measure()
    {
        string folder = Path.GetDirectoryName(typeof(IlMeter).Assembly.Location)!;
        var context = new RoomContext(folder);
        try
        {
            FieldInfo[][] counters = [.. Rooms.Select(room => Counters(context.LoadFromAssemblyName(new AssemblyName(room))))];
            Type workloads = context.LoadFromAssemblyName(typeof(IlMeter).Assembly.GetName()).GetType(typeof(Workloads).FullName!)!;
            var all = (object[][])workloads.GetMethod(nameof(Workloads.All))!.Invoke(null, null)!;
            return [.. all.Select(w => Measure((string)w[0], (long)w[1], w.Length > 3 ? (Action)w[2] : () => { }, (Action)w[^1], counters))];
        }
        finally
        {
            context.Unload();
        }
    }

    private static IlCount Measure(string name, long budget, Action prepare, Action run, FieldInfo[][] counters)
    {
        // The first run pays for static initialisers and for what is allocated once.
        prepare();
        run();
        prepare();
        foreach (FieldInfo field in counters.SelectMany(c => c))
            field.SetValue(null, 0L);
        run();
        long[] counts = [.. Enumerable.Range(0, 3).Select(i => counters.Sum(room => (long)room[i].GetValue(null)!))];
        return new IlCount(name, budget, counts[0], counts[1], counts[2]);
    }

    private static FieldInfo[] Counters(Assembly room)
    {
        Type type = room.GetType(IlRewriter.CounterType, throwOnError: true)!;
        return [.. new[] { IlRewriter.Instructions, IlRewriter.OwnCalls, IlRewriter.PlatformCalls }.Select(name => type.GetField(name)!)];
    }

    // Our rooms instrumented, this assembly once more so that its workloads bind to them, everything else shared.
    private sealed class RoomContext(string folder) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            if (Rooms.Contains(assemblyName.Name))
                return LoadFromStream(new MemoryStream(IlRewriter.Instrument(path)));
            return assemblyName.Name == typeof(IlMeter).Assembly.GetName().Name ? LoadFromStream(new MemoryStream(File.ReadAllBytes(path))) : null;
        }
    }
}
