using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>All sources of a site. Runs on the host's loop.</summary>
public sealed class SourceBook
{
    private readonly List<ISource> _all = [];
    private readonly HashSet<string> _ids = [];

    /// <summary>Makes the sources of the configuration.</summary>
    public SourceBook(DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
    {
        ArgumentNullException.ThrowIfNull(context);
        Add(new RestSource(context, desk, id => id != "rest" && _ids.Contains(id)));
        Signals = new SignalDesk(context, dispatcher, desk);
        foreach (SignalSource source in Signals.Sources)
        {
            Add(source);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ISource> All => _all;

    /// <summary>Where signed limits arrive.</summary>
    public SignalDesk Signals { get; }

    /// <summary>Finds one.</summary>
    public ISource? Find(string id) => _all.Find(s => s.Id == id);

    /// <summary>Takes what the journal holds.</summary>
    public void Start(JournaledState journaled) => _all.ForEach(s => s.Start(journaled));

    /// <summary>Call it once a second.</summary>
    public void Tick() => _all.ForEach(s => s.Tick());

    private void Add(ISource source)
    {
        _all.Add(source);
        _ids.Add(source.Id);
    }
}
