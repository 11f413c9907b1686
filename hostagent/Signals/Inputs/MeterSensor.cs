using Ballast.Host.Dispatch;
using Ballast.Host.Options;

namespace Ballast.Host.Signals.Inputs;

/// <summary>A sensor as the site meter: it asks nothing, and what it reads is judged like the meter gateway's word (control.md, step 2).</summary>
public sealed class MeterSensor : SensorSource
{
    internal MeterSensor(SensorSection section, IHostInputs inputs, Action<Action> post, DispatchContext context)
        : base(section, "meter", inputs, post, context)
    {
    }

    private double LargestW => (Context.FullSiteW * 1.2) + Context.Options.BaseW;

    /// <inheritdoc/>
    public override void Tick()
    {
        // The dispatcher looks at the meter's age itself.
    }

    /// <inheritdoc/>
    public override SourceView View() => Common(QualityWithin(SiteMeter.FreshMs / 1000.0)) with
    {
        FreshS = SiteMeter.FreshMs / 1000.0,
        Node = "site",
        Why = Value is { } watts ? "measures " + Watts(watts) : "has not measured yet",
    };

    /// <inheritdoc/>
    protected override string? Implausible(double value)
        => value >= 0 && value <= LargestW ? null : Text($"{value:0.#} W is outside 0…{LargestW:0} W: check scale and offset");

    /// <inheritdoc/>
    protected override void Apply()
    {
        if (BadInARow == 0 && Value is { } watts)
        {
            Context.Meter.Take(watts, Context.Clock.NowMs, Context.Clock.NowMs, LargestW);
        }
    }
}
