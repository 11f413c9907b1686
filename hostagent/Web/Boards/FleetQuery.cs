using Ballast.Host.Fleet;
using Ballast.Host.Limits;

namespace Ballast.Host.Web.Boards;

/// <summary>What a list of boards is asked for: filters, all of which must hold, and an order.</summary>
/// <param name="Mode">Mode as the API names it, or "".</param>
/// <param name="Pod">Pod, or "".</param>
/// <param name="State">One of <see cref="States"/>, or "".</param>
/// <param name="Text">Words that name, model, firmware, latches or what limits the board must hold, or "".</param>
/// <param name="Sort">One of <see cref="Sorts"/>.</param>
/// <param name="Descending">True: the largest first.</param>
internal readonly record struct FleetQuery(string Mode, string Pod, string State, string Text, string Sort, bool Descending)
{
    /// <summary>Columns that can be sorted by; `board` is the configuration's order.</summary>
    internal static readonly string[] Sorts = ["board", "mode", "limitedBy", "power", "ordered", "hash", "efficiency", "chip", "age"];

    /// <summary>Names of the modes.</summary>
    internal static readonly string[] Modes = [.. Enum.GetValues<ReportedMode>().Select(BoardWords.Name)];

    /// <summary>Groups of boards beside modes.</summary>
    internal static readonly Dictionary<string, BoardMarks> States = new()
    {
        ["offline"] = BoardMarks.Offline,
        ["stale"] = BoardMarks.Stale,
        ["suspect"] = BoardMarks.Suspect,
        ["lockedOut"] = BoardMarks.LockedOut,
        ["unavailable"] = BoardMarks.Unavailable,
        ["notAdmitted"] = BoardMarks.NotAdmitted,
        ["latched"] = BoardMarks.Latched,
        ["offersLadder"] = BoardMarks.Offers,
        ["resting"] = BoardMarks.Resting,
    };

    /// <summary>What is wrong with it, or null.</summary>
    internal RequestFault? Fault(IReadOnlyList<PodRecord> pods)
    {
        string pod = Pod;
        return Mode.Length > 0 && !Modes.Contains(Mode) ? new RequestFault("mode", "mode must be one of " + string.Join(", ", Modes) + ".")
            : Pod.Length > 0 && !pods.Any(p => p.Id == pod) ? new RequestFault("pod", "There is no pod of this name: GET /api/tree lists them.")
            : State.Length > 0 && !States.ContainsKey(State) ? new RequestFault("state", "state must be one of " + string.Join(", ", States.Keys) + ".")
            : Text.Length > 100 ? new RequestFault("text", "text may have at most 100 characters.")
            : !Sorts.Contains(Sort) ? new RequestFault("sort", "sort must be one of " + string.Join(", ", Sorts) + ".")
            : null;
    }

    /// <summary>Places of the rows that match, in order.</summary>
    internal int[] Apply(FleetPicture picture)
    {
        BoardMarks marks = State.Length > 0 ? States[State] : BoardMarks.None;
        string[] words = Words;
        List<int> found = [];
        for (int i = 0; i < picture.Count; i++)
        {
            ref readonly FleetRow row = ref picture[i];
            if ((Mode.Length == 0 || BoardWords.Name(row.Mode) == Mode) && (marks == BoardMarks.None || (row.Marks & marks) != 0) && Belongs(row, Pod, words))
            {
                found.Add(i);
            }
        }

        int[] order = [.. found];
        if (Sort != "board")
        {
            long[] keys = new long[order.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                long key = Key(picture[order[i]]);
                keys[i] = Descending ? -key : key;
            }

            // The place breaks ties, so that equal boards keep their order from one picture to the next.
            Array.Sort(keys, order);
            Stable(keys, order);
        }
        else if (Descending)
        {
            Array.Reverse(order);
        }

        return order;
    }

    /// <summary>How many boards each choice of one filter would leave, with pod and text as they are.</summary>
    internal (Dictionary<string, int> Modes, Dictionary<string, int> States) Counts(FleetPicture picture)
    {
        int[] modes = new int[Modes.Length];
        int[] states = new int[16];
        string[] words = Words;
        for (int i = 0; i < picture.Count; i++)
        {
            ref readonly FleetRow row = ref picture[i];
            if (!Belongs(row, Pod, words))
            {
                continue;
            }

            modes[(int)row.Mode]++;
            for (int bit = 0; bit < states.Length; bit++)
            {
                states[bit] += ((ushort)row.Marks >> bit) & 1;
            }
        }

        return (Modes.Index().ToDictionary(m => m.Item, m => modes[m.Index]),
            States.ToDictionary(s => s.Key, s => states[System.Numerics.BitOperations.TrailingZeroCount((uint)s.Value)]));
    }

    private string[] Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool Belongs(in FleetRow row, string pod, string[] words)
    {
        if (pod.Length > 0 && row.Board.Pod.Id != pod)
        {
            return false;
        }

        if (words.Length == 0)
        {
            return true;
        }

        Span<char> name = stackalloc char[65];
        ReadOnlySpan<char> id = row.Board.Id;
        row.Board.Pod.Id.CopyTo(name);
        name[row.Board.Pod.Id.Length] = '/';
        id.CopyTo(name[(row.Board.Pod.Id.Length + 1)..]);
        foreach (string word in words)
        {
            if (!name[..(row.Board.Pod.Id.Length + 1 + id.Length)].Contains(word, StringComparison.OrdinalIgnoreCase)
                && !row.Board.Model.Contains(word, StringComparison.OrdinalIgnoreCase)
                && !row.Board.Firmware.Contains(word, StringComparison.OrdinalIgnoreCase)
                && !row.Board.Latches.Contains(word, StringComparison.OrdinalIgnoreCase)
                && !BoardWords.Name(row.LimitedBy).Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private long Key(in FleetRow row) => Sort switch
    {
        "mode" => (long)row.Mode,
        "limitedBy" => (long)row.LimitedBy,
        "power" => row.PowerMw,
        "ordered" => row.OrderedMw,
        "hash" => row.HashGhs,

        // Boards that do not hash have no efficiency: they stand at the lower end.
        "efficiency" => row.HashGhs > 0 && row.PowerMw >= 0 ? row.PowerMw * 1000L / row.HashGhs : -1,
        "chip" => row.ChipMilliC,
        _ => Math.Min(row.AgeMs, int.MaxValue) / 1000,
    };

    private static void Stable(long[] keys, int[] order)
    {
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            Array.Sort(order, start, end - start);
            start = end;
        }
    }
}
