using Ballast.Host.Ledger;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Ledger;

/// <summary>A ledger's folder of its own, and writes of every kind.</summary>
internal sealed class LedgerFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("ballast-ledger-").FullName;

    internal FakeTime Time { get; } = new();

    internal string Database => System.IO.Path.Combine(Path, SqliteJournal.FileName);

    internal string Segments => System.IO.Path.Combine(Path, SegmentFile.FolderName);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal SqliteJournal Open(int keepSegments = 7, int pageSize = 4096, int keepEndedDays = 400)
        => new(Path, new JournalOptions { Site = "demo", Host = "h1", Time = Time, KeepSegments = keepSegments, PageSize = pageSize, KeepEndedDays = keepEndedDays });

    internal void NextDay() => Time.Advance(86_400_000);

    internal JournaledLimit Limit(string id, double watts, string state = "active") => new()
    {
        EventId = "e-" + id,
        Record = "{\"limitW\":" + watts.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}",
        Id = id,
        Source = "rest",
        Node = "site",
        Class = OrderClass.Economic,
        LimitW = watts,
        StartUtcMs = 1,
        Reason = "größer als \"0\"",
        CreatedUtcMs = Time.GetUtcNow().ToUnixTimeMilliseconds(),
        State = state,
        RequestKey = "key-" + id,
    };

    internal static JournaledOrder Order(string pod, uint id, int limit) => new(pod, 5, id, id, OrderClass.Economic, limit, 0, 9);

    /// <summary>A day's records, one of each kind at least.</summary>
    internal void Day(SqliteJournal journal, uint day)
    {
        Assert.True(journal.CommitEpoch(5 + day, 10));
        Assert.True(journal.SaveOrders([Order("p1", day, 100), Order("p2", day, 100), Order("p3", day, (int)day)], 1.2, 20 + day));
        Assert.True(journal.SaveLimit(Limit("l" + day, 500)));
        Assert.True(journal.SaveLimit(Limit("l" + day, 500, "completed") with { Record = "" }));
        Assert.True(journal.AppendSeries("e-l" + day, 0, [1, 2, (byte)day]));
        Assert.True(journal.SaveBoardPower("p1/b" + day, 10));
        Assert.True(journal.SaveBoardPower("p1/b" + (day - 1), -1));
        Assert.True(journal.SaveValue("seq/tso/1", day.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(journal.Note("release", "rest released l" + day, 3));
    }
}
