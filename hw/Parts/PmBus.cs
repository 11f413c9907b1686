namespace Ballast.Hw.Parts
{
    /// <summary>Number formats of PMBus (Part II, section 7), in integers of thousandths: mV, mA, m°C, kHz.</summary>
    public static class PmBus
    {
        /// <summary>Largest mantissa that linear11 holds.</summary>
        private const int MaxMantissa = 1023;

        /// <summary>
        /// Encodes a value of 0 or more, in thousandths of the unit, as linear11 with the finest exponent that fits, truncated.
        /// </summary>
        /// <returns>The word, or -1 if the value is negative or too large.</returns>
        public static int EncodeLinear11(int milli)
        {
            if (milli < 0)
            {
                return -1;
            }

            for (int exponent = -16; exponent <= 15; exponent++)
            {
                long mantissa = exponent < 0 ? ((long)milli << -exponent) / 1000 : ((long)milli / 1000) >> exponent;
                if (mantissa <= MaxMantissa)
                {
                    return ((exponent & 0x1F) << 11) | (int)mantissa;
                }
            }

            return -1;
        }

        /// <summary>Decodes linear11 to thousandths of the unit, rounded toward zero.</summary>
        public static int DecodeLinear11(int word)
        {
            int mantissa = word & 0x7FF;
            if (mantissa >= 0x400)
            {
                mantissa -= 0x800;
            }

            int exponent = (word >> 11) & 0x1F;
            if (exponent >= 0x10)
            {
                exponent -= 0x20;
            }

            long milli = (long)mantissa * 1000;
            milli = exponent < 0 ? milli / (1L << -exponent) : milli << exponent;
            if (milli > int.MaxValue)
            {
                return int.MaxValue;
            }

            return milli < int.MinValue ? int.MinValue : (int)milli;
        }

        /// <summary>Encodes millivolts as linear16 with an exponent of -1…-16, truncated toward lower volts.</summary>
        /// <returns>The word, or -1 if it does not fit.</returns>
        public static int EncodeLinear16(int milliVolts, int exponent)
        {
            if (milliVolts < 0 || exponent > -1 || exponent < -16)
            {
                return -1;
            }

            long word = ((long)milliVolts << -exponent) / 1000;
            return word > 0xFFFF ? -1 : (int)word;
        }

        /// <summary>Decodes linear16 with an exponent of -1…-16 to millivolts, rounded to the nearest.</summary>
        public static int DecodeLinear16(int word, int exponent)
        {
            int shift = -exponent;
            return (int)((((long)(word & 0xFFFF) * 1000) + (1L << (shift - 1))) >> shift);
        }

        /// <summary>The exponent in a VOUT_MODE byte of linear format, -16…15.</summary>
        public static int VoutModeExponent(int mode)
        {
            int exponent = mode & 0x1F;
            return exponent >= 0x10 ? exponent - 0x20 : exponent;
        }
    }
}
