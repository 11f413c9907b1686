namespace Ballast.Hw.Parts
{
    /// <summary>What a board file says about its TPS546: limits that the part itself enforces, in mV, mA and m°C at the part's output and input.</summary>
    public sealed class Tps546Settings
    {
        /// <summary>Input at which conversion may start, mV.</summary>
        public int VinOnMilliVolts;

        /// <summary>Input at which conversion stops, mV.</summary>
        public int VinOffMilliVolts;

        /// <summary>Input over-voltage fault, mV.</summary>
        public int VinOvFaultMilliVolts;

        /// <summary>Lowest output, mV. Below it <see cref="Tps546.SetMillivolts"/> refuses (rule S06).</summary>
        public int VoutMinMilliVolts;

        /// <summary>Highest output, mV.</summary>
        public int VoutMaxMilliVolts;

        /// <summary>Ratio of the feedback divider in thousandths: 250 on 5 V boards, 125 on the Hex.</summary>
        public int ScaleLoopPermille = 250;

        /// <summary>Over-current warning, mA.</summary>
        public int IoutOcWarnMilliAmps;

        /// <summary>Over-current fault, mA.</summary>
        public int IoutOcFaultMilliAmps;

        /// <summary>Over-temperature warning, m°C.</summary>
        public int OtWarnMilliC = 105000;

        /// <summary>Over-temperature fault, m°C.</summary>
        public int OtFaultMilliC = 145000;

        /// <summary>Switching frequency, kHz.</summary>
        public int SwitchKhz = 650;

        /// <summary>Two parts in parallel on one rail (Gamma Turbo): stack, auto-detected synchronisation, all phases.</summary>
        public bool TwoPhases;

        /// <summary>COMPENSATION_CONFIG, 5 bytes; null leaves the part's own.</summary>
        public byte[]? Compensation;

        /// <summary>Chips in series on the rail: output = core voltage × domains.</summary>
        public int Domains = 1;
    }
}
