using System.Text;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Wire;

namespace Ballast.Host.Signals;

/// <summary>What came of a signal.</summary>
/// <param name="Taken">True if it was good.</param>
/// <param name="Sentence">What was done, or why not.</param>
public sealed record SignalVerdict(bool Taken, string Sentence);

/// <summary>
/// Signed limits on `grid/signal` (contract section 6): reads a message and finds whose it is. Checks in the order of section 2; a message
/// that fails changes nothing but a counter (S14).
/// </summary>
public sealed class SignalDesk
{
    private readonly DispatchContext _context;
    private readonly byte[] _topic;
    private readonly GridSignal _signal = new();
    private readonly List<SignalSource> _sources = [];

    /// <summary>Makes the sources of the configuration; none has spoken yet.</summary>
    public SignalDesk(DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _topic = Encoding.ASCII.GetBytes("ballast/v1/" + context.Options.Site + "/grid/signal");
        foreach (SourceSection section in context.Options.Sources)
        {
            _sources.Add(new SignalSource(section, context, dispatcher, desk, this));
        }
    }

    /// <summary>All sources of signed limits.</summary>
    public IReadOnlyList<SignalSource> Sources => _sources;

    /// <summary>True while the second broker is reached.</summary>
    public bool GridLinked { get; private set; }

    /// <summary>Notes that the link to the second broker came or went.</summary>
    public void Link(bool up, string sentence)
    {
        GridLinked = up;
        _context.Alarms.Set(!up, "signal-broker", "The second broker for signals is not reached: " + sentence + " What it said holds.");
    }

    /// <summary>Messages that no source could be found for.</summary>
    public long Unknown { get; private set; }

    /// <summary>Takes a message.</summary>
    public SignalVerdict Take(byte[] payload, bool retained, SignalPath path = SignalPath.Site)
    {
        SignalSource? source = Find(payload, retained, out RequestFault? fault);
        Unknown += source is null ? 1 : 0;
        return source?.Take(_signal, payload, _topic, path) ?? new SignalVerdict(false, fault!.Sentence);
    }

    /// <summary>Says what a message of one source would do; does nothing.</summary>
    public SourceTest Try(byte[] payload, string id)
    {
        SignalSource? source = Find(payload, false, out RequestFault? fault);
        return source is null ? SourceTest.Refused(fault!)
            : source.Id != id ? SourceTest.Refused("source", "This message is of source '" + source.Id + "': test it there.")
            : source.Try(_signal, payload, _topic);
    }

    private SignalSource? Find(byte[] payload, bool retained, out RequestFault? fault)
    {
        Reject reject = Envelope.ParseGridSignal(payload, 0, payload.Length, retained, _signal);
        if (reject != Reject.None)
        {
            fault = new RequestFault("", "Refused: " + RejectName.Of(reject) + ". See the contract, section 6.");
            return null;
        }

        string id = Encoding.ASCII.GetString(payload, _signal.Source.Off, _signal.Source.Length);
        SignalSource? source = _sources.Find(s => s.Id == id && s.Reads(_signal.Kid));
        fault = source is null ? new RequestFault("source", "Refused: no source '" + id + "' with key " + _signal.Kid + " is configured, or that key was retired.") : null;
        return source;
    }
}
