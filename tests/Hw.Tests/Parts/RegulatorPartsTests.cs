using System.Text.Json;
using Ballast.Hw.Parts;
using Ballast.Hw.Sim;

namespace Ballast.Hw.Tests.Parts;

/// <summary>TPS53647, and the converter trimmed by a DS4432U and measured by an INA260.</summary>
public class RegulatorPartsTests
{
    private static readonly JsonElement Vectors = JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "asic.json"))).RootElement;

    public static TheoryData<int, int> DacCodes()
    {
        var data = new TheoryData<int, int>();
        foreach (JsonElement row in Vectors.GetProperty("ds4432u").GetProperty("values").EnumerateArray())
        {
            data.Add((int)Math.Round(row.GetProperty("v").GetDouble() * 1000), Convert.ToInt32(row.GetProperty("code").GetString(), 16));
        }

        return data;
    }

    public static TheoryData<int, int> Vids()
    {
        var data = new TheoryData<int, int>();
        foreach (JsonElement row in Vectors.GetProperty("tps53647_vid").EnumerateArray())
        {
            data.Add((int)Math.Round(row.GetProperty("v").GetDouble() * 1000), Convert.ToInt32(row.GetProperty("vid").GetString(), 16));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(DacCodes))]
    public void Ds4432u_codes_are_those_of_the_vectors_and_give_the_voltage(int milliVolts, int code)
    {
        Assert.Equal(code, Ds4432u.CodeOf(milliVolts));
        var bus = new SimI2cBus();
        var dac = new SimDs4432u();
        bus.Add(dac);
        Assert.Equal(PartStatus.Ok, new Ds4432u(bus).SetMillivolts(milliVolts));
        Assert.InRange(dac.TargetMilliVolts, milliVolts - 5, milliVolts + 5);
    }

    [Theory]
    [InlineData(45)]
    [InlineData(2391)]
    [InlineData(-1)]
    public void Ds4432u_refuses_what_it_cannot_reach(int milliVolts) => Assert.Equal(-1, Ds4432u.CodeOf(milliVolts));

    [Theory]
    [MemberData(nameof(Vids))]
    public void Tps53647_vids_are_rounded_where_the_peers_truncate(int milliVolts, int vid)
    {
        // The vectors hold the single-precision value of the peers, one step low at 1,150 mV; exact arithmetic gives B5.
        Assert.Equal(milliVolts == 1150 ? 0xB5 : vid, Tps53647.VidOf(milliVolts));
        Assert.Equal(milliVolts, Tps53647.MilliVoltsOf(Tps53647.VidOf(milliVolts)));
    }

    [Fact]
    public void S06_tps53647_comes_up_by_its_pin_and_its_auxiliary_supply_frames_it()
    {
        var (model, driver, enable, auxiliary) = Bench();
        Assert.Equal(PartStatus.NotPresent, driver.Enable(true));
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal(PartStatus.OutOfRange, driver.SetMillivolts(1000));
        Assert.Equal(PartStatus.OutOfRange, driver.SetMillivolts(1405));
        Assert.Equal(PartStatus.Ok, driver.SetMillivolts(1150));
        driver.Enable(true);
        Step(model, enable);
        Assert.True(auxiliary.IsHigh);
        Assert.Equal(1150, model.OutputMilliVolts);
        model.LoadMilliAmps = 60000;
        var reading = new RegulatorReading();
        Assert.Equal(PartStatus.Ok, driver.Read(reading));
        Assert.InRange(reading.OutputMilliVolts, 1148, 1152);
        Assert.InRange(reading.OutputMilliAmps, 59900, 60000);
        driver.Enable(false);
        Step(model, enable);
        Assert.False(auxiliary.IsHigh);
        Assert.Equal(0, model.OutputMilliVolts);
    }

    [Fact]
    public void S06_tps53647_faults_latch_until_the_pin_toggles()
    {
        var (model, driver, enable, _) = Bench();
        driver.Configure();
        driver.SetMillivolts(1150);
        driver.Enable(true);
        Step(model, enable);
        model.LoadMilliAmps = 85001;
        Step(model, enable);
        model.LoadMilliAmps = 0;
        Step(model, enable);
        Assert.False(model.IsOn);
        Assert.Equal(PartStatus.Ok, driver.ReadFaults(out RegulatorFaults faults));
        Assert.Equal(RegulatorFaults.OutputOverCurrent | RegulatorFaults.Off, faults);
        driver.ClearFaults();
        Step(model, enable);
        Assert.False(model.IsOn);
        driver.Enable(false);
        Step(model, enable);
        driver.Enable(true);
        Step(model, enable);
        Assert.True(model.IsOn);
    }

    [Fact]
    public void S06_tps53647_without_its_supply_is_missing_not_in_every_fault()
    {
        var (model, driver, enable, _) = Bench();
        driver.Configure();
        driver.Enable(true);
        Step(model, enable);
        model.NoSupply = true;
        Step(model, enable);
        Assert.Equal(PartStatus.NotPresent, driver.ReadFaults(out RegulatorFaults faults));
        Assert.Equal(RegulatorFaults.None, faults);
        Assert.Equal(PartStatus.Implausible, driver.Read(new RegulatorReading()));
        Assert.Equal(PartStatus.NotPresent, driver.Configure());
    }

    [Theory]
    [InlineData(Tps53647Command.SwitchingFrequency)]
    [InlineData(Tps53647Command.MaximumCurrent)]
    [InlineData(Tps53647Command.OperatingMode)]
    [InlineData(Tps53647Command.Phases)]
    [InlineData(Tps53647Command.OtWarnLimit)]
    [InlineData(Tps53647Command.OtFaultLimit)]
    [InlineData(Tps53647Command.IoutOcFaultLimit)]
    [InlineData(Tps53647Command.VoutMax)]
    public void S06_tps53647_limits_are_read_back(Tps53647Command command)
    {
        var (model, driver, _, _) = Bench();
        model.StuckRegister = (int)command;

        // Two of them hold the wanted value from power-up: those may pass.
        PartStatus status = driver.Configure();
        Assert.True(status == PartStatus.ReadBackDiffers || command is Tps53647Command.OtFaultLimit);
        if (status != PartStatus.Ok)
        {
            Assert.Equal((int)command, driver.FailedRegister);
        }
    }

    [Fact]
    public void Ina260_reads_volts_amps_and_watts_and_knows_itself()
    {
        var bus = new SimI2cBus();
        var model = new SimIna260 { MilliVolts = 5000, MilliWatts = 12500 };
        bus.Add(model);
        var driver = new Ina260(bus);
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.Equal(PartStatus.Ok, driver.ReadMilliVolts(out int volts));
        Assert.Equal(PartStatus.Ok, driver.ReadMilliAmps(out int amps));
        Assert.Equal(PartStatus.Ok, driver.ReadMilliWatts(out int watts));
        Assert.Equal((5000, 2500, 12500), (volts, amps, watts));
        model.Nacks = true;
        Assert.Equal(PartStatus.Nack, driver.ReadMilliWatts(out _));
    }

    [Fact]
    public void S06_the_trimmed_buck_watches_its_own_input_and_latches()
    {
        var bus = new SimI2cBus();
        var dac = new SimDs4432u();
        var meter = new SimIna260 { MilliVolts = 5000, MilliWatts = 12000 };
        var sensor = new SimTmp1075(0x49) { MilliC = 50000 };
        bus.Add(dac);
        bus.Add(meter);
        bus.Add(sensor);
        var enable = new SimOutputPin(true);
        var driver = new TrimmedBuck(new Ds4432u(bus), new Ina260(bus), new Tmp1075(bus, [0x49], 0), 0, enable, false, new BoardSupplyLimits
        {
            InputMinMilliVolts = 4500,
            InputMaxMilliVolts = 5500,
            InputMaxMilliWatts = 25000,
            OutputMinMilliVolts = 1100,
            OutputMaxMilliVolts = 1500,
        });
        Assert.Equal(PartStatus.NotPresent, driver.Enable(true));
        Assert.Equal(PartStatus.Ok, driver.Configure());
        Assert.True(enable.IsHigh);
        Assert.Equal(PartStatus.OutOfRange, driver.SetMillivolts(1099));
        Assert.Equal(PartStatus.Ok, driver.SetMillivolts(1400));
        Assert.Equal(PartStatus.Ok, driver.Enable(true));
        Assert.False(enable.IsHigh);
        var reading = new RegulatorReading();
        Assert.Equal(PartStatus.Ok, driver.Read(reading));
        Assert.Equal((5000, 1400, 50000), (reading.InputMilliVolts, reading.OutputMilliVolts, reading.TemperatureMilliC));
        Assert.InRange(reading.OutputMilliAmps, 7700, 7720);
        meter.MilliVolts = 4300;
        Assert.Equal(PartStatus.Ok, driver.ReadFaults(out RegulatorFaults faults));
        Assert.Equal(RegulatorFaults.InputUnderVoltage | RegulatorFaults.Off, faults);
        Assert.True(enable.IsHigh);
        meter.MilliVolts = 5000;
        driver.ReadFaults(out faults);
        Assert.Equal(RegulatorFaults.InputUnderVoltage | RegulatorFaults.Off, faults);
        Assert.Equal(PartStatus.Implausible, driver.Enable(true));
        driver.ClearFaults();
        Assert.Equal(PartStatus.Ok, driver.Enable(true));
        meter.MilliWatts = 26000;
        driver.ReadFaults(out faults);
        Assert.Equal(RegulatorFaults.OutputOverCurrent | RegulatorFaults.Off, faults);
    }

    private static (SimTps53647 Model, Tps53647 Driver, SimOutputPin Enable, SimOutputPin Auxiliary) Bench()
    {
        var bus = new SimI2cBus();
        var model = new SimTps53647(Tps53647.DefaultAddress) { InputMilliVolts = 12000, MilliC = 50000 };
        bus.Add(model);
        var enable = new SimOutputPin(false);
        var auxiliary = new SimOutputPin(false);
        var settings = new Tps53647Settings { VoutMinMilliVolts = 1005, VoutMaxMilliVolts = 1400, Phases = 3, MaximumAmps = 90, IoutOcFaultMilliAmps = 85000 };
        return (model, new Tps53647(bus, Tps53647.DefaultAddress, settings, enable, auxiliary), enable, auxiliary);
    }

    private static void Step(SimTps53647 model, SimOutputPin enable)
    {
        model.EnablePin = enable.IsHigh;
        model.Step(0);
    }
}
