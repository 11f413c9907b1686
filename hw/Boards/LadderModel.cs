namespace Ballast.Hw.Boards
{
    /// <summary>
    /// Operating points from the power model P = fixed + k·V²·f. Every point it makes is labelled as modelled: k fits one published
    /// or typical figure of the board, and a meter at the board's input replaces it.
    /// </summary>
    public static class LadderModel
    {
        /// <summary>
        /// Builds a ladder: point 0 is sleep at the fixed power, then one point per frequency (kHz, rising) with its core voltage (mV per chip).
        /// </summary>
        /// <param name="fixedMw">Power that does not depend on the chips, mW, at the board's input.</param>
        /// <param name="microWattPerV2Mhz">k of one chip at the board's input, µW per V² and MHz.</param>
        /// <param name="smallCores">Hashes per clock of one chip.</param>
        /// <param name="chips">Chips on the board.</param>
        /// <param name="freqKhz">Frequencies, rising.</param>
        /// <param name="milliVolts">Core voltages, as many.</param>
        public static OperatingPoint[] Points(int fixedMw, int microWattPerV2Mhz, int smallCores, int chips, int[] freqKhz, int[] milliVolts)
        {
            OperatingPoint[] points = new OperatingPoint[freqKhz.Length + 1];
            points[0] = new OperatingPoint { PowerMw = fixedMw };
            for (int i = 0; i < freqKhz.Length; i++)
            {
                points[i + 1] = new OperatingPoint
                {
                    FreqKhz = freqKhz[i],
                    MilliVolts = milliVolts[i],
                    PowerMw = fixedMw + (chips * ChipMw(microWattPerV2Mhz, milliVolts[i], freqKhz[i])),
                    HashGhs = HashGhs(freqKhz[i], smallCores, chips),
                };
            }

            return points;
        }

        /// <summary>k·V²·f of one chip in mW, rounded up.</summary>
        public static int ChipMw(int microWattPerV2Mhz, int milliVolts, int freqKhz)
        {
            // µW/(V²·MHz) × mV² × kHz = 10^-12 mW.
            long squared = (long)milliVolts * milliVolts;
            long product = (squared * freqKhz / 1000 * microWattPerV2Mhz) + 999999999;
            return (int)(product / 1000000000);
        }

        /// <summary>Expected hash rate, GH/s: MHz × small cores × chips / 1000.</summary>
        public static int HashGhs(int freqKhz, int smallCores, int chips) => (int)((long)freqKhz * smallCores * chips / 1000000);
    }
}
