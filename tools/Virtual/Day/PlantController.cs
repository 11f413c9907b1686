using Ballast.Host.Limits;
using Ballast.Virtual.InProcess;
using Ballast.Virtual.Oracle;

namespace Ballast.Virtual.Day;

/// <summary>
/// The plant's own controller: it turns surplus and price into one cap on the site and posts it at the host, as over REST. A fall at once; a
/// rise when it has lasted and is worth an order.
/// </summary>
internal sealed class PlantController(InProcessSite site, SolarDay sun, double importW)
{
    private const int HoldRiseS = 10;

    private readonly double _stepW = (site.FullMw - site.FloorMw) / 1_000.0 * 0.0025;
    private long _posted = -1;
    private int _higherForS;

    /// <summary>Limits that the host took.</summary>
    public int Posts { get; private set; }

    /// <summary>The cap that holds at the host, W.</summary>
    public long CapW => Math.Max(0, _posted);

    /// <summary>What may be drawn at a second of the day, W.</summary>
    public double AllowedW(int second)
        => PriceDay.Sells(second) ? 0 : sun.SurplusW(second) + (PriceDay.Imports(second) ? importW : 0);

    /// <summary>Call it once a second.</summary>
    public void Step(int second)
    {
        long wanted = (long)(Math.Floor(AllowedW(second) / _stepW) * _stepW);
        bool higher = wanted > _posted + _stepW;
        _higherForS = higher ? _higherForS + 1 : 0;
        if (_posted >= 0 && wanted >= _posted && _higherForS < HoldRiseS)
            return;
        if (!site.Leader.IsRunning || site.SetCap(wanted, GridClass.Economic).Outcome is not (LimitOutcome.Created or LimitOutcome.NotDurable))
            return;
        Posts++;
        _posted = wanted;
        _higherForS = 0;
    }
}
