using Ballast.Host.Dispatch;
using Ballast.Host.Limits;

namespace Ballast.Host.Signals;

/// <summary>Says what a limit's body would do, for tests of sources: the same reading as a real one, and then nothing.</summary>
internal static class LimitTrial
{
    internal static SourceTest Of(ReadOnlyMemory<byte> body, DispatchContext context, double largestW, bool mayRaise)
    {
        LimitRequest? request = LimitRequest.Parse(body, largestW, out RequestFault? fault);
        if (request is null)
        {
            return SourceTest.Refused(fault!);
        }

        if (request.IsRelease)
        {
            return mayRaise ? new SourceTest(true, "Good: limit '" + request.Id + "' would be released. Nothing was done.")
                : SourceTest.Refused("release", "This source has no right to raise, so it may not release.");
        }

        if (LimitDraft.Make(context, request, WhoMayWhat.RestSource, out fault) is not { } draft)
        {
            return SourceTest.Refused(fault!);
        }

        LimitNode node = draft.Node;
        if (!mayRaise && draft.Entry.EndUtcMs is not null)
        {
            return SourceTest.Refused("durationS", "This source has no right to raise, so its limits stay until they are replaced: leave durationS out.");
        }

        NodeCap present = context.Limits.CapOf(node);
        return new SourceTest(
            true,
            FormattableString.Invariant($"Good: {node.Id} would be held at {request.LimitW:0} W{(present.Holds ? FormattableString.Invariant($", now {present.W:0} W") : "")}. Nothing was done."),
            request.LimitW);
    }
}
