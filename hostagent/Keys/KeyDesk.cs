using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Limits;
using Ballast.Wire;

namespace Ballast.Host.Keys;

/// <summary>A rotation for whoever watches it.</summary>
/// <param name="Stage">installing: the old key signs; switched: the new one does; both: a source may use either, until it has used the new one.</param>
/// <param name="OldKid">Number of the old key.</param>
/// <param name="NewKid">Number of the new one.</param>
/// <param name="Since">When it began.</param>
/// <param name="MissingCount">Boards without the new key.</param>
/// <param name="Missing">The first 100 of them.</param>
public sealed record RotationView(string Stage, int OldKid, int NewKid, DateTimeOffset Since, int MissingCount, IReadOnlyList<string> Missing);

/// <summary>
/// Changes keys of pods and boards while the site runs (contract section 4). The store has each step before it is taken, so a start in the
/// middle goes on: before the switch the old key signs, which every board still has; after it the new one, which every board that was there
/// had confirmed. One that was away gets it when it is back. Nothing here moves a watt.
/// </summary>
public sealed class KeyDesk
{
    private const uint PodSlot = 0;
    private const uint BoardSlot = 1;
    private const int MaxPerStep = 200;
    private const long RetryMs = 5_000;
    private const long StuckMs = 600_000;
    private const int MostShown = 100;

    private readonly DispatchContext _context;
    private readonly OrderDesk _desk;
    private readonly IdentityDesk _identities;
    private readonly SecretStore? _store;
    private readonly Dictionary<string, KeyRun> _runs = [];
    private long _nextMs;

    internal KeyDesk(DispatchContext context, OrderDesk desk, IdentityDesk identities)
    {
        _context = context;
        _desk = desk;
        _identities = identities;
        _store = context.Options.Store;
        Sources = new SourceKeys(context);
    }

    /// <summary>Keys of signed sources.</summary>
    public SourceKeys Sources { get; }

    /// <summary>What is stored, or null if this host has no secret store.</summary>
    public SecretSet? Stored => _store?.Current;

    /// <summary>Rotations that are under way, by ring.</summary>
    internal IReadOnlyDictionary<string, KeyRun> Runs => _runs;

    /// <summary>A ring's rotation, or null.</summary>
    public RotationView? Rotation(string ring)
        => _runs.GetValueOrDefault(ring) is not { } run
            ? Stored?.Ring(ring)?.Rotation is { } open ? new RotationView("both", open.OldKid, open.NewKid, open.BegunUtc, 0, []) : null
            : new RotationView(
                run.Rotation.Stage == KeyStage.Installing ? "installing" : "switched", run.Rotation.OldKid, run.Rotation.NewKid, run.Rotation.BegunUtc,
                run.Missing.Count(), [.. run.Missing.Take(MostShown)]);

    /// <summary>Begins a rotation of a pod's or a board's key on an operator's word.</summary>
    /// <param name="node">A pod, "pod/board", or a source.</param>
    /// <param name="who">Who asks, for the record.</param>
    /// <returns>Null if begun; else what is wrong and what to do. Then nothing changed.</returns>
    public string? Rotate(string node, string who)
    {
        if (Sources.Find(node) is { } source)
        {
            return Sources.Rotate(source, who);
        }

        if (Refusal(node, out LimitNode? found) is { } fault)
        {
            return fault;
        }

        string ring = found!.Board is { } one ? SecretSet.OfBoard(one.Name) : SecretSet.OfPod(node);
        if (found.Board is { Revoked: true })
        {
            return "The key of " + node + " is revoked: 'ballast keys swap " + node + "' puts another board in its place.";
        }

        if (_runs.TryGetValue(ring, out KeyRun? run) && (run.Rotation.Stage == KeyStage.Installing || found.Board is not null))
        {
            return "The key of " + node + " is already being rotated, to number " + run.Rotation.NewKid + ", since " + run.Rotation.BegunUtc.ToString("u", System.Globalization.CultureInfo.InvariantCulture) + ": wait until that is done.";
        }

        return Change("rotation of " + node, who, set => found.Board is { } board
            ? KeyPlan.RotateBoard(set, board.Pod.Id, board.Id, _context.Clock.UtcNow)
            : KeyPlan.RotatePod(set, node, Ids(found.Pods[0]), _context.Clock.UtcNow));
    }

    /// <summary>The old key of a source that is being rotated counts no more.</summary>
    public string? Drop(string node, string who)
        => Sources.Find(node) is { } source ? Sources.Drop(source, who)
            : "'" + node + "' is no source: boards and pods drop their old keys by themselves.";

    /// <summary>A board is no longer trusted: it is neither heard nor spoken to from now on, and its pod's key is rotated without it.</summary>
    public string? Revoke(string node, string who)
        => RefusalOfBoard(node, out BoardRecord? board) ?? (board!.Revoked ? "The key of " + node + " is revoked already."
            : Change("revocation of " + node, who, set => KeyPlan.Revoke(set, board.Pod.Id, board.Id, Ids(board.Pod), _context.Clock.UtcNow)));

    /// <summary>Another board takes the place of this one: the store has a new key for it, and its pod's key is rotated.</summary>
    public string? Swap(string node, string who)
    {
        string? fault = RefusalOfBoard(node, out BoardRecord? board)
            ?? Change("swap of " + node, who, set => KeyPlan.Swap(set, board!.Pod.Id, board.Id, Ids(board.Pod), _context.Clock.UtcNow));
        if (fault is null)
        {
            Part(board!, revoked: false);
        }

        return fault;
    }

    /// <summary>Takes the keys as the store has them now: at the start, and before this host leads.</summary>
    internal void Load()
    {
        if (_store is null)
        {
            return;
        }

        try
        {
            // Another host of the site, or the command line, may have changed it.
            Adopt(_store.Update(s => s, patient: false));
            Sources.Reload();
            _context.Alarms.Set(false, "secrets", "");
        }
        catch (SecretException error)
        {
            Adopt(_store.Current);
            _context.Alarms.Set(true, "secrets", error.Message);
        }
    }

    /// <summary>Asks boards that are due, and takes the steps that their answers allow. On the loop, while this host leads.</summary>
    internal void Step(long nowMs)
    {
        if (_runs.Count == 0 || !_context.Carrier.IsConnected)
        {
            return;
        }

        // What falls goes first.
        if (nowMs >= _desk.FallSettledMs)
        {
            int sent = 0;
            foreach (KeyRun run in _runs.Values)
            {
                foreach (string name in run.Boards)
                {
                    sent += sent < MaxPerStep && _context.Fleet.Find(name) is { Online: true } board && run.Due(name, board.OnlineSinceMs, nowMs) is { } ask && Send(run, board, ask, nowMs) ? 1 : 0;
                }
            }
        }

        if (nowMs < _nextMs)
        {
            return;
        }

        foreach (KeyRun run in _runs.Values.ToList())
        {
            bool stuck = run.Rotation.Stage == KeyStage.Installing && (_context.Clock.UtcNow - run.Rotation.BegunUtc).TotalMilliseconds > StuckMs;
            _context.Alarms.Set(
                stuck,
                "keys",
                "The rotation of " + run.Ring + " waits for boards that do not take the new key: " + string.Join(", ", run.Missing.Take(3)) + ". Look at their logs, or take them off the broker.",
                run.Ring);
            if (run.MaySwitch(IsPresent))
            {
                List<string> missing = [.. run.Missing];
                Advance(run, set => KeyPlan.Switch(set, run.Ring, missing), missing.Count == 0 ? "every board has it" : missing.Count + " boards that are away get it when they are back", nowMs);
                return;
            }

            if (run.IsDone)
            {
                // One a round: a large store takes the loop some time.
                Advance(run, set => KeyPlan.Finish(set, run.Ring), "the old one is forgotten everywhere", nowMs);
                return;
            }
        }
    }

    /// <summary>A board's answer.</summary>
    internal void OnAck(BoardRecord board, AckWord ack)
    {
        if (!ack.IsSet || ack.Epoch != _context.Sender.Epoch)
        {
            return;
        }

        foreach (KeyRun run in _runs.Values)
        {
            bool had = run.Has(board.Name);
            if (run.Answer(board.Name, ack.Seq, ack.Result, ack.Reason))
            {
                if (!had && run.Has(board.Name) && run.Rotation.Stage == KeyStage.Switched)
                {
                    // It was deaf until now: its order comes at once, not with the next repeat.
                    OrderDesk.RestateSoon(board.Pod, _context.Clock.NowMs);
                }

                return;
            }
        }
    }

    private bool IsPresent(string name) => _context.Fleet.Find(name) is { } board && (board.Online || _context.Fleet.MayStillObey(board, _context.Clock.NowMs));

    private bool Send(KeyRun run, BoardRecord board, KeyAsk ask, long nowMs)
    {
        KeyRing ring = _store!.Current.Ring(run.Ring)!;
        if (ask == KeyAsk.Drop && !MayDrop(run, board))
        {
            ask = KeyAsk.Probe;
        }

        bool sent;
        if (ask == KeyAsk.Drop)
        {
            sent = _context.Sender.SendAction(board, SetKind.DropKid, (uint)run.Rotation.OldKid);
        }
        else
        {
            bool old = ask == KeyAsk.InstallUnderOld && ring.Find(run.Rotation.OldKid) is not null;
            byte kid = old ? (byte)run.Rotation.OldKid : board.Kid;
            byte[] key = old ? Bytes(ring.Find(run.Rotation.OldKid)!) : board.Key;
            sent = _context.Sender.SendKey(board, run.OfBoard ? BoardSlot : PodSlot, run.Rotation.NewKid, Bytes(ring.Find(run.Rotation.NewKid)!), kid, key);
        }

        if (sent)
        {
            run.Asked(board.Name, ask, _context.Sender.Seq, nowMs);
        }

        return sent;
    }

    // dropKid names no stream. While the other stream may need a key of this number, the first message under the new key retires the old one.
    private bool MayDrop(KeyRun run, BoardRecord board)
        => _store!.Current.Ring(run.OfBoard ? SecretSet.OfPod(board.Pod.Id) : SecretSet.OfBoard(board.Name)) is not { } other
            || other.Find(run.Rotation.OldKid) is null || other.Rotation is null;

    private void Advance(KeyRun run, Func<SecretSet, SecretSet> step, string why, long nowMs)
    {
        try
        {
            Adopt(_store!.Update(step, patient: false));
            _context.Alarms.Set(false, "secrets", "");
            Note(run.Ring + (run.Rotation.Stage == KeyStage.Installing ? ": key " : ": rotation done, key ") + run.Rotation.NewKid + " signs; " + why);
        }
        catch (SecretException error)
        {
            // The key that signs stays the one that the store says.
            _context.Alarms.Set(true, "secrets", error.Message);
            _nextMs = nowMs + RetryMs;
        }
    }

    private string? Change(string what, string who, Func<SecretSet, SecretSet> change)
    {
        try
        {
            Adopt(_store!.Update(change, patient: false));
        }
        catch (SecretException error)
        {
            return error.Message;
        }

        _nextMs = 0;
        Note(what + " begun by " + who);
        return null;
    }

    private void Adopt(SecretSet set)
    {
        long now = _context.Clock.NowMs;
        foreach (PodRecord pod in _context.Fleet.Pods)
        {
            if (set.Ring(SecretSet.OfPod(pod.Id)) is { } ring && ring.Current != pod.Kid)
            {
                // At once under the new key, so that boards forget the old one.
                pod.SignWith(ring.Current, Bytes(ring.Signing));
                OrderDesk.RestateSoon(pod, now);
            }

            Follow(SecretSet.OfPod(pod.Id), set, pod.BoardList);
        }

        foreach (BoardRecord board in _context.Fleet.Boards)
        {
            string name = SecretSet.OfBoard(board.Name);
            if (set.Ring(name) is not { } ring)
            {
                continue;
            }

            if (ring.RevokedUtc is not null != board.Revoked)
            {
                Part(board, !board.Revoked);
            }

            if (ring.Current != board.Kid)
            {
                (board.Kid, board.Key) = ((byte)ring.Current, Bytes(ring.Signing));

                // Without a rotation nobody handed the new key over: another board has it.
                _identities.KeyChanged(board, ring.Rotation is not null);
            }

            Follow(name, set, [board]);
        }
    }

    // What held for the board at this name holds no more.
    private void Part(BoardRecord board, bool revoked)
    {
        FleetBook.Part(board, revoked, _context.Clock.NowMs);
        _context.Curve.Invalidate(board.Pod);
    }

    private void Follow(string name, SecretSet set, IReadOnlyList<BoardRecord> boards)
    {
        KeyRotation? rotation = set.Ring(name)?.Rotation;
        if (rotation is null)
        {
            _runs.Remove(name);
        }
        else if (!_runs.TryGetValue(name, out KeyRun? run) || run.Rotation.NewKid != rotation.NewKid)
        {
            _runs[name] = new KeyRun(name, rotation, boards.Where(b => set.Ring(SecretSet.OfBoard(b.Name)) is not { RevokedUtc: not null }).Select(b => b.Name));
        }
        else if (run.Rotation.Stage != rotation.Stage)
        {
            run.Switched(rotation);
        }
    }

    private string? Refusal(string node, out LimitNode? found)
    {
        found = _context.Tree.Find(node);
        return found is not { Kind: NodeKind.Pod or NodeKind.Board } ? "There is no pod or board '" + node + "': name a pod or \"pod/board\" of this site."
            : _store is null ? "This host has no secret store, so a new key could not be kept: make one with 'ballast keys create' and start the host again."
            : found.Pods.Concat(found.Board is { } b ? [b.Pod] : []).Any(p => _store.Current.Ring(SecretSet.OfPod(p.Id)) is null) || (found.Board is { } one ? [one] : found.Pods[0].BoardList).Any(b => _store.Current.Ring(SecretSet.OfBoard(b.Name)) is null)
                ? "The secret store has no key of " + node + " yet: 'ballast keys create' takes it over from the configuration."
            : null;
    }

    private string? RefusalOfBoard(string node, out BoardRecord? board)
    {
        string? fault = Refusal(node, out LimitNode? found);
        board = found?.Board;
        return fault ?? (board is null ? "'" + node + "' is a pod: name one board, as \"pod/board\"." : null);
    }

    private static IEnumerable<string> Ids(PodRecord pod) => pod.BoardList.Select(b => b.Id);

    private static byte[] Bytes(StoredKey key) => Convert.FromHexString(key.Key);

    private void Note(string text) => _context.Journal.Note("keys", text, _context.Clock.UtcNow.ToUnixTimeMilliseconds());
}
