using Ballast.Host.Dispatch;
using Ballast.Host.Fleet;
using Ballast.Host.Tests.Sim;
using Ballast.Wire;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Lock-out per board and pod, learned ladders, and equal boards that take turns.</summary>
public sealed class MaintenanceTests
{
    private static LockoutDesk Locks(ToySite site) => site.Dispatcher.Lockouts;

    private static IEnumerable<Sent> Unlocks(ToySite site) => site.Log.Where(s => s.Set is { Kind: SetKind.Lockout, Value: 0 });

    [Fact]
    public void A_lock_out_holds_over_a_restart_is_told_again_and_only_an_operator_ends_it()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 2 }).UpAndRunning();
        ToyBoard board = site.Boards[4];
        Assert.Null(Locks(site).Set(board.Name, true, "fan exchange"));
        site.Run(20);
        Assert.True(board.LockedOut);
        Assert.True(board.PowerMw <= 1000);

        // Its record is lost: the host tells it again, and does not wake it.
        board.LockedOut = false;
        board.Reconnect();
        site.Run(25);
        Assert.True(board.LockedOut);
        site.HostAlive = false;
        site.Run(2);
        site.NewHost();
        site.Run(120);
        BoardRecord record = site.Context.Fleet.Find(board.Name)!;
        Assert.True(board.LockedOut && record.LockedHere && !board.Admitted);
        Assert.Equal("fan exchange", Locks(site).Why(record));
        Assert.Empty(Unlocks(site));
        Assert.Null(Locks(site).Set(board.Name, false, "done"));
        site.Run(120);
        Assert.True(board.Admitted && board.PowerMw > 5000, "power " + board.PowerMw);
        Assert.Null(Locks(site).Why(record));
    }

    [Fact]
    public void A_pods_lock_out_takes_all_its_boards_and_gives_back_only_those_without_one_of_their_own()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 2 }).UpAndRunning();
        List<ToyBoard> p1 = [.. site.Boards.Where(b => b.Pod == "p1")];
        Assert.Null(Locks(site).Set(p1[0].Name, true, "own"));
        p1[1].LockedOut = true;
        p1[1].Reboot();
        site.Run(12);
        Assert.Null(Locks(site).Set("p1", true, "cooling circuit"));
        site.Run(30);
        Assert.All(p1, b => Assert.True(b.LockedOut && b.PowerMw < 1000));
        Assert.All(site.Boards.Where(b => b.Pod == "p2"), b => Assert.True(b.PowerMw > 10_000));
        Assert.Null(Locks(site).Set("p1", false, "done"));
        site.Run(120);
        Assert.True(p1[0].LockedOut && p1[1].LockedOut);
        Assert.All(p1.Skip(2), b => Assert.True(b.Admitted && b.PowerMw > 5000));
        Assert.Contains("before its pod", Locks(site).Why(site.Context.Fleet.Find(p1[1].Name)!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_out_is_not_ended_without_a_journal_a_reason_or_the_board_and_each_refusal_is_a_sentence()
    {
        ToySite site = new ToySite().UpAndRunning();
        string name = site.Boards[0].Name;
        Assert.Contains("reason", Locks(site).Set(name, true, " "), StringComparison.Ordinal);
        Assert.Contains("no pod or board", Locks(site).Set("nowhere", true, "x"), StringComparison.Ordinal);
        Assert.Null(Locks(site).Set(name, true, "x"));
        site.Run(15);
        site.Journal.Fails = true;
        Assert.Contains("journal", Locks(site).Set(name, false, "x"), StringComparison.Ordinal);
        site.Journal.Fails = false;
        site.GoOffline(site.Boards[0]);
        Assert.Contains("offline", Locks(site).Set(name, false, "x"), StringComparison.Ordinal);
        Assert.Null(Locks(site).Set("p1", true, "pod"));
        Assert.Contains("p1", Locks(site).Set(name, false, "x"), StringComparison.Ordinal);
        Assert.Equal(2, Locks(site).All.Count);
    }

    [Fact]
    public void An_offered_ladder_waits_for_the_operator_and_nameplate_is_reserved_before_it_is_sent()
    {
        ToySite site = new ToySite(change: o => o with { SpreadS = 2 }).UpAndRunning();
        ToyBoard board = site.Boards[6];
        board.Error = 1.15;
        board.Learn();
        uint id = board.Offered!.Id;
        site.Limit(250);
        site.Run(90);
        BoardRecord record = site.Context.Fleet.Find(board.Name)!;
        Assert.Contains(record, site.Dispatcher.Ladders.Waiting);
        Assert.Equal(record.Ladder!.Id, record.BirthLadderId);
        Assert.Null(site.Dispatcher.Ladders.Accept(record));
        double worst = 0;
        bool reserved = false;
        site.EachSecond = s => worst = Math.Max(worst, s.PowerW);
        site.Run(120, () =>
        {
            bool sent = site.Log.Any(l => l.Set is { Kind: SetKind.LadderId });
            reserved |= !sent && record.PendingLadderId == id;
            return sent;
        });
        Assert.True(reserved, "the ladder was sent without a reservation");
        Assert.Null(record.AgreedLadder);
        site.Run(30);
        Assert.Equal(id, record.AgreedLadder!.Id);
        Assert.DoesNotContain(record, site.Dispatcher.Ladders.Waiting);
        site.Run(60);
        Assert.True(worst <= 255, "worst " + worst);
    }

    [Fact]
    public void An_implausible_offer_is_refused_with_a_sentence_also_by_the_automatic_policy()
    {
        ToySite site = new ToySite(change: o => o with { Ladders = "auto" }).UpAndRunning();
        site.Boards[0].Error = 1.5;
        site.Boards[0].Learn();
        site.Boards[1].Error = 0.5;
        site.Boards[1].Learn();
        site.Boards[2].Error = 1.1;
        site.Boards[2].Learn();
        site.Run(60);
        Assert.Contains("nameplate", site.Dispatcher.Ladders.Accept(site.Context.Fleet.Find(site.Boards[0].Name)!), StringComparison.Ordinal);
        Assert.Contains("30 %", site.Dispatcher.Ladders.Accept(site.Context.Fleet.Find(site.Boards[1].Name)!), StringComparison.Ordinal);
        Assert.Contains("no ladder", site.Dispatcher.Ladders.Accept(site.Context.Fleet.Find(site.Boards[9].Name)!), StringComparison.Ordinal);
        Assert.True(site.Context.Alarms.IsUp("ladder", site.Boards[0].Name) && site.Context.Alarms.IsUp("ladder", site.Boards[1].Name));
        Assert.Null(site.Boards[2].Offered);
        Assert.NotNull(site.Boards[0].Offered);
    }

    [Fact]
    public void A_board_that_does_not_take_its_ladder_up_goes_back_to_the_old_one_with_an_alarm()
    {
        ToySite site = new ToySite().UpAndRunning();
        ToyBoard board = site.Boards[3];
        board.Error = 1.1;
        board.Learn();
        site.Run(5);
        BoardRecord record = site.Context.Fleet.Find(board.Name)!;
        Assert.Null(site.Dispatcher.Ladders.Accept(record));
        board.Deaf = true;
        site.Run(40);
        Assert.True(site.Context.Alarms.IsUp("ladder", board.Name));
        Assert.Equal(0u, record.PendingLadderId);
        Assert.NotNull(record.AgreedLadder);
    }

    [Fact]
    public void Equal_boards_take_turns_outside_events_each_step_falls_first_and_watts_stay()
    {
        ToySite site = new(64, 2, change: o => o with { SpreadS = 2, RotateMinutes = 2, CapW = 500 });
        Ladder same = ToySite.MakeLadder(new Random(3));
        site.Boards.ForEach(b => b.Ladder = same);
        site.Run(300);
        uint salt = site.Context.Salt;
        List<int> before = [.. site.Boards.Select(b => b.Switched)];
        double worst = 0, least = double.MaxValue;
        site.EachSecond = s => (worst, least) = (Math.Max(worst, s.PowerW), Math.Min(least, s.PowerW));
        site.Run(3600);
        Assert.True(worst <= 510, "worst " + worst);
        Assert.True(least >= 430, "least " + least);
        Assert.NotEqual(salt, site.Context.Salt);
        int turned = site.Boards.Where((b, i) => b.Switched > before[i]).Count();
        Assert.True(turned >= 8, turned + " boards took turns");
        Assert.All(site.Boards.Select((b, i) => b.Switched - before[i]), n => Assert.True(n <= 12, n + " times in an hour"));

        // An event stops it.
        site.Limit(300);
        site.Run(10);
        salt = site.Context.Salt;
        site.Run(600);
        Assert.Equal(salt, site.Context.Salt);
    }

    [Fact]
    public void A_restart_after_the_salt_moved_and_before_the_journal_knew_lets_nobody_rise()
    {
        ToySite site = new(64, 2, change: o => o with { SpreadS = 2, RotateMinutes = 2, CapW = 500 });
        Ladder same = ToySite.MakeLadder(new Random(3));
        site.Boards.ForEach(b => b.Ladder = same);
        site.Run(300);
        uint salt = site.Context.Salt;

        // The step is published, the write of it is lost, and the host dies.
        site.Run(200, () =>
        {
            site.Journal.Fails = true;
            bool moved = site.Context.Salt != salt;
            site.Journal.Fails = moved;
            return moved;
        });
        uint moved = site.Context.Salt;
        site.HostAlive = false;
        site.Run(20);
        site.Journal.Fails = false;
        double before = site.PowerW;
        double high = before;
        site.EachSecond = s => high = Math.Max(high, s.PowerW);
        site.NewHost();
        site.Run(50);
        Assert.Equal(moved, site.Context.Salt);
        Assert.True(high <= before + 1, before + " to " + high);
        Assert.All(site.Boards, b => Assert.True(b.Admitted));
    }
}
