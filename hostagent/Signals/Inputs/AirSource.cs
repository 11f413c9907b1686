using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Signals.Inputs;

/// <summary>
/// Intake air as a thermal limit: steps by temperature with hysteresis. Missing or implausible three times in a row, or silent for longer
/// than its freshness, counts as too hot: the lower of what holds and the fallback (S04, S17).
/// </summary>
public sealed class AirSource : SensorSource
{
    private readonly SiteDispatcher _dispatcher;
    private readonly LimitNode _node;
    private int _step = -1;
    private double? _asksW;
    private string _why = "the air has not been read yet";

    internal AirSource(SensorSection section, IHostInputs inputs, Action<Action> post, DispatchContext context, SiteDispatcher dispatcher)
        : base(section, "air", inputs, post, context)
    {
        _dispatcher = dispatcher;
        _node = context.Tree.Find(section.Node) ?? throw new ArgumentException("There is no node '" + section.Node + "'.", nameof(section));
    }

    private bool Unknown => BadInARow >= 3 || IsStale(Section.FreshS);

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        base.Start(journaled);
        Apply();
    }

    /// <inheritdoc/>
    public override void Tick() => Apply();

    /// <inheritdoc/>
    public override SourceView View() => Common(Unknown ? SourceQuality.Stale : QualityWithin(Section.FreshS)) with
    {
        FreshS = Section.FreshS,
        FallbackW = Section.FallbackW,
        FallbackHolds = Unknown,
        MayRaise = true,
        Node = _node.Id,
        AsksW = _asksW,
        Why = _why,
    };

    /// <inheritdoc/>
    protected override string? Implausible(double value)
        => value is >= -40 and <= 85 ? null : Text($"{value:0.#} °C cannot be intake air (−40…85)");

    /// <inheritdoc/>
    protected override void Apply()
    {
        Context.Alarms.Set(Unknown, "source-silent", "Source " + Id + " does not say how warm the air is: its fallback holds. Check the sensor.", Id);
        Context.RiseHolds.Set(Id, !Unknown && HeardMs is null ? "Source " + Id + " has not spoken since the start." : null);
        if (Unknown)
        {
            _asksW = Math.Min(_asksW ?? double.MaxValue, Section.FallbackW);
            _why = "the air is not known, which counts as too hot";
        }
        else if (Value is { } c)
        {
            while (_step + 1 < Section.Steps.Count && c >= Section.Steps[_step + 1].FromC)
            {
                _step++;
            }

            while (_step >= 0 && c < Section.Steps[_step].FromC - Section.HysteresisC)
            {
                _step--;
            }

            _asksW = _step >= 0 ? Section.Steps[_step].LimitW : null;
            _why = Text($"intake air {c:0.0} °C");
        }

        Ask();
    }

    private void Ask()
    {
        double had = Context.Limits.Standing.FirstOrDefault(s => s.Source == Id)?.W ?? double.MaxValue;
        Context.Limits.SetStanding(Id, _asksW is { } watts
            ? new StandingCap(Id, _node, watts, Section.Class == "reliability" ? OrderClass.Reliability : OrderClass.Economic, _why)
            : null);
        if ((_asksW ?? double.MaxValue) < had)
        {
            _dispatcher.CapChanged();
        }
    }
}
