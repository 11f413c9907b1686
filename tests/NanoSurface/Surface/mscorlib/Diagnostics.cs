namespace System.Diagnostics;

public sealed class ConditionalAttribute : Attribute
{
    public string ConditionString => throw null;
    public ConditionalAttribute(string conditionString) => throw null;
}

public static class Debug
{
    [Conditional("DEBUG")]
    public static void Assert(bool condition) => throw null;
    [Conditional("DEBUG")]
    public static void Assert(bool condition, string message) => throw null;
    [Conditional("DEBUG")]
    public static void Assert(bool condition, string message, string detailedMessage) => throw null;
    [Conditional("DEBUG")]
    public static void Write(string message) => throw null;
    [Conditional("DEBUG")]
    public static void WriteLine() => throw null;
    [Conditional("DEBUG")]
    public static void WriteLine(string message) => throw null;
}

public static class Debugger
{
    public static bool IsAttached => throw null;
    public static void Break() => throw null;
}

public sealed class DebuggableAttribute : Attribute
{
    public bool IsJITTrackingEnabled => throw null;
    public bool IsJITOptimizerDisabled => throw null;
    public DebuggingModes DebuggingFlags => throw null;
    public DebuggableAttribute(bool isJITTrackingEnabled, bool isJITOptimizerDisabled) => throw null;
    public DebuggableAttribute(DebuggingModes modes) => throw null;
    public enum DebuggingModes
    {
        None = 0,
        Default = 1,
        DisableOptimizations = 256,
        IgnoreSymbolStoreSequencePoints = 2,
        EnableEditAndContinue = 4,
    }
}

public enum DebuggerBrowsableState
{
    Never = 0,
    Collapsed = 2,
    RootHidden = 3,
}

public sealed class DebuggerBrowsableAttribute : Attribute
{
    public DebuggerBrowsableState State => throw null;
    public DebuggerBrowsableAttribute(DebuggerBrowsableState state) => throw null;
}

public sealed class DebuggerHiddenAttribute : Attribute
{
    public DebuggerHiddenAttribute() => throw null;
}

public sealed class DebuggerStepThroughAttribute : Attribute
{
    public DebuggerStepThroughAttribute() => throw null;
}
