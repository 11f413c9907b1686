namespace Ballast.Host.Dispatch;

/// <summary>Sums over the boards of a pod, or of a node, that one decision needs, mW.</summary>
internal sealed class FleetSums
{
    /// <summary>Boards outside the curve at max(estimate, failsafe point), boards without a known ladder, and what silent boards in the
    /// curve may draw above their order.</summary>
    internal long FixedMw;

    /// <summary>Part of <see cref="FixedMw"/> that is only reserved: boards that report less, and silent ones that may obey. It may not teach
    /// the gain that boards draw less than they say.</summary>
    internal long ReserveMw;

    /// <summary>Believed standby of the boards in the curve.</summary>
    internal long StandbyMw;

    /// <summary>What the boards that run may draw above that right after they fell asleep, with their fans at full.</summary>
    internal long CoolingMw;

    /// <summary>Ordered watts above standby of the boards that say they run. One on its way to its point tells nothing about the
    /// gain yet.</summary>
    internal long PredictedMw;

    /// <summary>What boards in the curve draw above standby without being at the order now (on their way, derated, own cap).</summary>
    internal long StrayMw;

    /// <summary>What all boards are believed to draw.</summary>
    internal long EstimateMw;

    /// <summary>Suspects' watts above their orders.</summary>
    internal long ExcessMw;

    /// <summary>Ordered watts above standby of the whole curve.</summary>
    internal long OrderedMw;

    /// <summary>Watts above standby with everything on.</summary>
    internal long FullMw;

    /// <summary>Watts that no order moves now.</summary>
    internal long UnsteeredMw => FixedMw + StandbyMw;

    internal void Add(FleetSums other)
    {
        FixedMw += other.FixedMw;
        ReserveMw += other.ReserveMw;
        StandbyMw += other.StandbyMw;
        CoolingMw += other.CoolingMw;
        PredictedMw += other.PredictedMw;
        StrayMw += other.StrayMw;
        EstimateMw += other.EstimateMw;
        ExcessMw += other.ExcessMw;
        OrderedMw += other.OrderedMw;
        FullMw += other.FullMw;
    }
}
