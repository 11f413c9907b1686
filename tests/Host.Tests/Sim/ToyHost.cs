using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;

namespace Ballast.Host.Tests.Sim;

/// <summary>A second host process on a toy site, with a journal of its own.</summary>
internal sealed class ToyHost : IOrderCarrier
{
    private readonly ToySite _site;

    internal ToyHost(ToySite site, string hostId, IJournal? store = null)
    {
        _site = site;
        store ??= Journal;
        Context = new DispatchContext(site.Options with { HostId = hostId }, site.Time, this, store, 11);
        Dispatcher = new SiteDispatcher(Context);
        Desk = new LimitDesk(Context, Dispatcher);
        Dispatcher.Start(store.Load());
        site.Second = this;
        Dispatcher.OnConnected();
        foreach ((string topic, byte[] word) in site.Kept.Where(k => k.Key.Contains("/hosts/", StringComparison.Ordinal)).ToList())
        {
            Dispatcher.OnHost(topic[(topic.LastIndexOf('/') + 1)..], word, true);
        }

        foreach (ToyBoard board in site.Boards.Where(b => b.Online))
        {
            Dispatcher.OnBoard(Encoding.ASCII.GetBytes(board.Name), "birth"u8, Encoding.ASCII.GetBytes(board.Birth()), true);
            Dispatcher.OnBoard(Encoding.ASCII.GetBytes(board.Name), "state"u8, Encoding.ASCII.GetBytes(board.State()), true);
        }
    }

    internal MemoryJournal Journal { get; } = new();

    internal DispatchContext Context { get; }

    internal SiteDispatcher Dispatcher { get; }

    internal LimitDesk Desk { get; }

    public bool IsConnected => _site.IsConnected;

    public bool Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain) => IsConnected && _site.Carry(topic, payload, qos, retain);
}
