namespace Ballast.Hw.Parts
{
    /// <summary>The readings that PMBus regulators share (Part II, sections 18.1 to 18.6), with the check that they can be meant.</summary>
    internal static class PmBusMeter
    {
        // The same in every PMBus part.
        private const int ReadVin = 0x88;
        private const int ReadIout = 0x8C;
        private const int ReadTemperature1 = 0x8D;

        // Wider than any part's own range: beyond it nobody drives the bus.
        private const int MaxInputMilliVolts = 20000;
        private const int MinOutputMilliAmps = -20000;
        private const int MinMilliC = -45000;
        private const int MaxMilliC = 180000;

        /// <summary>Reads input and output (mV), output current (mA) and temperature (m°C); unchanged unless <see cref="PartStatus.Ok"/>.</summary>
        /// <param name="part">The part.</param>
        /// <param name="outputCommand">Where it tells its output voltage, linear16.</param>
        /// <param name="exponent">Exponent of that.</param>
        /// <param name="maxOutputMilliVolts">Output above which a reading is implausible.</param>
        /// <param name="maxOutputMilliAmps">Current above which a reading is implausible.</param>
        /// <param name="into">Takes the readings.</param>
        internal static PartStatus Read(I2cPart part, int outputCommand, int exponent, int maxOutputMilliVolts, int maxOutputMilliAmps, RegulatorReading into)
        {
            PartStatus status = part.ReadWordLe(ReadVin, out int vin);
            int vout = 0;
            int iout = 0;
            int temperature = 0;
            if (status == PartStatus.Ok)
            {
                status = part.ReadWordLe(outputCommand, out vout);
            }

            if (status == PartStatus.Ok)
            {
                status = part.ReadWordLe(ReadIout, out iout);
            }

            if (status == PartStatus.Ok)
            {
                status = part.ReadWordLe(ReadTemperature1, out temperature);
            }

            if (status != PartStatus.Ok)
            {
                return status;
            }

            int vinMv = PmBus.DecodeLinear11(vin);
            int voutMv = PmBus.DecodeLinear16(vout, exponent);
            int ioutMa = PmBus.DecodeLinear11(iout);
            int milliC = PmBus.DecodeLinear11(temperature);
            if ((vin & vout & iout & temperature) == 0xFFFF || vinMv < 0 || vinMv > MaxInputMilliVolts || voutMv > maxOutputMilliVolts
                || ioutMa < MinOutputMilliAmps || ioutMa > maxOutputMilliAmps || milliC < MinMilliC || milliC > MaxMilliC)
            {
                return PartStatus.Implausible;
            }

            into.InputMilliVolts = vinMv;
            into.OutputMilliVolts = voutMv;
            into.OutputMilliAmps = ioutMa;
            into.TemperatureMilliC = milliC;
            return PartStatus.Ok;
        }
    }
}
