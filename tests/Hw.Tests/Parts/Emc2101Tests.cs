using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Parts;

/// <summary>The EMC2101 driver on the register model.</summary>
public class Emc2101Tests
{
    private readonly SimI2cBus _bus = new();
    private readonly SimFan _fan = new(7000, 1300);
    private readonly SimEmc2101 _model;
    private readonly Emc2101 _driver;

    public Emc2101Tests()
    {
        _model = new SimEmc2101(_fan) { DiodeMilliC = 61250, OwnMilliC = 38000 };
        _bus.Add(_model);
        _driver = new Emc2101(_bus, 0x24, 0, 5000);
    }

    [Fact]
    public void S02_configure_drives_the_fan_at_full_and_the_tach_proves_it()
    {
        Assert.Equal(0, _model.DutyPercent);
        Assert.Equal(PartStatus.Ok, _driver.Configure());
        Assert.Equal(100, _model.DutyPercent);
        Run(5000);
        Assert.Equal(PartStatus.Ok, _driver.ReadRpm(0, out int rpm));
        Assert.InRange(rpm, 6800, 7050);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void Duty_is_never_below_what_was_asked(int percent)
    {
        _driver.Configure();
        Assert.Equal(PartStatus.Ok, _driver.SetDutyPercent(0, percent));
        Assert.InRange(_model.DutyPercent, percent, percent + 3);
    }

    [Fact]
    public void A_duty_outside_0_to_100_or_another_fan_changes_nothing()
    {
        _driver.Configure();
        Assert.Equal(PartStatus.OutOfRange, _driver.SetDutyPercent(0, 101));
        Assert.Equal(PartStatus.OutOfRange, _driver.SetDutyPercent(0, -1));
        Assert.Equal(PartStatus.OutOfRange, _driver.SetDutyPercent(1, 50));
        Assert.Equal(PartStatus.OutOfRange, _driver.ReadRpm(1, out _));
        Assert.Equal(100, _model.DutyPercent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S05_a_stuck_or_missing_fan_reads_0_rpm(bool stuck)
    {
        _driver.Configure();
        Run(5000);
        _fan.Stuck = stuck;
        _fan.Missing = !stuck;
        Run(15000);
        Assert.Equal(PartStatus.Ok, _driver.ReadRpm(0, out int rpm));
        Assert.Equal(0, rpm);
    }

    [Fact]
    public void Both_channels_read_true_after_diode_set_up()
    {
        _driver.Configure();
        Assert.Equal(PartStatus.Ok, _driver.ReadMilliC(Emc2101.ExternalChannel, out int chip));
        Assert.InRange(chip, 61000, 61375);
        Assert.Equal(PartStatus.Ok, _driver.ReadMilliC(Emc2101.InternalChannel, out int own));
        Assert.Equal(43000, own);
    }

    [Theory]
    [InlineData(-500)]
    [InlineData(-10125)]
    public void Temperatures_below_zero_keep_their_sign(int milliC)
    {
        _driver.Configure();
        _model.DiodeMilliC = milliC;
        Assert.Equal(PartStatus.Ok, _driver.ReadMilliC(0, out int chip));
        Assert.InRange(chip, milliC - 125, milliC + 125);
    }

    [Fact]
    public void Without_diode_set_up_the_chip_reads_wrong()
    {
        _driver.ReadMilliC(0, out int before);
        _driver.Configure();
        _driver.ReadMilliC(0, out int after);
        Assert.True(Math.Abs(before - after) > 5000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S04_an_open_or_shorted_diode_is_no_temperature(bool open)
    {
        _driver.Configure();
        _model.DiodeOpen = open;
        _model.DiodeShorted = !open;
        Assert.Equal(PartStatus.Implausible, _driver.ReadMilliC(0, out int milliC));
        Assert.Equal(0, milliC);
        Assert.Equal(PartStatus.Ok, _driver.ReadMilliC(1, out _));
    }

    [Fact]
    public void Bus_faults_come_back_as_they_are()
    {
        _model.Nacks = true;
        Assert.Equal(PartStatus.Nack, _driver.Configure());
        Assert.Equal(PartStatus.Nack, _driver.ReadRpm(0, out _));
        Assert.Equal(PartStatus.Nack, _driver.ReadMilliC(0, out _));
        _bus.LineStuck = true;
        Assert.Equal(PartStatus.Timeout, _driver.SetDutyPercent(0, 50));
    }

    private void Run(int ms)
    {
        for (int t = 0; t < ms; t += 50)
        {
            _fan.Step(_model.DutyPercent, 50);
        }
    }
}
