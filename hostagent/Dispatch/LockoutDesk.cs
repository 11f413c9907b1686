using System.Globalization;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Dispatch;

/// <summary>A board or pod that is locked out for maintenance.</summary>
/// <param name="Node">A pod, or "pod/board".</param>
/// <param name="Reason">Why, as the operator said.</param>
/// <param name="Since">When.</param>
public sealed record Lockout(string Node, string Reason, DateTimeOffset Since);

/// <summary>
/// Maintenance lock-out per board and per pod. It is kept over restarts, sent again to a board that does not show it, and ended only by an
/// operator: nothing here ever sends `lockout` 0 by itself (contract section 4). A board that was locked out at its console is left alone.
/// </summary>
public sealed class LockoutDesk
{
    private const string Prefix = "lockout/";
    private const long AgainMs = 10_000;
    private const int MaxPerStep = 100;

    private readonly DispatchContext _context;
    private readonly Dictionary<string, Lockout> _all = [];
    private long _nextMs;

    internal LockoutDesk(DispatchContext context) => _context = context;

    /// <summary>All, by node.</summary>
    public IReadOnlyCollection<Lockout> All => _all.Values;

    /// <summary>Why a board is locked out, or null if it is not.</summary>
    public string? Why(BoardRecord board)
    {
        ArgumentNullException.ThrowIfNull(board);
        return Of(board) is { } own ? own.Reason
            : board.SaysLockedOut ? "The board says that it is locked out, and not by this host." : null;
    }

    /// <summary>Locks out, or ends it on an operator's word.</summary>
    /// <param name="node">A pod or "pod/board".</param>
    /// <param name="on">True locks out.</param>
    /// <param name="reason">Why, 1 to 200 characters; it is shown and kept.</param>
    /// <returns>Null if done; else what is wrong and what to do. Then nothing changed.</returns>
    public string? Set(string node, bool on, string reason)
    {
        if (_context.Tree.Find(node) is not { Kind: NodeKind.Pod or NodeKind.Board } found)
        {
            return "There is no pod or board '" + node + "': name a pod or \"pod/board\" of this site.";
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 200)
        {
            return "A lock-out needs a reason of 1 to 200 characters, so that the next person knows.";
        }

        List<BoardRecord> boards = found.Board is { } one ? [one] : [.. found.Pods[0].BoardList];
        if (!on && boards.Any(b => b.LockedOut) && !boards.Any(b => b.LockedOut && b.Online && OthersOn(b, node) is null))
        {
            return boards.Select(b => OthersOn(b, node)).FirstOrDefault(o => o is not null) is { } other
                ? "It stays locked out by " + other.Node + " (" + other.Reason + "): end that one."
                : "The board is offline and keeps its lock-out: end it when the board is back.";
        }

        Lockout entry = new(node, reason, _context.Clock.UtcNow);
        bool kept = on ? Keep(entry) : _context.Journal.SaveValue(Prefix + node, "");
        _context.Journal.Note("lockout", node + (on ? " locked out: " : " back in service: ") + reason, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
        if (!on && !kept)
        {
            return _context.Journal.Problem ?? "The journal cannot be written, so a lock-out cannot be ended: free disk space or repair the folder.";
        }

        if (on)
        {
            // Who was locked out before its pod stays so when the pod comes back.
            foreach (BoardRecord board in boards.Where(b => found.Board is null && b.SaysLockedOut && !b.LockedHere))
            {
                Keep(new Lockout(board.Name, "It was locked out before its pod.", entry.Since));
            }
        }
        else
        {
            _all.Remove(node);
        }

        Mark();
        foreach (BoardRecord board in boards.Where(b => b.Online && (on || !b.LockedHere)))
        {
            _context.Sender.SendAction(board, SetKind.Lockout, on ? 1u : 0u);
        }

        _nextMs = _context.Clock.NowMs + AgainMs;
        return null;
    }

    internal void Start(JournaledState journaled)
    {
        foreach ((string name, string value) in journaled.Values)
        {
            int space = value.IndexOf(' ', StringComparison.Ordinal);
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && space > 0
                && long.TryParse(value.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out long sinceMs))
            {
                _all[name[Prefix.Length..]] = new Lockout(name[Prefix.Length..], value[(space + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(sinceMs));
            }
        }

        Mark();
    }

    /// <summary>Tells boards that do not show their lock-out again.</summary>
    internal void Step(long nowMs)
    {
        if (_all.Count == 0 || nowMs < _nextMs)
        {
            return;
        }

        _nextMs = nowMs + AgainMs;
        int sent = 0;
        foreach (BoardRecord board in _context.Fleet.Boards)
        {
            if (board.LockedHere && board.Online && !board.SaysLockedOut && sent++ < MaxPerStep)
            {
                _context.Sender.SendAction(board, SetKind.Lockout, 1);
            }
        }
    }

    private bool Keep(Lockout entry)
    {
        _all[entry.Node] = entry;
        return _context.Journal.SaveValue(Prefix + entry.Node, entry.Since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + " " + entry.Reason);
    }

    private Lockout? Of(BoardRecord board) => _all.GetValueOrDefault(board.Name) ?? _all.GetValueOrDefault(board.Pod.Id);

    // What would still hold for a board once the lock-out of a node has ended.
    private Lockout? OthersOn(BoardRecord board, string node)
        => (node == board.Name ? null : _all.GetValueOrDefault(board.Name)) ?? (node == board.Pod.Id ? null : _all.GetValueOrDefault(board.Pod.Id));

    private void Mark()
    {
        foreach (BoardRecord board in _context.Fleet.Boards)
        {
            board.LockedHere = Of(board) is not null;
        }
    }
}
