using Ballast.Host.Dispatch;
using Ballast.Host.Options;

namespace Ballast.Host.Signals.Inputs;

/// <summary>A sensor that is read in the background; what it says comes to the loop. Its kinds say what a reading means.</summary>
public abstract class SensorSource : Source, IDisposable
{
    private readonly ISensor _sensor;
    private readonly Action<Action> _post;
    private Timer? _timer;
    private int _reading;
    private SensorReading _last = new(null, "it has not been read yet");

    /// <summary>Opens the sensor.</summary>
    protected SensorSource(SensorSection section, string kind, IHostInputs inputs, Action<Action> post, DispatchContext context)
        : base(section?.Id ?? "", kind, context)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(inputs);
        Section = section;
        _post = post;
        _sensor = inputs.OpenSensor(section);
    }

    /// <summary>What the configuration says.</summary>
    protected SensorSection Section { get; }

    /// <summary>Last good value in the source's unit; null before the first.</summary>
    protected double? Value { get; private set; }

    /// <summary>Bad readings in a row.</summary>
    protected int BadInARow { get; private set; }

    /// <summary>Begins to read in the background.</summary>
    public void StartReading() => _timer ??= new Timer(_ => Poll(), null, TimeSpan.Zero, TimeSpan.FromSeconds(Section.EveryS));

    /// <summary>Reads once, on this thread, and hands the reading to the loop. A reading that hangs is not begun again.</summary>
    public void Poll()
    {
        if (Interlocked.Exchange(ref _reading, 1) == 0)
        {
            SensorReading reading = _sensor.Read();
            _post(() => Take(reading));
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>Takes a reading, on the loop. One that is missing or implausible changes nothing but a counter (S04 counts them).</summary>
    public void Take(SensorReading reading)
    {
        _last = reading;
        double value = (reading.Value ?? double.NaN) * Section.Scale + Section.Offset;
        string? fault = reading.Fault ?? Implausible(value);
        if (fault is not null)
        {
            BadInARow++;
            Refuse("Refused: " + fault + ".");
        }
        else
        {
            BadInARow = 0;
            Value = value;
            Hear();
        }

        Apply();
    }

    /// <inheritdoc/>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
        => _last.Fault is { } fault ? new SourceTest(false, "The sensor does not answer: " + fault + ".")
            : new SourceTest(Value is not null && !IsStale(Section.FreshS), Text($"The chip reads {_last.Value:0.###}, which means {Value:0.##}. ") + View().Why + ".", View().AsksW);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Why a value cannot be true, or null.</summary>
    protected abstract string? Implausible(double value);

    /// <summary>Acts on what is known now.</summary>
    protected abstract void Apply();
}
