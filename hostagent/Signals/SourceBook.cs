using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.HomeAssistant;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals.Inputs;
using Ballast.Host.Signals.Prices;
using Ballast.Host.Signals.Schedules;
using Ballast.Host.Signals.Surplus;

namespace Ballast.Host.Signals;

/// <summary>All sources of a site. Runs on the host's loop.</summary>
public sealed class SourceBook : IDisposable
{
    private readonly List<ISource> _all = [];
    private readonly HashSet<string> _ids = [];
    private readonly Dictionary<string, SurplusSource> _byTopic = [];
    private readonly List<ContactSource> _contacts = [];
    private readonly List<SensorSource> _sensors = [];
    private readonly IHostInputs? _inputs;
    private readonly ClockWatch _clock;
    private readonly DispatchContext _context;

    /// <summary>Makes the sources of the configuration.</summary>
    /// <param name="context">The host.</param>
    /// <param name="dispatcher">Told when a cap falls.</param>
    /// <param name="desk">Desk that limits go to.</param>
    /// <param name="inputs">Lines and sensors; null takes the machine's own where the configuration asks for any.</param>
    /// <param name="post">Runs work on the loop; null runs it at once.</param>
    /// <exception cref="HostInputException">A line or sensor cannot be opened.</exception>
    public SourceBook(DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk, IHostInputs? inputs = null, Action<Action>? post = null)
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

        if (context.Options.Price is { } price)
        {
            Price = new PriceSource(price, context);
            Add(Price);
        }

        foreach (SurplusSection section in context.Options.Surplus)
        {
            SurplusSource source = new(section, context, dispatcher, desk);
            _byTopic[section.Topic] = source;
            Add(source);
        }

        if (context.Options.HomeAssistant is { ReadOnly: false } home)
        {
            Home = new HomeSource(home, context, dispatcher, desk);
            Add(Home);
        }

        if (context.Options.Contacts.Count > 0 || context.Options.Sensors.Count > 0)
        {
            _inputs = inputs ?? HostInputs.Create();
            OpenInputs(_inputs, post ?? (work => work()), dispatcher, desk);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ISource> All => _all;

    /// <summary>Where signed limits arrive.</summary>
    public SignalDesk Signals { get; }

    /// <summary>Prices, or null if none are configured.</summary>
    public PriceSource? Price { get; }

    /// <summary>Commands of Home Assistant, or null if it may not give any.</summary>
    public HomeSource? Home { get; }

    /// <summary>Topics below the site's root that sources listen to.</summary>
    public IReadOnlyCollection<string> Topics => _byTopic.Keys;

    /// <summary>Rules of the time zones.</summary>
    public ZoneBook Zones { get; }

    /// <summary>Finds one.</summary>
    public ISource? Find(string id) => _all.Find(s => s.Id == id);

    /// <summary>Hands a message to the source that listens to its topic.</summary>
    /// <returns>False if none does.</returns>
    public bool Route(ReadOnlySpan<byte> topic, byte[] payload, bool retained)
    {
        if (_byTopic.Count == 0 || !_byTopic.TryGetValue(Encoding.ASCII.GetString(topic), out SurplusSource? source))
        {
            return false;
        }

        source.Take(payload, retained);
        return true;
    }

    /// <summary>Takes what the journal holds.</summary>
    public void Start(JournaledState journaled)
    {
        Zones.Refresh();
        _all.ForEach(s => s.Start(journaled));
    }

    /// <summary>Call it often, before the dispatcher looks at the time.</summary>
    public void Watch()
    {
        _clock.Tick();
        _contacts.ForEach(c => c.Watch());
    }

    /// <summary>Begins to read sensors in the background.</summary>
    public void StartReading() => _sensors.ForEach(s => s.StartReading());

    /// <inheritdoc/>
    public void Dispose()
    {
        _sensors.ForEach(s => s.Dispose());
        _inputs?.Dispose();
    }

    /// <summary>Call it once a second.</summary>
    public void Tick()
    {
        Zones.Refresh();
        _context.Alarms.Set(Zones.Problem is not null, "zone-file", Zones.Problem ?? "");
        _all.ForEach(s => s.Tick());
    }

    private void OpenInputs(IHostInputs inputs, Action<Action> post, SiteDispatcher dispatcher, LimitDesk desk)
    {
        foreach (ContactSection section in _context.Options.Contacts)
        {
            ContactSource contact = new(section, inputs, post, _context, desk);
            _contacts.Add(contact);
            Add(contact);
        }

        foreach (SensorSection section in _context.Options.Sensors)
        {
            SensorSource sensor = section.Role == "meter" ? new MeterSensor(section, inputs, post, _context) : new AirSource(section, inputs, post, _context, dispatcher);
            _sensors.Add(sensor);
            Add(sensor);
        }
    }

    private void Add(ISource source)
    {
        _all.Add(source);
        _ids.Add(source.Id);
    }
}
