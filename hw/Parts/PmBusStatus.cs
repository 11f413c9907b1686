namespace Ballast.Hw.Parts
{
    /// <summary>Meaning of status bits (PMBus Part II, section 17).</summary>
    internal static class PmBusStatus
    {
        /// <summary>STATUS_WORD: see STATUS_VOUT.</summary>
        internal const int Vout = 0x8000;

        /// <summary>STATUS_WORD: see STATUS_IOUT.</summary>
        internal const int Iout = 0x4000;

        /// <summary>STATUS_WORD: see STATUS_INPUT.</summary>
        internal const int Input = 0x2000;

        /// <summary>STATUS_WORD: see STATUS_TEMPERATURE.</summary>
        internal const int Temperature = 0x0004;

        private const int Manufacturer = 0x1000;
        private const int Other = 0x0200;
        private const int Off = 0x0040;
        private const int VoutOv = 0x0020;
        private const int IoutOc = 0x0010;
        private const int VinUv = 0x0008;
        private const int Cml = 0x0002;

        /// <summary>Faults that the summary word itself names. OFF counts only while the output was ordered on.</summary>
        internal static RegulatorFaults OfWord(int word, bool orderedOn)
        {
            RegulatorFaults faults = RegulatorFaults.None;
            if ((word & Off) != 0 && orderedOn)
            {
                faults |= RegulatorFaults.Off;
            }

            if ((word & VoutOv) != 0)
            {
                faults |= RegulatorFaults.OutputOverVoltage;
            }

            if ((word & IoutOc) != 0)
            {
                faults |= RegulatorFaults.OutputOverCurrent;
            }

            // A part that is ordered off reports low input while the supply is down: that is not a fault of a running board.
            if ((word & VinUv) != 0)
            {
                faults |= RegulatorFaults.InputUnderVoltage;
            }

            if ((word & Cml) != 0)
            {
                faults |= RegulatorFaults.Communication;
            }

            if ((word & (Manufacturer | Other)) != 0)
            {
                faults |= RegulatorFaults.Other;
            }

            return faults;
        }

        /// <summary>STATUS_VOUT: 0x80 over-voltage fault, 0x10 under-voltage fault, 0x04 soft start took too long; the rest are warnings.</summary>
        internal static RegulatorFaults OfVout(int status)
        {
            RegulatorFaults faults = RegulatorFaults.None;
            if ((status & 0x80) != 0)
            {
                faults |= RegulatorFaults.OutputOverVoltage;
            }

            if ((status & 0x14) != 0)
            {
                faults |= RegulatorFaults.OutputUnderVoltage;
            }

            return faults;
        }

        /// <summary>STATUS_IOUT: 0x80 over-current fault; 0x20 is the warning.</summary>
        internal static RegulatorFaults OfIout(int status) =>
            (status & 0x80) != 0 ? RegulatorFaults.OutputOverCurrent : RegulatorFaults.None;

        /// <summary>STATUS_INPUT: 0x80 over-voltage fault, 0x10 under-voltage fault, 0x08 off because of low input.</summary>
        internal static RegulatorFaults OfInput(int status)
        {
            RegulatorFaults faults = RegulatorFaults.None;
            if ((status & 0x80) != 0)
            {
                faults |= RegulatorFaults.InputOverVoltage;
            }

            if ((status & 0x18) != 0)
            {
                faults |= RegulatorFaults.InputUnderVoltage;
            }

            return faults;
        }

        /// <summary>STATUS_TEMPERATURE: 0x80 over-temperature fault; 0x40 is the warning.</summary>
        internal static RegulatorFaults OfTemperature(int status) =>
            (status & 0x80) != 0 ? RegulatorFaults.OverTemperature : RegulatorFaults.None;
    }
}
