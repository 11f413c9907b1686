using System.Text;
using Ballast.Host.Metrics;
using Ballast.Host.Options;

namespace Ballast.Host.Fleet;

/// <summary>What came of a board's message.</summary>
internal enum FleetNews
{
    None,
    Birth,
    State,
    Telemetry,
    Ack,
    Event,
    Bad,
}

/// <summary>
/// What every board last said, and how old that is. One owner: the host's loop. Values carry their age; an old one may only lower
/// power (S17): an estimate is the report clamped to [0, 1.1 × nameplate] while fresh, nameplate otherwise.
/// </summary>
public sealed class FleetBook
{
    /// <summary>How long a telemetry message counts, ms.</summary>
    public const long TelemetryFreshMs = 25_000;

    private readonly Dictionary<string, BoardRecord> _byName;
    private readonly Dictionary<string, BoardRecord>.AlternateLookup<ReadOnlySpan<char>> _byNameSpan;
    private readonly BirthReader _births;
    private readonly StateReader _states;
    private readonly long _afterlifeMs;
    private readonly LoopCounts _counts;

    /// <summary>Makes the records of all configured boards.</summary>
    public FleetBook(SiteOptions options, LoopCounts? counts = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Site = options.Site;
        _counts = counts ?? new LoopCounts();
        TextPool texts = new();
        _births = new BirthReader(texts);
        _states = new StateReader(texts);
        _afterlifeMs = (options.LeaseS + options.FailSpreadS) * 1000L;
        List<PodRecord> pods = [];
        List<BoardRecord> boards = [];
        foreach (PodSection section in options.Pods)
        {
            PodRecord pod = new(pods.Count, options.Site, section.Id, section.Kid, Convert.FromHexString(section.Key));
            pods.Add(pod);
            foreach (BoardSection board in section.Boards)
            {
                BoardRecord record = new(pod, board.Id, board.Kid, Convert.FromHexString(board.Key), board.NameplateW);
                pod.BoardList.Add(record);
                boards.Add(record);
            }
        }

        Pods = pods;
        Boards = boards;
        _byName = boards.ToDictionary(b => b.Name);
        _byNameSpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Site id.</summary>
    public string Site { get; }

    /// <summary>All pods.</summary>
    public IReadOnlyList<PodRecord> Pods { get; }

    /// <summary>All boards.</summary>
    public IReadOnlyList<BoardRecord> Boards { get; }

    /// <summary>Sum of nameplates, mW.</summary>
    public long NameplateMw => Boards.Sum(b => b.NameplateMw);

    /// <summary>Messages that were not as the contract says.</summary>
    public long BadMessages { get; private set; }

    /// <summary>Messages of boards that the configuration does not name.</summary>
    public long UnknownBoards { get; private set; }

    /// <summary>Messages under the names of boards whose keys were revoked. They changed nothing.</summary>
    public long RevokedMessages { get; private set; }

    /// <summary>Finds a board by "pod/board".</summary>
    public BoardRecord? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds a pod.</summary>
    public PodRecord? FindPod(string id) => Pods.FirstOrDefault(p => p.Id == id);

    /// <summary>Takes a message on `{pod}/{board}/{kind}`.</summary>
    internal FleetNews Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> json, bool retained, long nowMs, out BoardRecord? board, out AckWord ack)
    {
        ack = default;
        Span<char> chars = stackalloc char[80];
        if (name.Length > 80 || !_byNameSpan.TryGetValue(chars[..Encoding.ASCII.GetChars(name, chars)], out board))
        {
            UnknownBoards++;
            board = null;
            return FleetNews.Bad;
        }

        if (board.Revoked)
        {
            RevokedMessages++;
            board = null;
            return FleetNews.Bad;
        }

        bool good;
        FleetNews news;
        if (kind.SequenceEqual("telemetry"u8))
        {
            // A kept telemetry message has no age, so it says nothing about now.
            good = !retained && TelemetryReader.TryTake(json, board, nowMs, _counts.BoardRejects);
            news = FleetNews.Telemetry;
        }
        else if (kind.SequenceEqual("state"u8))
        {
            good = _states.TryTake(json, board, nowMs);
            news = FleetNews.State;
        }
        else if (kind.SequenceEqual("birth"u8))
        {
            good = _births.TryTake(json, board);
            news = FleetNews.Birth;
        }
        else if (kind.SequenceEqual("ack"u8))
        {
            good = AckReader.TryTake(json, out ack);
            news = FleetNews.Ack;
            if (good && !ack.IsSet)
            {
                board.AckAtMs = nowMs;
                board.AckEpoch = ack.Epoch;
                board.AckOrderId = ack.OrderId;
                board.AckResult = ack.Result;
                board.Acks.Note(AckMark.Of(ack, nowMs));
            }
        }
        else if (kind.SequenceEqual("event"u8))
        {
            return FleetNews.Event;
        }
        else
        {
            return FleetNews.None;
        }

        if (good)
        {
            return news;
        }

        BadMessages++;
        board.BadMessages++;
        return FleetNews.Bad;
    }

    /// <summary>What held for the board at this name holds no more: its key was revoked, or another board takes its place.</summary>
    internal static void Part(BoardRecord board, bool revoked, long nowMs)
    {
        // It may obey until its lease ends, so its watts stay counted as those of a board that went silent.
        board.OfflineSinceMs = board.Online ? nowMs : board.OfflineSinceMs;
        board.Online = false;
        board.Revoked = revoked;
    }

    /// <summary>Takes a time without a broker out of the ages of what was fresh when it began.</summary>
    internal void Forgive(long downSinceMs, long nowMs)
    {
        foreach (BoardRecord board in Boards)
        {
            if (board.Online && board.IsFresh(downSinceMs))
            {
                board.TelemetryAtMs += nowMs - downSinceMs;
            }
        }
    }

    /// <summary>What a board draws, as far as it can be believed, mW.</summary>
    internal long EstimateMw(BoardRecord board, long nowMs)
    {
        if (!board.Online)
        {
            // Never seen, or silent for so long that its lease is over: it sleeps or is at its failsafe (S09).
            return MayStillObey(board, nowMs) ? board.NameplateMw : FailsafeMw(board);
        }

        return board.IsFresh(nowMs) && board.PowerMw >= 0 ? Math.Min(board.PowerMw, board.NameplateMw * 11 / 10) : board.NameplateMw;
    }

    /// <summary>True while a board that went offline may still run under its last lease.</summary>
    internal bool MayStillObey(BoardRecord board, long nowMs)
        => board.HasState && !board.Online && board.Admitted == true && nowMs - board.OfflineSinceMs <= _afterlifeMs;

    /// <summary>Power of the failsafe point, mW. Sleep unless the birth says otherwise.</summary>
    internal static long FailsafeMw(BoardRecord board)
    {
        if (board.FailsafeW > 0)
        {
            return Math.Min(board.FailsafeW * 1000L, board.NameplateMw);
        }

        return board.Online ? board.StandbyMw : 0;
    }
}
