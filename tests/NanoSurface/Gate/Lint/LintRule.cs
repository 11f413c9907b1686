namespace Ballast.NanoGate.Lint;

/// <summary>What compiles against the device's libraries and then breaks on the device, or means something else there.</summary>
public enum LintRule
{
    /// <summary>A type with generic parameters: the interpreter crashes.</summary>
    GenericType,

    /// <summary>A method with generic parameters: the interpreter hangs.</summary>
    GenericMethod,

    /// <summary>A generic type or method with arguments, Func and Action among them: the interpreter crashes.</summary>
    GenericInstance,

    /// <summary>An array with more than one dimension: the interpreter crashes.</summary>
    MultiDimensionalArray,

    /// <summary>Checked arithmetic: the interpreter does not throw on overflow.</summary>
    CheckedArithmetic,

    /// <summary>stackalloc.</summary>
    StackAllocation,

    /// <summary>A call through a pointer, or a function pointer in a signature.</summary>
    FunctionPointer,

    /// <summary>A pinned local (the <c>fixed</c> statement): the converter to .pe fails.</summary>
    PinnedLocal,

    /// <summary>A pointer in a signature or a local.</summary>
    RawPointer,

    /// <summary>A buffer of fixed size inside a struct.</summary>
    FixedBuffer,

    /// <summary>An interface member with a body: calling it ends in an exception that nobody sees.</summary>
    DefaultInterfaceMethod,

    /// <summary>A struct with explicit layout: the device lays fields out one after the other.</summary>
    ExplicitLayout,

    /// <summary>A call into a native library: the device has no dynamic linking.</summary>
    PlatformInvoke,

    /// <summary>Boxing an enum, or its ToString: the device prints the number, the PC the name.</summary>
    EnumAsText,

    /// <summary>A 64-bit integer turned into floating point: what the PC computes exactly may differ on the device.</summary>
    LongToFloat,

    /// <summary>Bigger than a table of the device's assembly format holds.</summary>
    FormatLimit,
}
