namespace System.Reflection;

public abstract class MemberInfo
{
    public abstract MemberTypes MemberType { get; }
    public abstract string Name { get; }
    public abstract Type DeclaringType { get; }
}

public enum MemberTypes
{
    Constructor = 1,
    Event = 2,
    Field = 4,
    Method = 8,
    Property = 16,
    TypeInfo = 32,
    Custom = 64,
    NestedType = 128,
    All = 191,
}

public sealed class DefaultMemberAttribute : Attribute
{
    public string MemberName => throw null;
    public DefaultMemberAttribute(string memberName) => throw null;
}

public sealed class AssemblyVersionAttribute : Attribute
{
    public string Version => throw null;
    public AssemblyVersionAttribute(string version) => throw null;
}

public sealed class AssemblyFileVersionAttribute : Attribute
{
    public string Version => throw null;
    public AssemblyFileVersionAttribute(string version) => throw null;
}

public sealed class AssemblyTitleAttribute : Attribute
{
    public string Title => throw null;
    public AssemblyTitleAttribute(string title) => throw null;
}

public sealed class AssemblyCompanyAttribute : Attribute
{
    public string Company => throw null;
    public AssemblyCompanyAttribute(string company) => throw null;
}

public sealed class AssemblyProductAttribute : Attribute
{
    public string Product => throw null;
    public AssemblyProductAttribute(string product) => throw null;
}

public sealed class AssemblyCopyrightAttribute : Attribute
{
    public string Copyright => throw null;
    public AssemblyCopyrightAttribute(string copyright) => throw null;
}

public sealed class AssemblyInformationalVersionAttribute : Attribute
{
    public string InformationalVersion => throw null;
    public AssemblyInformationalVersionAttribute(string informationalVersion) => throw null;
}
