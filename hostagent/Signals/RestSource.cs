using Ballast.Host.Dispatch;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>People and programs that set limits over REST. It need not speak, so it is never stale.</summary>
public sealed class RestSource : Source
{
    private readonly LimitDesk _desk;
    private readonly Func<string, bool> _isOther;

    /// <summary>Listens to the desk for requests that no other source made.</summary>
    /// <param name="context">The host.</param>
    /// <param name="desk">Desk that requests go to.</param>
    /// <param name="isOther">True for the ids of other sources.</param>
    public RestSource(DispatchContext context, LimitDesk desk, Func<string, bool> isOther)
        : base("rest", "rest", context)
    {
        ArgumentNullException.ThrowIfNull(desk);
        _desk = desk;
        _isOther = isOther;
        desk.Answered += (source, result) =>
        {
            if (IsMine(source) && result.Outcome is LimitOutcome.Created or LimitOutcome.Repeated or LimitOutcome.NotDurable or LimitOutcome.Released)
            {
                Hear();
            }
            else if (IsMine(source))
            {
                Refuse(result.Fault?.Sentence ?? result.Outcome.ToString());
            }
        };
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        // Requests come by themselves.
    }

    /// <inheritdoc/>
    public override SourceView View() => WithLimits(Common(SourceQuality.Idle), l => IsMine(l.Entry.Source)) with { MayRaise = Context.Options.Http.MayRaise };

    /// <inheritdoc/>
    public override SourceTest Test(ReadOnlyMemory<byte> body) => body.IsEmpty
        ? new SourceTest(true, "This answer shows that the interface works. Send the body of POST /api/limits to see what it would do.")
        : LimitTrial.Of(body, Context, _desk.LargestW, Context.Options.Http.MayRaise);

    private bool IsMine(string source) => source != "host" && !_isOther(source);
}
