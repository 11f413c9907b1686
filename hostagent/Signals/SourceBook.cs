using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals.Schedules;

namespace Ballast.Host.Signals;

/// <summary>All sources of a site. Runs on the host's loop.</summary>
public sealed class SourceBook
{
    private readonly List<ISource> _all = [];
    private readonly HashSet<string> _ids = [];
    private readonly ClockWatch _clock;
    private readonly DispatchContext _context;

    /// <summary>Makes the sources of the configuration.</summary>
    public SourceBook(DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _clock = new ClockWatch(context, dispatcher);
        Zones = new ZoneBook(context.Options.ZoneFile);
        Add(new RestSource(context, desk, id => id != "rest" && _ids.Contains(id)));
        Signals = new SignalDesk(context, dispatcher, desk);
        foreach (SignalSource source in Signals.Sources)
        {
            Add(source);
        }

        foreach (ScheduleSection section in context.Options.Schedules)
        {
            Add(new ScheduleSource(section, Zones, context, desk));
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ISource> All => _all;

    /// <summary>Where signed limits arrive.</summary>
    public SignalDesk Signals { get; }

    /// <summary>Rules of the time zones.</summary>
    public ZoneBook Zones { get; }

    /// <summary>Finds one.</summary>
    public ISource? Find(string id) => _all.Find(s => s.Id == id);

    /// <summary>Takes what the journal holds.</summary>
    public void Start(JournaledState journaled)
    {
        Zones.Refresh();
        _all.ForEach(s => s.Start(journaled));
    }

    /// <summary>Call it often, before the dispatcher looks at the time.</summary>
    public void Watch() => _clock.Tick();

    /// <summary>Call it once a second.</summary>
    public void Tick()
    {
        Zones.Refresh();
        _context.Alarms.Set(Zones.Problem is not null, "zone-file", Zones.Problem ?? "");
        _all.ForEach(s => s.Tick());
    }

    private void Add(ISource source)
    {
        _all.Add(source);
        _ids.Add(source.Id);
    }
}
