using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Ballast.Benchmarks;

/// <summary>
/// Puts counters into a copy of an assembly: at the start of each basic block it adds the block's instructions, calls to own code and calls
/// to the platform. On the device's interpreter these counts, not the machine code, are what time is made of.
/// </summary>
internal static class IlRewriter
{
    public const string CounterType = "Ballast.IlCounter";
    public const string Instructions = "Instructions";
    public const string OwnCalls = "OwnCalls";
    public const string PlatformCalls = "PlatformCalls";

    /// <summary>The instrumented copy, as an image to load.</summary>
    public static byte[] Instrument(string path)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path);
        ModuleDefinition module = assembly.MainModule;
        var counter = new TypeDefinition(
            "Ballast", "IlCounter", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        FieldDefinition[] fields = [.. new[] { Instructions, OwnCalls, PlatformCalls }.Select(name =>
            new FieldDefinition(name, FieldAttributes.Public | FieldAttributes.Static, module.TypeSystem.Int64))];
        foreach (MethodDefinition method in module.GetTypes().Where(IsFirmware).SelectMany(t => t.Methods).Where(m => m.HasBody))
            Instrument(method.Body, fields);
        foreach (FieldDefinition field in fields)
            counter.Fields.Add(field);
        module.Types.Add(counter);

        using var image = new MemoryStream();
        assembly.Write(image);
        return image.ToArray();
    }

    // Models of parts stand for hardware: what they execute costs a board nothing.
    private static bool IsFirmware(TypeDefinition type) =>
        (type.DeclaringType ?? type).Namespace?.StartsWith("Ballast.Hw.Sim", StringComparison.Ordinal) != true;

    private static void Instrument(MethodBody body, FieldDefinition[] fields)
    {
        body.SimplifyMacros();
        List<Block> blocks = Split(body);
        ILProcessor il = body.GetILProcessor();
        var moved = new Dictionary<Instruction, Instruction>();
        foreach (Block block in blocks)
        {
            Instruction? first = null;
            for (int i = 0; i < fields.Length; i++)
            {
                if (block.Counts[i] == 0)
                    continue;
                Instruction load = il.Create(OpCodes.Ldsfld, fields[i]);
                il.InsertBefore(block.Start, load);
                il.InsertBefore(block.Start, il.Create(OpCodes.Ldc_I8, block.Counts[i]));
                il.InsertBefore(block.Start, il.Create(OpCodes.Add));
                il.InsertBefore(block.Start, il.Create(OpCodes.Stsfld, fields[i]));
                first ??= load;
            }

            moved[block.Start] = first!;
        }

        foreach (Instruction instruction in body.Instructions)
            if (instruction.Operand is Instruction target)
                instruction.Operand = moved[target];
            else if (instruction.Operand is Instruction[] targets)
                instruction.Operand = targets.Select(t => moved[t]).ToArray();
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = moved[handler.TryStart];
            handler.TryEnd = moved[handler.TryEnd];
            handler.HandlerStart = moved[handler.HandlerStart];
            if (handler.HandlerEnd != null)
                handler.HandlerEnd = moved[handler.HandlerEnd];
            if (handler.FilterStart != null)
                handler.FilterStart = moved[handler.FilterStart];
        }

        body.OptimizeMacros();
    }

    private static List<Block> Split(MethodBody body)
    {
        var starts = new HashSet<Instruction> { body.Instructions[0] };
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                starts.Add(target);
            else if (instruction.Operand is Instruction[] targets)
                starts.UnionWith(targets);
            if (instruction.Next != null && instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                starts.Add(instruction.Next!);
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
            foreach (Instruction? edge in new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart })
                if (edge != null)
                    starts.Add(edge);

        List<Block> blocks = [];
        foreach (Instruction instruction in body.Instructions)
        {
            if (starts.Contains(instruction))
                blocks.Add(new Block(instruction, new long[3]));
            long[] counts = blocks[^1].Counts;
            counts[0]++;
            if (instruction.OpCode.FlowControl == FlowControl.Call && instruction.Operand is MethodReference method)
                counts[method.DeclaringType.Scope is ModuleDefinition ? 1 : 2]++;
        }

        return blocks;
    }

    private sealed record Block(Instruction Start, long[] Counts);
}
