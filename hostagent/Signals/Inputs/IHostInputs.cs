using Ballast.Host.Options;

namespace Ballast.Host.Signals.Inputs;

/// <summary>The lines and sensors of the machine that the host runs on. Tests drive their own.</summary>
public interface IHostInputs : IDisposable
{
    /// <summary>Opens a line as an input.</summary>
    /// <param name="contact">Which line, pull and edge.</param>
    /// <param name="edge">Called on any thread when an edge was seen; must be quick.</param>
    /// <exception cref="HostInputException">It cannot be opened; the sentence says why.</exception>
    IContactLine OpenLine(ContactSection contact, Action edge);

    /// <summary>Opens a sensor.</summary>
    /// <exception cref="HostInputException">It cannot be opened; the sentence says why.</exception>
    ISensor OpenSensor(SensorSection sensor);
}

/// <summary>A line.</summary>
public interface IContactLine
{
    /// <summary>True is high, false is low, null if it cannot be read. Does not wait.</summary>
    bool? ReadHigh();
}

/// <summary>A sensor.</summary>
public interface ISensor
{
    /// <summary>Reads it; may take some milliseconds, so never on the host's loop. A failure is a value.</summary>
    SensorReading Read();
}

/// <summary>What a sensor said.</summary>
/// <param name="Value">In the chip's unit; null if it could not be read.</param>
/// <param name="Fault">Why not; null if it could.</param>
public readonly record struct SensorReading(double? Value, string? Fault);

/// <summary>An input that cannot be opened. The host does not start without an input that its configuration asks for.</summary>
public sealed class HostInputException : Exception
{
    /// <summary>Makes one with a sentence for the operator.</summary>
    public HostInputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a sentence for the operator and its cause.</summary>
    public HostInputException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public HostInputException()
    {
    }
}
