using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ballast.NanoGate.Lint;

/// <summary>
/// A narrow guess of what the instruction before left on the stack: enough for a load, a call or a conversion, which is how the
/// compiler hands a 64-bit value to a conversion in nearly all code. Where it cannot tell, it says no.
/// </summary>
internal static class StackTypes
{
    public static bool IsLong(Instruction? i, MethodDefinition method)
    {
        switch (i?.OpCode.Code)
        {
            case Code.Conv_I8:
            case Code.Conv_U8:
            case Code.Ldc_I8:
            case Code.Ldind_I8:
            case Code.Ldelem_I8:
                return true;
            case Code.Ldfld or Code.Ldsfld:
                return IsLong(((FieldReference)i.Operand).FieldType);
            case Code.Call or Code.Callvirt:
                return IsLong(((MethodReference)i.Operand).ReturnType);
            case Code.Ldloc or Code.Ldloc_S:
                return IsLong(((VariableDefinition)i.Operand).VariableType);
            case Code.Ldloc_0 or Code.Ldloc_1 or Code.Ldloc_2 or Code.Ldloc_3:
                return IsLong(method.Body.Variables[i.OpCode.Code - Code.Ldloc_0].VariableType);
            case Code.Ldarg or Code.Ldarg_S:
                return IsLong(((ParameterDefinition)i.Operand).ParameterType);
            case Code.Ldarg_0 or Code.Ldarg_1 or Code.Ldarg_2 or Code.Ldarg_3:
                int parameter = i.OpCode.Code - Code.Ldarg_0 - (method.HasThis ? 1 : 0);
                return parameter >= 0 && IsLong(method.Parameters[parameter].ParameterType);
            case Code.Add or Code.Sub or Code.Mul or Code.Div or Code.Div_Un:
                return IsLong(i.Previous, method);
            default:
                return false;
        }
    }

    private static bool IsLong(TypeReference type) => type.MetadataType is MetadataType.Int64 or MetadataType.UInt64;
}
