namespace Ballast.Hw.Asic
{
    /// <summary>Byte orders that chips of several families share.</summary>
    public static class ChipWords
    {
        /// <summary>Writes a midstate of a job as chips read it: words H7…H0, each big-endian, 32 bytes.</summary>
        /// <param name="into">Where the bytes go.</param>
        /// <param name="offset">First byte.</param>
        /// <param name="midstates">Words of all midstates of the job.</param>
        /// <param name="index">Which of them.</param>
        public static void PutMidstate(byte[] into, int offset, uint[] midstates, int index)
        {
            int p = offset;
            for (int w = 8 * index + 7; w >= 8 * index; w--)
            {
                uint word = midstates[w];
                into[p] = (byte)(word >> 24);
                into[p + 1] = (byte)(word >> 16);
                into[p + 2] = (byte)(word >> 8);
                into[p + 3] = (byte)word;
                p += 4;
            }
        }

        /// <summary>Writes a number with its low byte first, as headers hold it.</summary>
        public static void PutLittle(byte[] into, int offset, uint value)
        {
            into[offset] = (byte)value;
            into[offset + 1] = (byte)(value >> 8);
            into[offset + 2] = (byte)(value >> 16);
            into[offset + 3] = (byte)(value >> 24);
        }

        /// <summary>Reads a number whose low byte comes first.</summary>
        public static uint GetLittle(byte[] from, int offset)
            => from[offset] | (uint)from[offset + 1] << 8 | (uint)from[offset + 2] << 16 | (uint)from[offset + 3] << 24;
    }
}
