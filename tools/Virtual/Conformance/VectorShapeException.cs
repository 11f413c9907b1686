namespace Ballast.Virtual.Conformance;

/// <summary>A vectors file that cannot be run; the message is a sentence for its author.</summary>
public sealed class VectorShapeException : Exception
{
    /// <summary>Creates the exception with nothing to say.</summary>
    public VectorShapeException()
    {
    }

    /// <summary>Creates the exception with a sentence.</summary>
    public VectorShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a sentence and its cause.</summary>
    public VectorShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
