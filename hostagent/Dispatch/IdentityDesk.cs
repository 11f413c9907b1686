using System.Globalization;
using System.Security.Cryptography;
using Ballast.Host.Fleet;
using Ballast.Host.Ledger;

namespace Ballast.Host.Dispatch;

/// <summary>
/// Who stands behind a board's name (contract section 8). The first serial number that was admitted under a name is known from then on, over
/// restarts too; another one is not admitted and counts at nameplate until an operator gives it the place. That shows as a new key of the
/// name without a rotation: <c>keys swap</c>, or another key in the configuration. Then whoever this host admits under the new key is known.
/// </summary>
internal sealed class IdentityDesk(DispatchContext context)
{
    private const string Prefix = "serials/";
    private const long WriteEveryMs = 5_000;

    // Stands for a key under which nobody was admitted yet.
    private const string NoKey = "-";

    private readonly Queue<PodRecord> _unsaved = new();
    private long _nextWriteMs;

    /// <summary>Takes what the journal knows; after the keys were loaded.</summary>
    internal void Start(JournaledState journaled)
    {
        _unsaved.Clear();
        foreach (PodRecord pod in context.Fleet.Pods)
        {
            Dictionary<string, BoardRecord> boards = pod.BoardList.ToDictionary(b => b.Id);
            foreach (string line in journaled.Values.GetValueOrDefault(Prefix + pod.Id, "").Split('\n'))
            {
                if (line.Split(' ') is [string id, string key, string serial] && boards.TryGetValue(id, out BoardRecord? board))
                {
                    board.KnownSerial = Uri.UnescapeDataString(serial);
                    board.SerialOpen = key != KeyMark(board);
                }
            }
        }
    }

    /// <summary>A board's birth or state was taken.</summary>
    internal void Judge(BoardRecord board, bool isState)
    {
        bool heard = board.Online && board.HasBirth && board.StateSerial.Length > 0;
        bool same = board.BirthSerial == board.StateSerial;
        if (heard && same && board.Admitted == true && (board.KnownSerial.Length == 0 || (board.SerialOpen && board.AskedNonce == board.BootNonce)))
        {
            Learn(board);
        }

        board.Foreign = heard && same && board.KnownSerial.Length > 0 && !board.SerialOpen && board.BirthSerial != board.KnownSerial;

        // A birth comes before its state: the two may differ for that moment. Kept ones come in any order.
        if (board.Online)
        {
            Alarm(board, heard && !same && (isState || board.SerialAlarm));
        }
    }

    /// <summary>Another key signs for a board from now on.</summary>
    /// <param name="board">The board.</param>
    /// <param name="rotated">True: the board that had the old key has this one too.</param>
    internal void KeyChanged(BoardRecord board, bool rotated)
    {
        if (!rotated && board.KnownSerial.Length > 0)
        {
            // What was admitted before is no proof of the new key.
            board.SerialOpen = true;
            board.AskedNonce = -1;
            board.Foreign = false;
            Alarm(board, false);
        }

        Save(board.Pod);
    }

    /// <summary>Writes one pod's serial numbers now and then: what is lost by a kill is learned again.</summary>
    internal void Step(long nowMs)
    {
        if (_unsaved.Count == 0 || nowMs < _nextWriteMs)
        {
            return;
        }

        _nextWriteMs = nowMs + WriteEveryMs;
        PodRecord pod = _unsaved.Dequeue();
        if (!context.Journal.SaveValue(Prefix + pod.Id, string.Join('\n', pod.BoardList.Where(b => b.KnownSerial.Length > 0).Select(Line))))
        {
            _unsaved.Enqueue(pod);
        }
    }

    private void Learn(BoardRecord board)
    {
        // The text of the birth, so that a fleet keeps each serial number once.
        bool news = board.SerialOpen || board.KnownSerial != board.BirthSerial;
        board.KnownSerial = board.BirthSerial;
        board.SerialOpen = false;
        if (news)
        {
            Save(board.Pod);
        }
    }

    private void Save(PodRecord pod)
    {
        if (!_unsaved.Contains(pod))
        {
            _unsaved.Enqueue(pod);
        }
    }

    private void Alarm(BoardRecord board, bool differ)
    {
        bool up = board.Foreign || differ;
        if (up || board.SerialAlarm)
        {
            board.SerialAlarm = up;
            context.Alarms.Set(up, "serial", board.Foreign
                ? "Board " + board.Name + " has serial number " + board.BirthSerial + ", and " + board.KnownSerial + " is known under this name: it is not admitted and counts at nameplate. If you put it there, "
                    + "'ballast keys swap " + board.Name + "' gives it the place (without a secret store: another key in the configuration, and a restart of the host). If not, find out what it is."
                : "Board " + board.Name + " shows another serial number in its state than in its birth: restart it, and look at its settings if that does not help.", board.Name);
        }

        bool strange = board.HasBirth && !board.ContractKnown;
        if (strange || board.ContractAlarm)
        {
            board.ContractAlarm = strange;
            context.Alarms.Set(strange, "contract", "Board " + board.Name + " speaks a version of the contract that this host does not know: it is not admitted and counts at nameplate. Update the host, or put a firmware of version 1 on the board.", board.Name);
        }
    }

    private static string Line(BoardRecord board)
        => string.Create(CultureInfo.InvariantCulture, $"{board.Id} {(board.SerialOpen ? NoKey : KeyMark(board))} {Uri.EscapeDataString(board.KnownSerial)}");

    // Tells one key from another, and nothing about it.
    private static string KeyMark(BoardRecord board) => Convert.ToHexStringLower(SHA256.HashData(board.Key).AsSpan(0, 4));
}
