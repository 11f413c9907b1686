using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ballast.NanoGate.Lint;

/// <summary>
/// Sizes that the .pe format of the device holds in one or two bytes. The converter refuses some overflows and cuts others short
/// without a word, so they are refused here.
/// </summary>
public static class FormatLimits
{
    /// <summary>Most bytes of byte code in one assembly.</summary>
    public const int AssemblyByteCode = 65_535;

    private const int OneByte = 255;

    /// <summary>Checks what belongs to one method.</summary>
    public static void CheckMethod(MethodDefinition method, Action<string> report)
    {
        MethodBody body = method.Body;
        if (body.Variables.Count > OneByte)
        {
            report($"{body.Variables.Count} locals, the format holds {OneByte}");
        }

        if (method.Parameters.Count + (method.HasThis ? 1 : 0) > OneByte)
        {
            report($"{method.Parameters.Count} parameters, the format holds {OneByte}");
        }

        if (body.MaxStackSize > OneByte)
        {
            report($"stack of {body.MaxStackSize}, the format holds {OneByte}");
        }

        if (body.ExceptionHandlers.Count > OneByte)
        {
            report($"{body.ExceptionHandlers.Count} exception handlers, the format holds {OneByte}");
        }

        foreach (Instruction i in body.Instructions)
        {
            if (i.Operand is Instruction[] { Length: > OneByte } targets)
            {
                report($"switch over {targets.Length} values, the format holds {OneByte}; use a table");
            }
        }
    }

    /// <summary>Checks what belongs to a type or to the assembly.</summary>
    public static void CheckModule(ModuleDefinition module, Action<string> report)
    {
        foreach (TypeDefinition type in module.GetTypes())
        {
            int virtuals = type.Methods.Count(m => m.IsVirtual);
            int statics = type.Methods.Count(m => m.IsStatic);
            int instances = type.Methods.Count - virtuals - statics;
            if (Math.Max(virtuals, Math.Max(statics, instances)) > OneByte)
            {
                report($"{type.FullName} has more than {OneByte} virtual, static or instance methods");
            }
        }

        int size = ByteCode(module);
        if (size > AssemblyByteCode)
        {
            report($"{size} bytes of byte code, the format holds {AssemblyByteCode} in one assembly; move a room to its own");
        }
    }

    /// <summary>Bytes of byte code after conversion: tokens and long branches take two bytes instead of four.</summary>
    public static int ByteCode(ModuleDefinition module) =>
        module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).Sum(m => ByteCode(m.Body));

    private static int ByteCode(MethodBody body)
    {
        int size = body.CodeSize + (body.HasExceptionHandlers ? 1 + (12 * body.ExceptionHandlers.Count) : 0);
        foreach (Instruction i in body.Instructions)
        {
            switch (i.OpCode.OperandType)
            {
                case OperandType.InlineSwitch:
                    size -= 3 + (2 * ((Instruction[])i.Operand).Length);
                    break;
                case OperandType.InlineString:
                case OperandType.InlineMethod:
                case OperandType.InlineField:
                case OperandType.InlineType:
                case OperandType.InlineBrTarget:
                    size -= 2;
                    break;
            }
        }

        return size;
    }
}
