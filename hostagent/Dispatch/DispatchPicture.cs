using Ballast.Host.Limits;

namespace Ballast.Host.Dispatch;

/// <summary>What one decision saw and did; the page and the API show it.</summary>
/// <param name="AtMs">Host's time.</param>
/// <param name="Cap">Cap of the site.</param>
/// <param name="Emergency">An emergency holds on the site.</param>
/// <param name="MeterW">Metered watts, or what stands for them.</param>
/// <param name="MeterFresh">False: the meter is stale, and the boards' sum stands for it.</param>
/// <param name="MeterConfigured">False: there is no meter.</param>
/// <param name="FloorW">Base, standby and boards that no order moves.</param>
/// <param name="WantW">Board watts above standby that the cap allows; negative is unreachable.</param>
/// <param name="OrderedW">Board watts above standby that are ordered.</param>
/// <param name="PredictedW">The same, of boards that say they run.</param>
/// <param name="EstimateW">What all boards are believed to draw.</param>
/// <param name="FullW">Board watts above standby with everything on.</param>
/// <param name="Gain">Metered watts per ordered watt.</param>
/// <param name="Unreachable">The cap is below the floor.</param>
/// <param name="Waiting">Boards that wait for admission.</param>
/// <param name="SettlesInMs">How long the last order still needs.</param>
/// <param name="NoRiseForMs">How long nothing may rise after a start.</param>
/// <param name="BreakerRequest">Node that a breaker is asked for, or null.</param>
/// <param name="OrderChanges">Orders with new content so far.</param>
public sealed record DispatchPicture(
    long AtMs,
    NodeCap Cap,
    bool Emergency,
    double MeterW,
    bool MeterFresh,
    bool MeterConfigured,
    double FloorW,
    double WantW,
    double OrderedW,
    double PredictedW,
    double EstimateW,
    double FullW,
    double Gain,
    bool Unreachable,
    int Waiting,
    long SettlesInMs,
    long NoRiseForMs,
    string? BreakerRequest,
    long OrderChanges)
{
    /// <summary>Before the first decision.</summary>
    public static DispatchPicture Empty { get; } = new(0, new NodeCap(double.PositiveInfinity, Wire.OrderClass.Economic, null), false, 0, false, false, 0, 0, 0, 0, 0, 0, GainLoop.FirstGain, false, 0, 0, 0, null, 0);
}
