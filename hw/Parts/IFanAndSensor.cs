namespace Ballast.Hw.Parts
{
    /// <summary>Fans with a tach each.</summary>
    public interface IFanController
    {
        /// <summary>Number of fans.</summary>
        int FanCount { get; }

        /// <summary>Identifies and sets up the part with fans at full.</summary>
        PartStatus Configure();

        /// <summary>Sets the duty of a fan, 0…100 %.</summary>
        PartStatus SetDutyPercent(int fan, int percent);

        /// <summary>Reads a fan's speed in rpm; a fan that stands still or is missing reads 0 with <see cref="PartStatus.Ok"/>.</summary>
        PartStatus ReadRpm(int fan, out int rpm);
    }

    /// <summary>Temperature channels of one part.</summary>
    public interface ITemperatureSensor
    {
        /// <summary>Number of channels.</summary>
        int ChannelCount { get; }

        /// <summary>Identifies and sets up the part.</summary>
        PartStatus Configure();

        /// <summary>Reads a channel in m°C. An open or shorted diode is <see cref="PartStatus.Implausible"/>.</summary>
        PartStatus ReadMilliC(int channel, out int milliC);
    }
}
