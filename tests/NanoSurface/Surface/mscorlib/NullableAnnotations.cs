namespace System.Diagnostics.CodeAnalysis;

public sealed class AllowNullAttribute : Attribute
{
    public AllowNullAttribute() => throw null;
}

public sealed class DisallowNullAttribute : Attribute
{
    public DisallowNullAttribute() => throw null;
}

public sealed class MaybeNullAttribute : Attribute
{
    public MaybeNullAttribute() => throw null;
}

public sealed class NotNullAttribute : Attribute
{
    public NotNullAttribute() => throw null;
}

public sealed class MaybeNullWhenAttribute : Attribute
{
    public bool ReturnValue => throw null;
    public MaybeNullWhenAttribute(bool returnValue) => throw null;
}

public sealed class NotNullWhenAttribute : Attribute
{
    public bool ReturnValue => throw null;
    public NotNullWhenAttribute(bool returnValue) => throw null;
}

public sealed class NotNullIfNotNullAttribute : Attribute
{
    public string ParameterName => throw null;
    public NotNullIfNotNullAttribute(string parameterName) => throw null;
}

public sealed class DoesNotReturnAttribute : Attribute
{
    public DoesNotReturnAttribute() => throw null;
}

public sealed class DoesNotReturnIfAttribute : Attribute
{
    public bool ParameterValue => throw null;
    public DoesNotReturnIfAttribute(bool parameterValue) => throw null;
}

public sealed class MemberNotNullAttribute : Attribute
{
    public string[] Members => throw null;
    public MemberNotNullAttribute(string member) => throw null;
    public MemberNotNullAttribute(string[] members) => throw null;
}

public sealed class MemberNotNullWhenAttribute : Attribute
{
    public bool ReturnValue => throw null;
    public string[] Members => throw null;
    public MemberNotNullWhenAttribute(bool returnValue, string member) => throw null;
    public MemberNotNullWhenAttribute(bool returnValue, string[] members) => throw null;
}
