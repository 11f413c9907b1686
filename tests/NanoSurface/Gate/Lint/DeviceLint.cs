using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ballast.NanoGate.Lint;

/// <summary>Reads the IL of the second compile and reports what the device's interpreter or converter cannot do.</summary>
public sealed class DeviceLint
{
    private readonly List<Finding> _findings = [];
    private string _type = "";

    private DeviceLint()
    {
    }

    /// <summary>All findings in a module, in the order of its types.</summary>
    public static IReadOnlyList<Finding> Check(ModuleDefinition module)
    {
        var lint = new DeviceLint();
        foreach (TypeDefinition type in module.Types)
        {
            lint._type = type.FullName;
            lint.CheckType(type);
        }

        lint._type = module.Assembly.Name.Name;
        lint.CheckLimits(module);
        return lint._findings;
    }

    private void Add(LintRule rule, string where, string what) => _findings.Add(new Finding(rule, _type, where, what));

    private void CheckType(TypeDefinition type)
    {
        string where = type.FullName;
        if (type.HasGenericParameters)
        {
            Add(LintRule.GenericType, where, "generic type; write it for the one type that is needed");
        }

        // The compiler keeps the bytes of initialised arrays in structs of its own with explicit layout; those work.
        if (type.IsExplicitLayout && !type.FullName.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal))
        {
            Add(LintRule.ExplicitLayout, where, "explicit layout; shift and mask instead");
        }

        CheckReference(type.BaseType, where);
        foreach (InterfaceImplementation i in type.Interfaces)
        {
            CheckReference(i.InterfaceType, where);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            CheckReference(field.FieldType, field.FullName);
            if (field.CustomAttributes.Any(a => a.AttributeType.Name == "FixedBufferAttribute"))
            {
                Add(LintRule.FixedBuffer, field.FullName, "buffer of fixed size; use an array");
            }
        }

        foreach (MethodDefinition method in type.Methods)
        {
            CheckMethod(type, method);
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            CheckType(nested);
        }
    }

    private void CheckMethod(TypeDefinition type, MethodDefinition method)
    {
        string where = method.FullName;
        if (method.HasGenericParameters)
        {
            Add(LintRule.GenericMethod, where, "generic method; write it for the one type that is needed");
        }

        if (method.IsPInvokeImpl)
        {
            Add(LintRule.PlatformInvoke, where, "call into a native library");
        }

        if (type.IsInterface && (method.HasBody || method.IsStatic))
        {
            Add(LintRule.DefaultInterfaceMethod, where, "interface member with a body; put it into the classes");
        }

        CheckReference(method.ReturnType, where);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            CheckReference(parameter.ParameterType, where);
        }

        if (method.HasBody)
        {
            CheckBody(method, where);
        }
    }

    private void CheckBody(MethodDefinition method, string where)
    {
        MethodBody body = method.Body;
        foreach (VariableDefinition local in body.Variables)
        {
            if (local.IsPinned)
            {
                Add(LintRule.PinnedLocal, where, "fixed statement; index the array");
            }

            CheckReference(local.VariableType, where);
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            CheckReference(handler.CatchType, where);
        }

        foreach (Instruction i in body.Instructions)
        {
            CheckOpCode(i, method, where);
            CheckOperand(i.Operand, where);
        }

        FormatLimits.CheckMethod(method, (what) => Add(LintRule.FormatLimit, where, what));
    }

    private void CheckOpCode(Instruction i, MethodDefinition method, string where)
    {
        Code code = i.OpCode.Code;
        string name = i.OpCode.Name;
        if (name.Contains(".ovf", StringComparison.Ordinal))
        {
            Add(LintRule.CheckedArithmetic, where, $"{name}: checked arithmetic; compare with the range before");
        }
        else if (code == Code.Localloc)
        {
            Add(LintRule.StackAllocation, where, "stackalloc; use a field that holds the array");
        }
        else if (code == Code.Calli)
        {
            Add(LintRule.FunctionPointer, where, "call through a function pointer; use an interface or an own delegate");
        }
        else if (code == Code.Box && IsEnum(i.Operand))
        {
            Add(LintRule.EnumAsText, where, $"boxes {i.Operand}; cast it to int, or name its values in a table");
        }
        else if (code == Code.Constrained && IsEnum(i.Operand) && i.Next?.Operand is MethodReference { Name: "ToString" })
        {
            Add(LintRule.EnumAsText, where, $"ToString of {i.Operand}; name its values in a table");
        }
        else if (code is Code.Conv_R4 or Code.Conv_R8 or Code.Conv_R_Un && StackTypes.IsLong(i.Previous, method))
        {
            Add(LintRule.LongToFloat, where, "64-bit integer to floating point; stay with integers");
        }
    }

    private void CheckOperand(object? operand, string where)
    {
        switch (operand)
        {
            case MethodReference m:
                if (m is GenericInstanceMethod g)
                {
                    Add(LintRule.GenericInstance, where, $"calls {g.FullName}; write it for the one type that is needed");
                }

                CheckReference(m.DeclaringType, where);
                CheckReference(m.ReturnType, where);
                foreach (ParameterDefinition p in m.Parameters)
                {
                    CheckReference(p.ParameterType, where);
                }

                break;
            case FieldReference f:
                CheckReference(f.DeclaringType, where);
                CheckReference(f.FieldType, where);
                break;
            case TypeReference t:
                CheckReference(t, where);
                break;
            case CallSite s:
                CheckReference(s.ReturnType, where);
                break;
        }
    }

    /// <summary>Looks through arrays, references and modifiers at what a type is made of.</summary>
    private void CheckReference(TypeReference? type, string where)
    {
        switch (type)
        {
            case null:
                return;
            case GenericInstanceType g:
                Add(LintRule.GenericInstance, where, $"uses {g.FullName}; declare an own delegate or class");
                return;
            case ArrayType { IsVector: false } a:
                Add(LintRule.MultiDimensionalArray, where, $"uses {a.FullName}; use one array and compute the index, or an array of arrays");
                break;
            case FunctionPointerType:
                Add(LintRule.FunctionPointer, where, "function pointer; use an interface or an own delegate");
                return;
            case PointerType p:
                Add(LintRule.RawPointer, where, $"uses {p.FullName}; index the array");
                return;
        }

        if (type is TypeSpecification s)
        {
            CheckReference(s.ElementType, where);
        }
    }

    private void CheckLimits(ModuleDefinition module) =>
        FormatLimits.CheckModule(module, (what) => Add(LintRule.FormatLimit, module.Assembly.Name.Name, what));

    private static bool IsEnum(object? operand) => operand is TypeReference t && t.Resolve() is { IsEnum: true };
}
