namespace Ballast.Wire
{
    /// <summary>How urgent an order is, and so how watts fall and rise.</summary>
    public enum OrderClass
    {
        /// <summary>Falls over the ramp.</summary>
        Economic = 0,

        /// <summary>Falls as fast as the chips may step.</summary>
        Reliability = 1,

        /// <summary>Cuts at once and latches.</summary>
        Emergency = 2,
    }

    /// <summary>The names of the classes on the wire.</summary>
    public static class OrderClassName
    {
        private static readonly string[] Names = { "economic", "reliability", "emergency" };
        private static readonly byte[][] Bytes = { Ascii.Bytes(Names[0]), Ascii.Bytes(Names[1]), Ascii.Bytes(Names[2]) };

        /// <summary>The name of a class; "?" for a number that is none.</summary>
        public static string Of(OrderClass value)
        {
            int i = (int)value;
            return i >= 0 && i < Names.Length ? Names[i] : "?";
        }

        /// <summary>The class with this name, as its number; -1 if there is none.</summary>
        public static int Parse(byte[] data, int off, int count)
        {
            for (int i = 0; i < Bytes.Length; i++)
                if (Ascii.Same(data, off, count, Bytes[i]))
                    return i;
            return -1;
        }
    }
}
