namespace Ballast.Hw.Sim
{
    /// <summary>A modelled core converter as the board around it sees it.</summary>
    public interface ISimRegulator
    {
        /// <summary>Voltage at the input, mV.</summary>
        int InputMilliVolts { get; set; }

        /// <summary>Level at the enable pin of the part.</summary>
        bool EnablePin { get; set; }

        /// <summary>Current that the load draws, mA.</summary>
        int LoadMilliAmps { get; set; }

        /// <summary>Temperature of the part, m°C.</summary>
        int MilliC { get; set; }

        /// <summary>True while it converts.</summary>
        bool IsOn { get; }

        /// <summary>Voltage at the output, mV.</summary>
        int OutputMilliVolts { get; }

        /// <summary>Checks limits and switches.</summary>
        void Step(long nowMs);
    }
}
