using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Parts;

/// <summary>EMC2302, EMC2103, TMP1075, TMP451 and the TCA9548 on their models.</summary>
public class FanAndSensorPartsTests
{
    private readonly SimI2cBus _bus = new();

    [Fact]
    public void S02_emc2302_drives_two_fans_apart()
    {
        SimFan[] fans = [new SimFan(5000, 2000), new SimFan(5000, 2000)];
        var model = new SimEmc2302(fans);
        _bus.Add(model);
        var driver = new Emc2302(_bus, 2, false);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal((100, 100), (model.DutyPercent(0), model.DutyPercent(1)));
        Assert.Equal(PartStatus.Ok, driver.SetDutyPercent(1, 50));
        Run();
        Assert.Equal(PartStatus.Ok, driver.ReadRpm(0, out int first));
        Assert.Equal(PartStatus.Ok, driver.ReadRpm(1, out int second));
        Assert.InRange(first, 4950, 5050);
        Assert.InRange(second, 2450, 2550);
        fans[0].Stuck = true;
        Run();
        driver.ReadRpm(0, out first);
        driver.ReadRpm(1, out second);
        Assert.Equal(0, first);
        Assert.InRange(second, 2450, 2550);
        Assert.Equal(PartStatus.OutOfRange, driver.ReadRpm(2, out _));

        void Run()
        {
            for (int i = 0; i < 300; i++)
            {
                fans[0].Step(model.DutyPercent(0), 50);
                fans[1].Step(model.DutyPercent(1), 50);
            }
        }
    }

    [Fact]
    public void Emc2302_inverts_where_the_board_says_so()
    {
        var model = new SimEmc2302([new SimFan(5000, 2000)]);
        _bus.Add(model);
        var driver = new Emc2302(_bus, 1, true);
        Assert.Equal(PartStatus.Ok, driver.Configure());

        // Full: the pin stays low, and the board's own inverter makes full of it.
        Assert.Equal(0, model.DutyPercent(0));
    }

    [Fact]
    public void Emc2103_reads_two_exchanged_diodes_and_one_fan()
    {
        var fan = new SimFan(6000, 2000);
        var model = new SimEmc2103(fan) { Diode1MilliC = 61000, Diode2MilliC = 55500 };
        _bus.Add(model);
        var driver = new Emc2103(_bus, true);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal(100, model.DutyPercent);
        for (int i = 0; i < 300; i++)
        {
            fan.Step(model.DutyPercent, 50);
        }

        driver.ReadRpm(0, out int rpm);
        Assert.InRange(rpm, 5900, 6050);
        driver.ReadMilliC(0, out int chip0);
        driver.ReadMilliC(1, out int chip1);
        Assert.Equal((55500, 61000), (chip0, chip1));
        model.Diode1Bad = true;
        Assert.Equal(PartStatus.Ok, driver.ReadMilliC(0, out _));
        Assert.Equal(PartStatus.Implausible, driver.ReadMilliC(1, out _));
    }

    [Theory]
    [InlineData(25000)]
    [InlineData(-12500)]
    [InlineData(99875)]
    public void Tmp1075_reads_with_the_boards_offset(int milliC)
    {
        _bus.Add(new SimTmp1075(0x48) { MilliC = milliC });
        var driver = new Tmp1075(_bus, [0x48], 10000);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal(PartStatus.Ok, driver.ReadMilliC(0, out int read));
        Assert.InRange(read, milliC + 10000 - 63, milliC + 10000 + 63);
    }

    [Fact]
    public void S04_the_hottest_of_several_sensors_counts_and_a_missing_one_spoils_it()
    {
        var first = new SimTmp1075(0x48) { MilliC = 50000 };
        var second = new SimTmp1075(0x4A) { MilliC = 61000 };
        _bus.Add(first);
        _bus.Add(second);
        var driver = new HottestOf(new Tmp1075(_bus, [0x48, 0x4A], 0), 0, 2);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal(PartStatus.Ok, driver.ReadMilliC(0, out int hottest));
        Assert.Equal(61000, hottest);
        first.Nacks = true;
        Assert.Equal(PartStatus.Nack, driver.ReadMilliC(0, out hottest));
        Assert.Equal(0, hottest);
        Assert.Equal(PartStatus.Nack, driver.Configure());
    }

    [Fact]
    public void S04_tmp451_tells_an_open_diode()
    {
        var model = new SimTmp451(0x49) { DiodeMilliC = 62500, OwnMilliC = 41250 };
        _bus.Add(model);
        var driver = new Tmp451(_bus, 0x49, 0);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        driver.ReadMilliC(0, out int remote);
        driver.ReadMilliC(1, out int own);
        Assert.Equal((62500, 41250), (remote, own));
        model.DiodeOpen = true;
        Assert.Equal(PartStatus.Implausible, driver.ReadMilliC(0, out remote));
        Assert.Equal(0, remote);
        Assert.Equal(PartStatus.Ok, driver.ReadMilliC(1, out _));
    }

    [Fact]
    public void Another_part_at_the_address_is_refused_by_all()
    {
        _bus.Add(new SimTmp451(0x2F));
        _bus.Add(new SimTmp451(0x2E));
        _bus.Add(new SimTmp451(0x48));
        _bus.Add(new SimTmp451(0x4C));
        _bus.Add(new SimTmp451(0x40));
        _bus.Add(new SimTmp1075(0x49));
        Assert.Equal(PartStatus.WrongPart, new Emc2302(_bus, 1, false).Configure());
        Assert.Equal(PartStatus.WrongPart, new Emc2103(_bus, false).Configure());
        Assert.Equal(PartStatus.WrongPart, new Tmp1075(_bus, [0x48], 0).Configure());
        Assert.Equal(PartStatus.WrongPart, new Emc2101(_bus, 0x24, 0, 0).Configure());
        Assert.Equal(PartStatus.WrongPart, new Ina260(_bus).Configure());
        Assert.Equal(PartStatus.WrongPart, new Tmp451(_bus, 0x49, 0).Configure());
    }

    [Fact]
    public void Parts_with_one_address_live_behind_a_switch()
    {
        var near = new SimI2cBus();
        var mux = new SimTca9548(near, 0x70);
        mux.Behind(0).Add(new SimTmp1075(0x48) { MilliC = 40000 });
        mux.Behind(5).Add(new SimTmp1075(0x48) { MilliC = 50000 });
        var driver = new Tca9548(mux, Tca9548.DefaultAddress);
        var first = new Tmp1075(driver.Channel(0), [0x48], 0);
        var second = new Tmp1075(driver.Channel(5), [0x48], 0);
        Assert.Equal(PartStatus.Ok, first.Configure());
        Assert.Equal(PartStatus.Ok, second.Configure());
        first.ReadMilliC(0, out int a);
        second.ReadMilliC(0, out int b);
        Assert.Equal((40000, 50000), (a, b));
        Assert.Equal(PartStatus.Nack, new Tmp1075(driver.Channel(1), [0x48], 0).Configure());
        mux.Stuck = true;
        Assert.Equal(PartStatus.BusFault, first.ReadMilliC(0, out _));
        mux.Nacks = true;
        Assert.Equal(PartStatus.Nack, first.ReadMilliC(0, out _));
        mux.Nacks = false;
        mux.Stuck = false;
        Assert.Equal(PartStatus.Ok, first.ReadMilliC(0, out a));
        Assert.Equal(40000, a);
    }
}
