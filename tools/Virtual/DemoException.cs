namespace Ballast.Virtual;

/// <summary>The demo cannot go on; the message says why and what to do. Printed without a stack.</summary>
public sealed class DemoException : Exception
{
    /// <summary>Makes one.</summary>
    public DemoException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one around a cause.</summary>
    public DemoException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes one without a message.</summary>
    public DemoException()
    {
    }
}
