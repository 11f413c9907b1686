using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Parts;

/// <summary>The TPS546 driver on the register model.</summary>
public class Tps546Tests
{
    private readonly SimI2cBus _bus = new();
    private readonly SimTps546 _model = new(Tps546.DefaultAddress) { InputMilliVolts = 5000, MilliC = 40000 };
    private readonly SimOutputPin _enable = new(true);
    private readonly Tps546 _driver;
    private long _nowMs;

    public Tps546Tests()
    {
        _bus.Add(_model);
        _driver = new Tps546(_bus, Tps546.DefaultAddress, Settings(), _enable, false);
    }

    [Fact]
    public void Comes_up_only_after_limits_voltage_and_enable()
    {
        Assert.Equal(PartStatus.NotPresent, _driver.Enable(true));
        Assert.Equal(PartStatus.NotPresent, _driver.SetMillivolts(1150));
        Assert.Equal(PartStatus.Ok, _driver.Configure());
        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
        Assert.Equal(PartStatus.Ok, _driver.SetMillivolts(1150));
        Assert.Equal(PartStatus.Ok, _driver.Enable(true));
        Step();
        Assert.Equal(588 * 1000 / 512, _model.OutputMilliVolts);
        Assert.Equal(PartStatus.Ok, _driver.Enable(false));
        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
        Assert.False(_model.StoreWritten);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S06_pin_or_operation_alone_cuts(bool byPin)
    {
        On();
        if (byPin)
        {
            _enable.Write(true);
        }
        else
        {
            _bus.Write(Tps546.DefaultAddress, [(byte)Tps546Command.Operation, 0], 0, 2);
        }

        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
    }

    [Fact]
    public void S06_off_works_through_the_pin_when_the_bus_is_dead()
    {
        On();
        _bus.LineStuck = true;
        Assert.Equal(PartStatus.Timeout, _driver.Enable(false));
        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1251)]
    [InlineData(0)]
    [InlineData(-1150)]
    public void S06_a_voltage_outside_the_boards_range_changes_nothing(int milliVolts)
    {
        On();
        Assert.Equal(PartStatus.OutOfRange, _driver.SetMillivolts(milliVolts));
        Step();
        Assert.Equal(1148, _model.OutputMilliVolts);
    }

    [Fact]
    public void S06_an_over_current_latches_and_nothing_retries()
    {
        On();
        _model.LoadMilliAmps = 30001;
        Step();
        _model.LoadMilliAmps = 0;
        Assert.Equal(0, _model.OutputMilliVolts);
        for (int i = 0; i < 100; i++)
        {
            Step();
        }

        Assert.Equal(0, _model.OutputMilliVolts);
        Assert.Equal(PartStatus.Ok, _driver.ReadFaults(out RegulatorFaults faults));
        Assert.Equal(RegulatorFaults.OutputOverCurrent | RegulatorFaults.Off, faults);

        // Clearing alone does not switch on again; off and on does.
        Assert.Equal(PartStatus.Ok, _driver.ClearFaults());
        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
        _driver.Enable(false);
        Step();
        _driver.Enable(true);
        Step();
        Assert.Equal(1148, _model.OutputMilliVolts);
        _driver.ReadFaults(out faults);
        Assert.Equal(RegulatorFaults.None, faults);
    }

    [Fact]
    public void The_model_of_an_unconfigured_part_does_retry()
    {
        On();
        _bus.Write(Tps546.DefaultAddress, [(byte)Tps546Command.IoutOcFaultResponse, 0xFF], 0, 2);
        _model.TripOverCurrent(_nowMs);
        Assert.Equal(0, _model.OutputMilliVolts);
        for (int i = 0; i < 10; i++)
        {
            Step();
        }

        Assert.Equal(1148, _model.OutputMilliVolts);
    }

    [Theory]
    [InlineData(4400, RegulatorFaults.InputUnderVoltage | RegulatorFaults.Off)]
    [InlineData(6600, RegulatorFaults.InputOverVoltage | RegulatorFaults.Off)]
    public void S06_input_out_of_range_is_reported(int input, RegulatorFaults expected)
    {
        On();
        _model.InputMilliVolts = input;
        Step();
        Assert.Equal(0, _model.OutputMilliVolts);
        Assert.Equal(PartStatus.Ok, _driver.ReadFaults(out RegulatorFaults faults));
        Assert.Equal(expected, faults);
    }

    [Theory]
    [InlineData(400, RegulatorFaults.OutputOverVoltage | RegulatorFaults.Off)]
    [InlineData(-400, RegulatorFaults.OutputUnderVoltage | RegulatorFaults.Off)]
    public void S06_a_wrong_output_is_reported(int error, RegulatorFaults expected)
    {
        On();
        _model.OutputErrorMilliVolts = error;
        Step();
        _driver.ReadFaults(out RegulatorFaults faults);
        Assert.Equal(expected, faults);
    }

    [Fact]
    public void S06_its_own_over_temperature_is_reported()
    {
        On();
        _model.MilliC = 146000;
        Step();
        _driver.ReadFaults(out RegulatorFaults faults);
        Assert.Equal(RegulatorFaults.OverTemperature | RegulatorFaults.Off, faults);
    }

    [Fact]
    public void S06_every_limit_is_read_back_and_a_stuck_one_stops_the_start()
    {
        // Every command that Configure writes: let each one not take, in turn.
        Tps546Command[] written =
        [
            Tps546Command.OnOffConfig, Tps546Command.Phase, Tps546Command.PinDetectOverride, Tps546Command.FrequencySwitch, Tps546Command.TonRise,
            Tps546Command.VoutScaleLoop, Tps546Command.VoutMax, Tps546Command.VoutMin, Tps546Command.VoutCommand, Tps546Command.VoutOvFaultLimit,
            Tps546Command.VoutOvWarnLimit, Tps546Command.VoutUvWarnLimit, Tps546Command.VoutUvFaultLimit, Tps546Command.VinOn, Tps546Command.VinOff,
            Tps546Command.VinOvFaultLimit, Tps546Command.IoutOcWarnLimit, Tps546Command.IoutOcFaultLimit, Tps546Command.OtWarnLimit,
            Tps546Command.VoutOvFaultResponse, Tps546Command.VoutUvFaultResponse, Tps546Command.IoutOcFaultResponse, Tps546Command.OtFaultResponse,
            Tps546Command.VinOvFaultResponse, Tps546Command.TonMaxFaultResponse,
        ];
        foreach (Tps546Command command in written)
        {
            var bus = new SimI2cBus();
            bus.Add(new SimTps546(Tps546.DefaultAddress) { InputMilliVolts = 5000, StuckRegister = (int)command });
            var driver = new Tps546(bus, Tps546.DefaultAddress, Settings(), null, false);
            Assert.Equal(PartStatus.ReadBackDiffers, driver.Configure());
            Assert.Equal((int)command, driver.FailedRegister);
            Assert.Equal(PartStatus.NotPresent, driver.Enable(true));
        }
    }

    [Fact]
    public void A_missing_part_a_silent_one_and_one_nack_are_told_apart()
    {
        _model.NackNext = 1;
        Assert.Equal(PartStatus.Ok, _driver.Configure());
        _model.Nacks = true;
        Assert.Equal(PartStatus.Nack, _driver.Configure());
        _model.Nacks = false;
        _model.HoldsClock = true;
        Assert.Equal(PartStatus.Timeout, _driver.Configure());
        Assert.Equal(PartStatus.Timeout, _driver.ReadFaults(out _));
    }

    [Fact]
    public void Another_part_at_the_address_is_refused()
    {
        var bus = new SimI2cBus();
        bus.Add(new Stranger());
        Assert.Equal(PartStatus.WrongPart, new Tps546(bus, Tps546.DefaultAddress, Settings(), null, false).Configure());
    }

    [Fact]
    public void A_reading_is_whole_or_not_at_all()
    {
        On();
        _model.LoadMilliAmps = 12345;
        Step();
        var reading = new RegulatorReading();
        Assert.Equal(PartStatus.Ok, _driver.Read(reading));
        Assert.Equal(5000, reading.InputMilliVolts);
        Assert.InRange(reading.OutputMilliVolts, 1147, 1150);
        Assert.InRange(reading.OutputMilliAmps, 12300, 12345);
        Assert.Equal(40000, reading.TemperatureMilliC);
        _model.Nacks = true;
        Assert.Equal(PartStatus.Nack, _driver.Read(reading));
        Assert.Equal(5000, reading.InputMilliVolts);
    }

    private static Tps546Settings Settings() => new()
    {
        VinOnMilliVolts = 4800,
        VinOffMilliVolts = 4500,
        VinOvFaultMilliVolts = 6500,
        VoutMinMilliVolts = 1000,
        VoutMaxMilliVolts = 1250,
        IoutOcWarnMilliAmps = 25000,
        IoutOcFaultMilliAmps = 30000,
    };

    private void On()
    {
        Assert.Equal(PartStatus.Ok, _driver.Configure());
        Assert.Equal(PartStatus.Ok, _driver.SetMillivolts(1150));
        Assert.Equal(PartStatus.Ok, _driver.Enable(true));
        Step();
        Assert.True(_model.IsOn);
    }

    private void Step()
    {
        _nowMs += 20;
        _model.EnablePin = !_enable.IsHigh;
        _model.Step(_nowMs);
    }

    /// <summary>Answers zero to everything.</summary>
    private sealed class Stranger() : SimI2cDevice(Tps546.DefaultAddress)
    {
        public override bool OnWrite(byte[] data, int offset, int count) => true;

        public override bool OnRead(byte[] data, int offset, int count)
        {
            data.AsSpan(offset, count).Clear();
            return true;
        }
    }
}
