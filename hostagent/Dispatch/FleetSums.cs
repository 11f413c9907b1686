namespace Ballast.Host.Dispatch;

/// <summary>Sums over the boards of a pod, or of a node, that one decision needs, mW.</summary>
internal sealed class FleetSums
{
    /// <summary>Boards outside the curve at max(estimate, failsafe point), boards without a known ladder, and what silent boards in the
    /// curve may draw above their order.</summary>
    internal long FixedMw;

    /// <summary>Part of <see cref="UnsteeredMw"/> that is only reserved: boards that report less, silent ones that may obey, and sleeping ones
    /// that are counted with their fans at full. It may not teach the gain that boards draw less than they say.</summary>
    internal long ReserveMw;

    /// <summary>Believed standby of the boards in the curve.</summary>
    internal long StandbyMw;

    /// <summary>What the boards that run may draw above that right after they fell asleep, with their fans at full.</summary>
    internal long CoolingMw;

    /// <summary>What the boards that sleep draw above that once they wake.</summary>
    internal long WakingMw;

    /// <summary>Watts above standby of the first steps of the boards in <see cref="WakingMw"/>.</summary>
    internal long FirstStepsMw;

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

    /// <summary>Ordered watts above standby that fit into a room, mW. Where that falls, boards that it puts to sleep draw P[0] until they have
    /// cooled; where it rises, so do those that it wakes, first steps first.</summary>
    /// <param name="roomMw">Watts that steered boards may draw above what is unsteered now, mW.</param>
    /// <param name="gain">Watts drawn per watt ordered.</param>
    /// <param name="resolve">True: a limit changed, and its fall is one order that has to fit at once.</param>
    internal double Fits(double roomMw, double gain, bool resolve)
    {
        double most = roomMw / gain;
        if (most < OrderedMw)
        {
            return resolve && OrderedMw > 0 ? (roomMw - (CoolingMw * Math.Min(1, 1 - (Math.Max(0, most) / OrderedMw)))) / gain : most;
        }

        if (WakingMw == 0 || FirstStepsMw == 0)
        {
            return most;
        }

        double woken = (roomMw - (gain * OrderedMw)) / (gain + (WakingMw / (double)FirstStepsMw));
        return woken < FirstStepsMw ? OrderedMw + woken : (roomMw - WakingMw) / gain;
    }

    internal void Add(FleetSums other)
    {
        FixedMw += other.FixedMw;
        ReserveMw += other.ReserveMw;
        StandbyMw += other.StandbyMw;
        CoolingMw += other.CoolingMw;
        WakingMw += other.WakingMw;
        FirstStepsMw += other.FirstStepsMw;
        PredictedMw += other.PredictedMw;
        StrayMw += other.StrayMw;
        EstimateMw += other.EstimateMw;
        ExcessMw += other.ExcessMw;
        OrderedMw += other.OrderedMw;
        FullMw += other.FullMw;
    }
}
