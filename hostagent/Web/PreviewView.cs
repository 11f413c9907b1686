using Ballast.Host.Dispatch;
using Ballast.Host.Events;

namespace Ballast.Host.Web;

/// <summary>What a limit would do; nothing was changed.</summary>
/// <param name="Sentence">The whole in one sentence.</param>
/// <param name="Limit">The limit as it would be kept.</param>
/// <param name="Binds">False: another limit on the same node is lower, so this one would change nothing now.</param>
/// <param name="Unreachable">The node cannot get below its floor.</param>
/// <param name="ShedW">Ordered watts that would fall, W; negative if they would rise.</param>
/// <param name="HashLostGhs">Hash rate that would go, GH/s.</param>
/// <param name="SettlesInS">How long the fall would take, s.</param>
/// <param name="Waits">Why a rise would have to wait.</param>
/// <param name="Boards">Boards whose ordered watts would change, the largest fall first.</param>
/// <param name="MoreBoards">Boards that the list leaves out.</param>
/// <param name="Decision">Inputs, orders before and after, who would be skipped and why.</param>
public sealed record PreviewView(
    string Sentence, LimitView Limit, bool Binds, bool Unreachable, double ShedW, double HashLostGhs, double SettlesInS, IReadOnlyList<string> Waits,
    IReadOnlyList<PreviewedBoard> Boards, int MoreBoards, DecisionSnapshot Decision)
{
    internal static PreviewView Of(DecisionPreview preview, int take)
    {
        DecisionSnapshot decision = preview.Decision;
        int skipped = decision.Skipped.Values.Sum();
        double before = decision.Inputs.FloorW + decision.Inputs.OrderedBeforeW;
        string sentence = FormattableString.Invariant(
            $"{(preview.Limit.Entry.Test ? "TEST: " : "")}{preview.Limit.Node.Id} at {preview.Limit.LimitW:0} W: the site's orders would go from {before:0.0} W to {before - decision.ShedW:0.0} W within {preview.SettlesInMs / 1000.0:0.#} s, on {preview.Changes.Count} boards, at {decision.HashLostGhs / 1000:0.00} TH/s less; orders do not reach {skipped} boards.")
            + (preview.Unreachable ? FormattableString.Invariant($" The limit cannot be reached: the site's floor is {decision.Inputs.FloorW:0.0} W.") : "")
            + (preview.Binds ? "" : " Another limit on this node is lower.")
            + " Nothing was changed.";
        return new PreviewView(
            sentence,
            ViewMaker.Limit(preview.Limit) with { State = "preview" },
            preview.Binds,
            preview.Unreachable,
            decision.ShedW,
            decision.HashLostGhs,
            preview.SettlesInMs / 1000.0,
            preview.Waits,
            [.. preview.Changes.Take(take)],
            Math.Max(0, preview.Changes.Count - take),
            decision);
    }
}
