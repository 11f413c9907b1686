using System.Diagnostics;
using Ballast.Host.Ledger;

namespace Ballast.Host.Metrics;

/// <summary>Times the writes of a journal and counts those that did not reach the disk. Changes nothing about them.</summary>
internal sealed class MeteredJournal(IJournal inner, LoopCounts counts) : IJournal
{
    /// <inheritdoc/>
    public string? Problem => inner.Problem;

    /// <inheritdoc/>
    public LedgerHead Head => inner.Head;

    /// <inheritdoc/>
    public JournaledState Load() => inner.Load();

    /// <inheritdoc/>
    public bool CommitEpoch(uint epoch, long sentMs) => Done(Stopwatch.GetTimestamp(), inner.CommitEpoch(epoch, sentMs));

    /// <inheritdoc/>
    public bool SaveOrders(IReadOnlyList<JournaledOrder> orders, double gain, long sentMs)
        => Done(Stopwatch.GetTimestamp(), inner.SaveOrders(orders, gain, sentMs));

    /// <inheritdoc/>
    public bool SaveLimit(JournaledLimit limit) => Done(Stopwatch.GetTimestamp(), inner.SaveLimit(limit));

    /// <inheritdoc/>
    public bool AppendSeries(string eventId, int part, ReadOnlySpan<byte> samples)
        => Done(Stopwatch.GetTimestamp(), inner.AppendSeries(eventId, part, samples));

    /// <inheritdoc/>
    public IReadOnlyList<JournaledLimit> Events(int skip, int take) => inner.Events(skip, take);

    /// <inheritdoc/>
    public JournaledLimit? FindEvent(string eventId) => inner.FindEvent(eventId);

    /// <inheritdoc/>
    public byte[] Series(string eventId) => inner.Series(eventId);

    /// <inheritdoc/>
    public JournaledLimit? FindByRequestKey(string key) => inner.FindByRequestKey(key);

    /// <inheritdoc/>
    public bool SaveBoardPower(string board, int powerW) => Done(Stopwatch.GetTimestamp(), inner.SaveBoardPower(board, powerW));

    /// <inheritdoc/>
    public bool SaveValue(string name, string value) => Done(Stopwatch.GetTimestamp(), inner.SaveValue(name, value));

    /// <inheritdoc/>
    public IReadOnlyList<LedgerRecord> Records(string kind, int skip, int take) => inner.Records(kind, skip, take);

    /// <inheritdoc/>
    public bool Record<T>(string kind, T body) => Done(Stopwatch.GetTimestamp(), inner.Record(kind, body));

    /// <inheritdoc/>
    public bool Note(string kind, string text, long utcMs) => Done(Stopwatch.GetTimestamp(), inner.Note(kind, text, utcMs));

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    // The arguments are worked out from left to right: the time is taken before the write.
    private bool Done(long startedAt, bool kept)
    {
        counts.JournalSeconds?.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        counts.JournalFailures += kept ? 0 : 1;
        return kept;
    }
}
