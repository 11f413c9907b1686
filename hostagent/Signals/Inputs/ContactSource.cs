using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Host.Options;

namespace Ballast.Host.Signals.Inputs;

/// <summary>
/// A dry contact: active, it holds a limit. A line that cannot be read counts as active, and so does an open circuit, because the
/// configuration only takes the level that an open circuit reads. An emergency acts on the first active reading.
/// </summary>
public sealed class ContactSource : Source
{
    private readonly ContactSection _section;
    private readonly LimitDesk _desk;
    private readonly IContactLine _line;
    private bool? _active;
    private bool _readable = true;
    private long _sinceMs;

    internal ContactSource(ContactSection section, IHostInputs inputs, Action<Action> post, DispatchContext context, LimitDesk desk)
        : base(section.Id, "contact", context)
    {
        _section = section;
        _desk = desk;
        _line = inputs.OpenLine(section, () => post(Watch));
    }

    private bool Holds => Context.Limits.Find(Id, Id) is { State: EventState.Active or EventState.Scheduled };

    /// <inheritdoc/>
    public override void Start(JournaledState journaled)
    {
        base.Start(journaled);
        Watch();
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        Watch();
        Context.Alarms.Set(!_readable, "contact-unreadable", "The line of contact " + Id + " cannot be read, so it counts as active: check the wiring and the chip.", Id);
    }

    /// <summary>Reads the line and acts. Called at edges and at every round of the loop.</summary>
    public void Watch()
    {
        long now = Context.Clock.NowMs;
        bool? high = _line.ReadHigh();
        _readable = high is not null;
        bool active = high is null || high.Value == (_section.ActiveLevel == "high");
        if (_readable)
        {
            Hear(taken: active != _active);
        }

        if (active != _active)
        {
            _active = active;
            _sinceMs = now;
        }

        if (active && !Holds && (_section.Class == "emergency" || now - _sinceMs >= _section.DebounceMs))
        {
            Set();
        }
        else if (!active && !_section.Latch && now - _sinceMs >= Math.Max(_section.DebounceMs, _section.ReleaseAfterS * 1000) && Holds)
        {
            _desk.Release(Id, Id, mayRaise: true, toStandby: true);
        }
    }

    /// <inheritdoc/>
    public override SourceView View() => WithLimits(Common(_readable ? SourceQuality.Good : SourceQuality.Stale), l => l.Entry.Source == Id) with
    {
        FallbackW = _section.LimitW,
        FallbackHolds = !_readable,
        MayRaise = !_section.Latch,
        Node = _section.Node,
    };

    /// <summary>Reads the line; the body is not used.</summary>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        bool? high = _line.ReadHigh();
        if (high is null)
        {
            return new SourceTest(false, "The line cannot be read, so the contact counts as active: check the wiring and the chip.", _section.LimitW);
        }

        bool active = high.Value == (_section.ActiveLevel == "high");
        return new SourceTest(true, Text($"Line {_section.Line} reads {(high.Value ? "high" : "low")}: the contact is {(active ? Text($"active and asks {_section.LimitW:0} W of {_section.Node}") : "not active")}."), active ? _section.LimitW : null);
    }

    private void Set()
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["id"] = Id,
            ["class"] = _section.Class,
            ["node"] = _section.Node,
            ["limitW"] = (long)_section.LimitW,
            ["reason"] = _section.Reason.Length > 0 ? _section.Reason : "contact " + Id + " is active",
        });
        LimitResult result = _desk.Take(body, Id, mayRaise: true, null, toStandby: true);
        if (result.Limit is null)
        {
            Refuse(result.Fault?.Sentence ?? result.Outcome.ToString());
        }
    }
}
