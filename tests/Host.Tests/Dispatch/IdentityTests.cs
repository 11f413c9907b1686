using Ballast.Host.Fleet;
using Ballast.Host.Options;
using Ballast.Host.Tests.Keys;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Dispatch;

/// <summary>Contract section 8: who stands behind a board's name, and which version of the contract it speaks.</summary>
public sealed class IdentityTests
{
    private static readonly byte[] NewKey = Convert.FromHexString(ToySite.Key(250));

    private static ToySite Up() => new ToySite(12, 2, 1, o => o with { RampS = 5, SpreadS = 5, RampUpWPerS = 50 }).UpAndRunning();

    // The board at a name is taken away, and another one comes that says so in birth and state.
    private static ToyBoard Replace(ToySite site, int index, string serial, byte[] key, double awayS = 90)
    {
        ToyBoard former = site.Boards[index];
        site.GoOffline(former);
        site.Run(awayS);
        PodSection pod = site.Options.Pods.Single(p => p.Id == former.Pod);
        ToyBoard other = new(former.Pod, former.Id, Convert.FromHexString(pod.Key), key, former.Ladder, 99) { Serial = serial, BirthSerial = serial };
        site.Boards[index] = other;
        return other;
    }

    private static byte[] KeyOf(ToySite site, ToyBoard board)
        => Convert.FromHexString(site.Options.Pods.Single(p => p.Id == board.Pod).Boards.Single(b => b.Id == board.Id).Key);

    private static BoardRecord Record(ToySite site, ToyBoard board) => site.Context.Fleet.Find(board.Name)!;

    [Fact]
    public void F27_another_serial_under_a_known_name_is_not_admitted_counts_at_nameplate_and_the_operator_is_told_what_to_do()
    {
        ToySite site = Up();
        double floor = site.Dispatcher.Picture.FloorW;
        ToyBoard former = site.Boards[3];
        ToyBoard other = Replace(site, 3, "new", KeyOf(site, former));
        site.Run(60);
        Assert.False(other.Admitted);
        BoardRecord record = Record(site, other);
        double nameplateW = record.NameplateMw / 1000.0;
        Assert.InRange(site.Dispatcher.Picture.FloorW, floor + nameplateW - 3, floor + nameplateW + 3);
        string told = site.Context.Alarms.Active.Single(a => a.Code == "serial").Text;
        Assert.Contains("serial number new, and s is known", told, StringComparison.Ordinal);
        Assert.Contains("ballast keys swap " + other.Name, told, StringComparison.Ordinal);

        // The one that belongs there comes back.
        site.GoOffline(other);
        former.Reboot();
        former.Online = true;
        site.Boards[3] = former;
        site.Run(60);
        Assert.True(former.Admitted);
        Assert.False(site.Context.Alarms.IsUp("serial", former.Name));
    }

    [Fact]
    public void F27_the_known_serial_survives_a_restart_of_the_host()
    {
        ToySite site = Up();
        ToyBoard other = Replace(site, 3, "new", KeyOf(site, site.Boards[3]));
        site.NewHost();
        site.Run(150);
        Assert.False(other.Admitted);
        Assert.True(site.Context.Alarms.IsUp("serial", other.Name));
        Assert.Equal(11, site.Boards.Count(b => b.Admitted));
        Assert.Equal("s", Record(site, other).KnownSerial);
    }

    [Fact]
    public void A_new_key_in_the_configuration_gives_the_place_to_who_is_admitted_under_it_and_to_nobody_else()
    {
        ToySite site = Up();
        ToyBoard former = site.Boards[3];
        ToyBoard other = Replace(site, 3, "new", NewKey, awayS: 20);
        site.Options = site.Options with
        {
            Pods = [.. site.Options.Pods.Select(p => p with
            {
                Boards = [.. p.Boards.Select(b => p.Id == former.Pod && b.Id == former.Id ? b with { Key = Convert.ToHexStringLower(NewKey) } : b)],
            })],
        };
        other.Online = false;
        site.NewHost();

        // The former one still hangs on the broker and says that it is admitted, as it was.
        site.Deliver(former, "birth", former.Birth());
        site.Deliver(former, "state", former.State());
        site.Run(150);
        Assert.True(Record(site, other).SerialOpen);
        site.Deliver(former, "state", "{\"online\":false,\"boardSerial\":\"s\"}");
        other.Online = true;
        site.Run(90);
        Assert.True(other.Admitted);
        Assert.Equal(("new", false), (Record(site, other).KnownSerial, Record(site, other).SerialOpen));

        // From now on the former one is the stranger, after another restart too.
        site.NewHost();
        site.Run(20);
        site.Deliver(former, "birth", former.Birth());
        site.Deliver(former, "state", former.State());
        Assert.True(Record(site, other).Foreign);
    }

    [Fact]
    public void F40_a_board_of_an_unknown_contract_version_counts_at_nameplate_whatever_it_reports_and_the_operator_is_told()
    {
        ToySite site = Up();
        double floor = site.Dispatcher.Picture.FloorW;
        ToyBoard odd = site.Boards[0];
        site.GoOffline(odd);
        site.Run(90);
        odd.Reboot();
        odd.Online = true;
        odd.Mute = true;
        site.Deliver(odd, "birth", odd.Birth().Replace("\"contract\":1", "\"contract\":2", StringComparison.Ordinal));
        site.Deliver(odd, "state", odd.State());
        site.Deliver(odd, "telemetry", odd.Telemetry(site.NowMs));
        site.Run(10);
        Assert.False(odd.Admitted);
        Assert.True(Record(site, odd).IsFresh(site.Context.Clock.NowMs));
        double nameplateW = Record(site, odd).NameplateMw / 1000.0;
        Assert.InRange(site.Dispatcher.Picture.FloorW, floor + nameplateW - 3, floor + nameplateW + 3);
        Assert.Contains("version of the contract", site.Context.Alarms.Active.Single(a => a.Code == "contract" && a.Subject == odd.Name).Text, StringComparison.Ordinal);
        site.Deliver(odd, "birth", odd.Birth());
        site.Deliver(odd, "state", odd.State());
        Assert.False(site.Context.Alarms.IsUp("contract", odd.Name));
    }

    [Fact]
    public void A_swap_opens_the_name_for_another_serial_and_a_rotation_does_not()
    {
        using KeySite keys = new();
        keys.StartAndCap();
        BoardRecord record = keys.Site.Host.Core.Context.Fleet.Find("p1/b01")!;
        string serial = keys.Board("p1/b01").Identity.Serial;
        Assert.Equal((serial, false), (record.KnownSerial, record.SerialOpen));
        Assert.Null(keys.Desk.Rotate("p1/b01", "test"));
        Assert.True(keys.RunUntilDone("board/p1/b01"), keys.State());
        Assert.Equal((serial, false), (record.KnownSerial, record.SerialOpen));
        Assert.Null(keys.Desk.Swap("p1/b01", "test"));
        Assert.True(record.SerialOpen);
    }
}
