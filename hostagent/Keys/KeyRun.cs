namespace Ballast.Host.Keys;

/// <summary>What a board is asked for in a rotation.</summary>
internal enum KeyAsk
{
    /// <summary>Take the new key beside the old one.</summary>
    Install,

    /// <summary>Forget the old key.</summary>
    Drop,

    /// <summary>The new key once more, signed with what signs now: "kid in use" proves that the board has it.</summary>
    Probe,

    /// <summary>The new key once more under the board's old own key: for one that lost power before it had stored the new one.</summary>
    InstallUnderOld,
}

/// <summary>
/// One rotation, seen from the boards: who has the new key, who is asked next, and whether the host may sign with it. Knows neither clock nor
/// link nor store; a start in the middle asks everybody again, which changes nothing on a board that has answered.
/// </summary>
internal sealed class KeyRun
{
    /// <summary>First pause before a board is asked again; it doubles up to <see cref="LongestMs"/>, because each ask costs the board's flash a write.</summary>
    internal const long AgainMs = 5_000;

    private const long LongestMs = 300_000;
    private const int MostSent = 8;

    private readonly Dictionary<string, Stand> _boards = [];

    /// <summary>Takes up a rotation where the store has it.</summary>
    /// <param name="ring">Name of the ring.</param>
    /// <param name="rotation">What is stored.</param>
    /// <param name="boards">All boards that it concerns.</param>
    internal KeyRun(string ring, KeyRotation rotation, IEnumerable<string> boards)
    {
        Ring = ring;
        Rotation = rotation;
        HashSet<string> missing = [.. rotation.Missing];
        foreach (string board in boards)
        {
            bool has = rotation.Stage == KeyStage.Switched && !missing.Contains(board);
            _boards[board] = new Stand { Has = has, Next = has ? KeyAsk.Drop : KeyAsk.Install };
        }
    }

    /// <summary>Name of the ring.</summary>
    internal string Ring { get; }

    /// <summary>What is stored.</summary>
    internal KeyRotation Rotation { get; private set; }

    /// <summary>True if the ring is a board's own.</summary>
    internal bool OfBoard => Ring.StartsWith("board/", StringComparison.Ordinal);

    /// <summary>Boards without the new key.</summary>
    internal IEnumerable<string> Missing => _boards.Where(b => !b.Value.Has).Select(b => b.Key);

    /// <summary>Boards that it concerns.</summary>
    internal IEnumerable<string> Boards => _boards.Keys;

    /// <summary>True if a board has confirmed the new key.</summary>
    internal bool Has(string board) => _boards.TryGetValue(board, out Stand? stand) && stand.Has;

    /// <summary>True if every board has the new key and nothing but it.</summary>
    internal bool IsDone => Rotation.Stage == KeyStage.Switched && _boards.Values.All(b => b.Done);

    /// <summary>True if the host may sign with the new key: every board that is there has it.</summary>
    /// <param name="isPresent">True for boards that obey now or may. A board's own key waits for the board.</param>
    internal bool MaySwitch(Func<string, bool> isPresent)
        => Rotation.Stage == KeyStage.Installing && _boards.All(b => b.Value.Has || (!OfBoard && !isPresent(b.Key)));

    /// <summary>The store has the switch.</summary>
    internal void Switched(KeyRotation rotation)
    {
        Rotation = rotation;
        foreach (Stand stand in _boards.Values)
        {
            stand.Ask(stand.Has ? KeyAsk.Drop : KeyAsk.Install);
        }
    }

    /// <summary>What a board is due to be asked, or null. One that came back is asked at once: what it had may be gone with its power.</summary>
    internal KeyAsk? Due(string board, long onlineSinceMs, long nowMs)
        => _boards.TryGetValue(board, out Stand? stand) && !stand.Done && (nowMs >= stand.DueMs || onlineSinceMs > stand.AskedMs)
            && (!stand.Has || Rotation.Stage == KeyStage.Switched) ? stand.Next : null;

    /// <summary>A board was asked.</summary>
    internal void Asked(string board, KeyAsk ask, uint seq, long nowMs)
    {
        Stand stand = _boards[board];
        stand.Sent.Add((seq, ask));
        if (stand.Sent.Count > MostSent)
        {
            stand.Sent.RemoveAt(0);
        }

        stand.AskedMs = nowMs;
        stand.DueMs = nowMs + Math.Min(LongestMs, AgainMs << Math.Min(stand.Tries, 10));
        stand.Tries++;

        // No answer under the new own key: perhaps the board lost its power before it had stored it.
        if (OfBoard && Rotation.Stage == KeyStage.Switched)
        {
            stand.Next = ask == KeyAsk.InstallUnderOld ? KeyAsk.Probe : stand.Tries >= 2 ? KeyAsk.InstallUnderOld : ask;
        }
    }

    /// <summary>A board's answer to a message of this rotation.</summary>
    /// <returns>True if it was one.</returns>
    internal bool Answer(string board, uint seq, string result, string reason)
    {
        if (!_boards.TryGetValue(board, out Stand? stand) || stand.Sent.FindIndex(s => s.Seq == seq) is not (>= 0 and int at))
        {
            return false;
        }

        bool inUse = result == "ignored" && reason.StartsWith("kid in use", StringComparison.Ordinal);
        switch (stand.Sent[at].Ask)
        {
            case KeyAsk.Drop when result == "applied" || (OfBoard && result is "ignored" or "again"):
                // An answer under its own new key proves that key, whatever it says.
                stand.Done = true;
                break;
            case KeyAsk.Drop when result is "ignored" or "again":
                // It has one key only. Which one shows when the new one is offered again.
                stand.Ask(KeyAsk.Probe);
                break;
            case KeyAsk.Probe when inUse:
                stand.Has = true;
                stand.Done = true;
                break;
            case KeyAsk.Drop:
                break;
            default:
                if (result is "applied" or "again" || inUse)
                {
                    stand.Has = true;
                    stand.Ask(KeyAsk.Drop);
                }

                break;
        }

        return true;
    }

    private sealed class Stand
    {
        internal readonly List<(uint Seq, KeyAsk Ask)> Sent = [];

        internal bool Has;
        internal bool Done;
        internal KeyAsk Next;
        internal int Tries;
        internal long DueMs;
        internal long AskedMs = long.MinValue;

        internal void Ask(KeyAsk next)
        {
            Next = next;
            Tries = 0;
            DueMs = 0;
            Sent.Clear();
        }
    }
}
