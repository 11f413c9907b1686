using System.Diagnostics;
using Ballast.Hw.Parts;

namespace Ballast.Virtual.Power;

/// <summary>Regulator, fans and sensor of a <see cref="PowerModel"/>, as the firmware sees them; they answer at once and never fail by themselves.</summary>
internal sealed class PowerParts(PowerModel model) : IRegulator, IFanController, ITemperatureSensor
{
    // Of what a converter takes at its input this arrives at the chips: the firmware reckons with the same.
    private const int EfficiencyPercent = 90;

    private int _milliVolts;
    private RegulatorFaults _faults;

    public int FanCount => 1;

    public int ChannelCount => 1;

    public PartStatus Configure() => PartStatus.Ok;

    public PartStatus SetMillivolts(int milliVolts)
    {
        _milliVolts = milliVolts;
        if (model.RailMilliVolts > 0)
            model.RailMilliVolts = milliVolts;
        return PartStatus.Ok;
    }

    public PartStatus Enable(bool on)
    {
        if (!on && model.RailMilliVolts > 0)
            model.SwitchedOffAt = Stopwatch.GetTimestamp();
        model.RailMilliVolts = on && !model.Unpowered ? _milliVolts : 0;

        // A regulator that is read back after the order shows that it did not obey.
        return !on && model.StuckMw > 0 && !model.StuckUnseen ? PartStatus.ReadBackDiffers : PartStatus.Ok;
    }

    public PartStatus Read(RegulatorReading into)
    {
        int rail = model.RailMilliVolts;
        long chipsMw = model.ChipsMw;
        if (model.StuckMw > 0 && !model.StuckUnseen)
        {
            rail = Math.Max(rail, _milliVolts);
            chipsMw = Math.Max(chipsMw, model.StuckMw - model.Description.FixedMw);
        }

        into.InputMilliVolts = model.SupplyMilliVolts;
        into.OutputMilliVolts = rail;
        into.OutputMilliAmps = rail == 0 ? 0 : (int)(chipsMw * 10 * EfficiencyPercent / rail);
        into.TemperatureMilliC = model.AmbientMilliC + ((model.ChipMilliC - model.AmbientMilliC) / 2) + 10_000;
        return PartStatus.Ok;
    }

    public PartStatus ReadFaults(out RegulatorFaults faults)
    {
        faults = _faults;
        return PartStatus.Ok;
    }

    public PartStatus ClearFaults()
    {
        _faults = RegulatorFaults.None;
        return PartStatus.Ok;
    }

    public PartStatus SetDutyPercent(int fan, int percent)
    {
        model.DutyPercent = percent;
        return PartStatus.Ok;
    }

    public PartStatus ReadRpm(int fan, out int rpm)
    {
        rpm = model.Rpm;
        return PartStatus.Ok;
    }

    public PartStatus ReadMilliC(int channel, out int milliC)
    {
        milliC = model.ChipMilliC;
        return PartStatus.Ok;
    }

    /// <summary>Plants a latched fault, as a protection that tripped.</summary>
    public void Trip(RegulatorFaults faults) => _faults = faults;
}
