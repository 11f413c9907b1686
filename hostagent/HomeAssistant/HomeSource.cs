using System.Globalization;
using System.Text;
using System.Text.Json;
using Ballast.Host.Dispatch;
using Ballast.Host.Limits;
using Ballast.Host.Options;
using Ballast.Host.Signals;

namespace Ballast.Host.HomeAssistant;

/// <summary>
/// What people do in Home Assistant: a cap for the site, and an emergency. It need not speak, and its loss releases nothing. Its messages
/// have no time of their own, so only those that were said just now count: a kept one is refused (S17). Who may write the topics is the
/// broker's access list. A number that is moved often makes at most one limit a second downward and one in ten seconds upward; the newest
/// word counts.
/// </summary>
public sealed class HomeSource : Source
{
    private const string CapId = "cap";
    private const string EmergencyId = "emergency";
    private const long FallMs = 1000;
    private const long RiseMs = 10_000;
    private const int MostBytes = 32;

    private readonly HomeAssistantSection _section;
    private readonly SiteDispatcher _dispatcher;
    private readonly LimitDesk _desk;
    private readonly long _maxW;
    private long? _askedNextW;
    private long _doneMs = long.MinValue / 2;

    internal HomeSource(HomeAssistantSection section, DispatchContext context, SiteDispatcher dispatcher, LimitDesk desk)
        : base(HomeTopics.SourceId, "home", context)
    {
        _section = section;
        _dispatcher = dispatcher;
        _desk = desk;
        _maxW = HomeDiscovery.MaxW(context.Options);
    }

    /// <summary>What it asks, W; the largest settable cap while it asks nothing, and for a cap from before the site shrank: Home Assistant
    /// logs an error for each value beyond the number's own range.</summary>
    internal long AskedW => Held(CapId) is { } limit ? Math.Min((long)limit.LimitW, _maxW) : _maxW;

    /// <summary>Commands that were refused since the start.</summary>
    internal long RefusedCount => Common(SourceQuality.Idle).Refused;

    /// <summary>Takes a command.</summary>
    /// <param name="topic">Topic below the site's root.</param>
    /// <param name="payload">Watts, or the button's text.</param>
    /// <param name="retained">True if the broker had kept it.</param>
    public SignalVerdict Take(string topic, ReadOnlySpan<byte> payload, bool retained)
    {
        if (retained)
        {
            return Refused("Refused: a kept command has no age. Publish it without retain, and clear what is kept.");
        }

        string text = Encoding.ASCII.GetString(payload[..Math.Min(payload.Length, MostBytes + 1)]);
        return topic == HomeTopics.Emergency ? TakeEmergency(text) : TakeCap(text);
    }

    /// <inheritdoc/>
    public override void Tick() => Apply();

    /// <inheritdoc/>
    public override SourceView View() => WithLimits(Common(SourceQuality.Idle), l => l.Entry.Source == Id) with { MayRaise = _section.MayRaise };

    /// <summary>The body is a number of watts, as on the topic.</summary>
    public override SourceTest Test(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return Context.Carrier.IsConnected
                ? new SourceTest(true, "The broker is reached and commands on " + HomeTopics.Cap + " would be taken. Send a number of watts as the body to see what it would do.")
                : new SourceTest(false, "The broker is not reached: check mqtt in the configuration.");
        }

        if (!TryWatts(Encoding.ASCII.GetString(body.Span[..Math.Min(body.Length, MostBytes + 1)]).Trim(), out long watts, out string? fault))
        {
            return SourceTest.Refused("", fault!);
        }

        return !_section.MayRaise && watts > AskedW
            ? SourceTest.Refused("limitW", "This source has no right to raise: it may only set caps that are lower.")
            : LimitTrial.Of(Body(CapId, _section.Class, watts, ""), Context, _desk.LargestW, _section.MayRaise);
    }

    private ActiveLimit? Held(string id) => Context.Limits.Find(Id, id) is { State: EventState.Active or EventState.Scheduled } limit ? limit : null;

    private SignalVerdict TakeEmergency(string text)
    {
        if (text != HomeDiscovery.Press)
        {
            return Refused("Refused: the emergency button sends " + HomeDiscovery.Press + ".");
        }

        if (Held(EmergencyId) is not null)
        {
            Hear();
            return new SignalVerdict(true, "The emergency holds already.");
        }

        return Answer(_desk.Take(Body(EmergencyId, "emergency", 0, "emergency button in Home Assistant"), Id, _section.MayRaise, null, toStandby: true));
    }

    private SignalVerdict TakeCap(string text)
    {
        if (!TryWatts(text, out long watts, out string? fault))
        {
            return Refused(fault!);
        }

        _askedNextW = watts;
        return Apply() ?? new SignalVerdict(true, "It waits for its turn; a newer word replaces it.");
    }

    // Null while the newest word has to wait.
    private SignalVerdict? Apply()
    {
        long now = Context.Clock.NowMs;
        if (_askedNextW is not { } watts || now - _doneMs < (watts < AskedW ? FallMs : _section.MayRaise ? RiseMs : 0))
        {
            return null;
        }

        _askedNextW = null;
        if (watts == AskedW && (watts != _maxW || Held(CapId) is null))
        {
            Hear();
            return new SignalVerdict(true, "That holds already.");
        }

        _doneMs = now;
        return Answer(watts == _maxW
            ? _desk.Release(CapId, Id, _section.MayRaise, toStandby: true)
            : _desk.Take(Body(CapId, _section.Class, watts, "cap of Home Assistant"), Id, _section.MayRaise, null, toStandby: true));
    }

    private SignalVerdict Answer(LimitResult result)
    {
        if (result.Outcome is LimitOutcome.Created or LimitOutcome.NotDurable or LimitOutcome.Released)
        {
            Hear();
            if (result.Raised || result.Outcome == LimitOutcome.Released)
            {
                _dispatcher.HoldRises(_section.DebounceS * 1000L);
            }

            return new SignalVerdict(true, result.Outcome.ToString());
        }

        return Refused(result.Fault?.Sentence ?? result.Outcome.ToString());
    }

    private SignalVerdict Refused(string sentence)
    {
        Refuse(sentence);
        return new SignalVerdict(false, sentence);
    }

    // Home Assistant sends 1500, 1500.0 or 1500.5; watts are whole, rounded to less.
    private bool TryWatts(string text, out long watts, out string? fault)
    {
        decimal number = 0;
        bool read = text.Length <= MostBytes && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number <= _maxW;
        watts = read ? (long)number : 0;
        fault = read ? null : Text($"Refused: a cap is a number of watts from 0 to {_maxW}, without sign and unit.");
        return read;
    }

    private static byte[] Body(string id, string orderClass, long watts, string reason) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["id"] = id,
        ["class"] = orderClass,
        ["limitW"] = watts,
        ["reason"] = reason,
    });
}
