using Ballast.Host.Events;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Metrics;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>What the parts of the dispatcher share. One owner: the host's loop.</summary>
public sealed class DispatchContext
{
    /// <summary>Puts the parts together.</summary>
    public DispatchContext(SiteOptions options, TimeProvider time, IOrderCarrier carrier, IJournal journal, int seed, LoopCounts? counts = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Clock = new HostClock(time);
        Counts = counts ?? new LoopCounts();
        Fleet = new FleetBook(options, Counts);
        Tree = new SiteTree(options, Fleet);
        Meters = new MeterBook(options, Tree);
        Limits = new LimitBook();
        Alarms = new AlarmBook(Clock);
        Carrier = carrier;
        Journal = journal;
        Sender = new OrderSender(options, carrier, Clock);
        Curve = new CurveBook(Fleet);
        Random = new Random(seed);
        FullSiteW = options.Pods.Sum(p => p.Boards.Sum(b => b.NameplateW));
        RampUpWPerS = options.RampUpWPerS > 0 ? options.RampUpWPerS : Math.Max(FullSiteW / 60, 1);
        Events = new EventBook(this);
    }

    /// <summary>Configuration.</summary>
    public SiteOptions Options { get; }

    /// <summary>Time.</summary>
    public HostClock Clock { get; }

    /// <summary>What the loop counts as it goes.</summary>
    public LoopCounts Counts { get; }

    /// <summary>Boards and pods.</summary>
    public FleetBook Fleet { get; }

    /// <summary>Nodes.</summary>
    public SiteTree Tree { get; }

    /// <summary>Limits.</summary>
    public LimitBook Limits { get; }

    /// <summary>Reasons for which nothing may rise.</summary>
    public RiseHolds RiseHolds { get; } = new();

    /// <summary>Record of what limits led to.</summary>
    public EventBook Events { get; }

    /// <summary>Alarms.</summary>
    public AlarmBook Alarms { get; }

    /// <summary>Way to the broker.</summary>
    public IOrderCarrier Carrier { get; }

    /// <summary>Journal.</summary>
    public IJournal Journal { get; }

    /// <summary>Builds and publishes orders.</summary>
    public OrderSender Sender { get; }

    /// <summary>Steered boards and their curve.</summary>
    public CurveBook Curve { get; }

    /// <summary>Meters and gains.</summary>
    public MeterBook Meters { get; }

    /// <summary>Site meter.</summary>
    public SiteMeter Meter => Meters.SiteMeter;

    /// <summary>Gain of the site.</summary>
    public GainLoop Gain => Meters.Site.Gain;

    /// <summary>Who gives numbers instead of watts (step 11). The lowest holds.</summary>
    public IList<INumberSource> Numbers { get; } = [];

    /// <summary>Random order of admissions.</summary>
    public Random Random { get; }

    /// <summary>Sum of configured nameplates, W.</summary>
    public double FullSiteW { get; }

    /// <summary>Fastest rise, W/s.</summary>
    public double RampUpWPerS { get; }

    /// <summary>Highest epoch that this process has led with.</summary>
    public uint LastEpoch { get; internal set; }

    /// <summary>Salt of all orders: turns which of equal boards run.</summary>
    public uint Salt { get; internal set; }

    /// <summary>Settling time of a fall of a class, ms (control.md step 9).</summary>
    public long FallDelayMs(OrderClass orderClass) => orderClass switch
    {
        OrderClass.Emergency => 1000,
        OrderClass.Reliability => 5000,
        _ => (Options.RampS + 4) * 1000L,
    };

    /// <summary>Settling time of a rise, ms.</summary>
    public long RiseDelayMs => (Options.RampS + 4 + Options.SpreadS) * 1000L;
}
