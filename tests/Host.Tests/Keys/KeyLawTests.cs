using Ballast.Firmware.Grid;
using Ballast.Host.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace Ballast.Host.Tests.Keys;

/// <summary>
/// The steps of a rotation as a law: lost messages, boards that go and come and lose what they had not stored, and a host that dies between
/// any two of its steps. Boards keep keys with the firmware's own <see cref="StreamKeys"/>.
/// </summary>
public sealed class KeyLawTests
{
    private const ulong Seed = 20261122;

    [Fact]
    public void Boards_that_stay_always_understand_the_host_and_in_the_end_all_have_the_one_new_key()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(Seed, 1), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Run run = new(seed);
            run.Faults(120);
            run.Calm(400);
            return run.Fault is null ? true : throw new InvalidOperationException("seed " + seed + ": " + run.Fault);
        }));

    [Fact]
    public void A_number_is_not_given_again_soon_and_never_means_a_key_of_the_other_stream_while_there_are_others()
    {
        SecretSet set = new SecretSet().With("pod/p1", KeyFolder.Ring(1, 1)).With("board/p1/b1", KeyFolder.Ring(1, 2)).With("board/p1/b2", KeyFolder.Ring(1, 3));
        List<int> given = [];
        for (int i = 0; i < 300; i++)
        {
            set = KeyPlan.RotatePod(set, "p1", ["b1", "b2"], KeyFolder.Noon);
            set = KeyPlan.Finish(KeyPlan.Switch(set, "pod/p1", []), "pod/p1");
            set = KeyPlan.Finish(KeyPlan.Switch(KeyPlan.RotateBoard(set, "p1", "b1", KeyFolder.Noon), "board/p1/b1", []), "board/p1/b1");
            given.Add(set.Ring("pod/p1")!.Current);
            Assert.NotEqual(set.Ring("pod/p1")!.Current, set.Ring("board/p1/b1")!.Current);
            Assert.NotEqual(set.Ring("pod/p1")!.Current, set.Ring("board/p1/b2")!.Current);
        }

        Assert.All(given, k => Assert.InRange(k, 0, 255));
        Assert.Equal(100, given.Take(100).Distinct().Count());
    }

    private sealed class Run
    {
        private static readonly string[] Names = ["b1", "b2", "b3", "b4"];

        private readonly Random _random;
        private readonly Dictionary<string, Board> _boards = [];
        private SecretSet _stored;
        private KeyRun? _run;
        private string _ring = "";
        private long _nowMs;
        private uint _seq;
        private bool _calm;

        internal Run(int seed)
        {
            _random = new Random(seed);
            _stored = new SecretSet().With("pod/p1", KeyFolder.Ring(1, 1));
            foreach (string name in Names)
            {
                _stored = _stored.With("board/p1/" + name, KeyFolder.Ring(1, 10 + name[1]));
                _boards["p1/" + name] = new Board(_stored.Ring("pod/p1")!.Signing, _stored.Ring("board/p1/" + name)!.Signing);
            }

            Begin();
        }

        internal string? Fault { get; private set; }

        internal void Faults(int steps)
        {
            for (int i = 0; i < steps && Fault is null; i++)
            {
                switch (_random.Next(12))
                {
                    case 0:
                        // kill -9 between any two steps: what is stored is all that there is.
                        Load();
                        break;
                    case 1:
                        Board board = Any();
                        board.Online = !board.Online;
                        board.Stayed &= board.Online;
                        board.SinceMs = _nowMs;
                        break;
                    case 2:
                        Any().LosePower();
                        break;
                    case 3 when _stored.Ring(_ring)!.Rotation is null:
                        Begin();
                        break;
                }

                Step();
            }
        }

        internal void Calm(int steps)
        {
            _calm = true;
            foreach (Board board in _boards.Values)
            {
                board.SinceMs = board.Online ? board.SinceMs : _nowMs;
                board.Online = true;
            }

            for (int i = 0; i < steps && Fault is null && _stored.Ring(_ring)!.Rotation is not null; i++)
            {
                Step();
            }

            Fault ??= _stored.Ring(_ring)!.Rotation is { } left ? "the rotation does not end: " + left : null;
            Speak();
            foreach ((string name, Board board) in _boards)
            {
                Fault ??= board.HasOnly(_ring.StartsWith("pod/", StringComparison.Ordinal) || _ring == "board/" + name, _stored, name) ? null : name + " has other keys than the store";
            }
        }

        private void Begin()
        {
            string name = Names[_random.Next(Names.Length)];
            bool pod = _random.Next(3) > 0;
            _ring = pod ? "pod/p1" : "board/p1/" + name;
            _stored = pod ? KeyPlan.RotatePod(_stored, "p1", Names, KeyFolder.Noon) : KeyPlan.RotateBoard(_stored, "p1", name, KeyFolder.Noon);
            foreach (Board board in _boards.Values)
            {
                board.Stayed = board.Online && board.Understands(_stored.Ring("pod/p1")!.Signing, pod: true);
            }

            Load();
        }

        private void Load()
            => _run = _stored.Ring(_ring)!.Rotation is { } rotation ? new KeyRun(_ring, rotation, _ring == "pod/p1" ? _boards.Keys : [_ring["board/".Length..]]) : null;

        // One second of the desk: ask who is due, then at most one step, stored before it counts.
        private void Step()
        {
            _nowMs += 1_000;
            foreach ((string name, Board board) in _boards)
            {
                if (board.Online && _run?.Due(name, board.SinceMs, _nowMs) is { } ask)
                {
                    Ask(name, board, ask);
                }
            }

            if (_run?.MaySwitch(n => _boards[n].Online) == true)
            {
                _stored = KeyPlan.Switch(_stored, _ring, _run.Missing.ToList());
                if (!_calm && _random.Next(2) == 0)
                {
                    Load();
                }
                else
                {
                    _run.Switched(_stored.Ring(_ring)!.Rotation!);
                }
            }
            else if (_run?.IsDone == true)
            {
                _stored = KeyPlan.Finish(_stored, _ring);
                _run = null;
            }

            Speak();
        }

        // An order to the pod reaches everybody who is there.
        private void Speak()
        {
            StoredKey key = _stored.Ring("pod/p1")!.Signing;
            foreach ((string name, Board board) in _boards)
            {
                if (board.Online && !board.Hear(key, pod: true) && board.Stayed)
                {
                    Fault = name + " was there all the time and does not understand key " + key.Kid + " of the pod";
                }
            }
        }

        private void Ask(string name, Board board, KeyAsk ask)
        {
            KeyRing ring = _stored.Ring(_ring)!;
            KeyRing own = _stored.Ring("board/" + name)!;
            uint seq = ++_seq;
            _run!.Asked(name, ask, seq, _nowMs);
            StoredKey signs = ask == KeyAsk.InstallUnderOld && ring.Find(_run.Rotation.OldKid) is { } old ? old : own.Signing;
            if (Lost() || !board.Hear(signs, pod: false))
            {
                return;
            }

            bool pod = _ring == "pod/p1";
            (string result, string reason) = ask == KeyAsk.Drop ? board.Drop(_run.Rotation.OldKid) : board.Install(pod, ring.Find(_run.Rotation.NewKid)!);
            if (!Lost())
            {
                _run.Answer(name, seq, result, reason);
            }
        }

        private bool Lost() => !_calm && _random.Next(4) == 0;

        private Board Any() => _boards.ElementAt(_random.Next(_boards.Count)).Value;
    }

    private sealed class Board
    {
        private StreamKeys _pod = new();
        private StreamKeys _own = new();
        private StoredKey[] _podStored;
        private StoredKey[] _ownStored;

        internal Board(StoredKey pod, StoredKey own)
        {
            _podStored = [pod];
            _ownStored = [own];
            Restore();
        }

        internal bool Online { get; set; } = true;

        internal bool Stayed { get; set; } = true;

        internal long SinceMs { get; set; }

        internal bool Understands(StoredKey key, bool pod) => (pod ? _pod : _own).Find(key.Kid) is { } slot && Convert.ToHexStringLower(slot.Key) == key.Key;

        internal bool Hear(StoredKey key, bool pod)
        {
            if (!Understands(key, pod))
            {
                return false;
            }

            // The firmware stores what it was told soon after; losing power in between is LosePower's case.
            Store();
            (pod ? _pod : _own).Accept((pod ? _pod : _own).Find(key.Kid)!, 1, 1);
            return true;
        }

        internal (string Result, string Reason) Install(bool pod, StoredKey key)
            => (pod ? _pod : _own).Install(key.Kid, Convert.FromHexString(key.Key), 0) ? ("applied", "") : ("ignored", "kid in use: choose another");

        internal (string Result, string Reason) Drop(int kid)
        {
            bool pod = _pod.Drop(kid);
            bool own = _own.Drop(kid);
            return pod || own ? ("applied", "") : ("ignored", "no such key, or the last of its stream");
        }

        /// <summary>A restart with what was stored before the last message.</summary>
        internal void LosePower()
        {
            Stayed = false;
            Restore();
        }

        internal bool HasOnly(bool concerned, SecretSet set, string name)
            => !concerned || (Kids(_pod) is [int p] && p == set.Ring("pod/p1")!.Current && Kids(_own) is [int o] && o == set.Ring("board/" + name)!.Current);

        private static int[] Kids(StreamKeys keys) => KeySite.Kids(keys);

        private void Store() => (_podStored, _ownStored) = (All(_pod), All(_own));

        private static StoredKey[] All(StreamKeys keys)
            => [.. Enumerable.Range(0, StreamKeys.Slots).Select(keys.Slot).Where(s => s.Used).OrderBy(s => s.Newer).Select(s => new StoredKey(s.Kid, Convert.ToHexStringLower(s.Key), default))];

        private void Restore()
        {
            _pod = new StreamKeys();
            _own = new StreamKeys();
            foreach (StoredKey key in _podStored)
            {
                _pod.Install(key.Kid, Convert.FromHexString(key.Key), 0);
            }

            foreach (StoredKey key in _ownStored)
            {
                _own.Install(key.Kid, Convert.FromHexString(key.Key), 0);
            }
        }
    }
}
