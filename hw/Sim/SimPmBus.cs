namespace Ballast.Hw.Sim
{
    /// <summary>The models' own linear11, apart from the drivers': thousandths of the unit.</summary>
    internal static class SimPmBus
    {
        /// <summary>Finest exponent of which the mantissa still fits, as parts report measurements.</summary>
        internal static int Encode(int milli)
        {
            int exponent = 15;
            while (exponent > -16 && Scale(milli, exponent - 1) <= 1023)
            {
                exponent--;
            }

            return ((exponent & 0x1F) << 11) | ((int)Scale(milli, exponent) & 0x7FF);
        }

        internal static int Decode(int word)
        {
            int exponent = (word >> 11) >= 16 ? (word >> 11) - 32 : word >> 11;
            long mantissa = (word & 0x3FF) - (word & 0x400);
            for (; exponent > 0; exponent--)
            {
                mantissa *= 2;
            }

            mantissa *= 1000;
            for (; exponent < 0; exponent++)
            {
                mantissa /= 2;
            }

            return (int)mantissa;
        }

        private static long Scale(int milli, int exponent) =>
            exponent >= 0 ? milli / (1000L << exponent) : milli * (1L << -exponent) / 1000;
    }
}
