namespace Ballast.Wire
{
    /// <summary>Sorts the segments of a curve. The device libraries have no sort; a radix sort needs 6 passes for a whole site.</summary>
    internal static class CurveSort
    {
        private const int DigitBits = 11;
        private const int Digits = 1 << DigitBits;
        private const int Passes = 6;
        private const int Few = 48;

        /// <summary>Sorts by key, ascending and stable, and moves the values along.</summary>
        /// <returns>True if the result is in the other pair of arrays.</returns>
        internal static bool Sort(ulong[] keys, long[] values, ulong[] otherKeys, long[] otherValues, int count)
        {
            if (count <= Few)
            {
                Insert(keys, values, count);
                return false;
            }

            int[] starts = new int[Digits];
            bool swapped = false;
            for (int pass = 0; pass < Passes; pass++)
            {
                int shift = pass * DigitBits;
                for (int d = 0; d < Digits; d++)
                    starts[d] = 0;
                for (int i = 0; i < count; i++)
                    starts[(int)(keys[i] >> shift) & (Digits - 1)]++;

                // All keys alike in this digit: the pass would move nothing.
                if (starts[(int)(keys[0] >> shift) & (Digits - 1)] == count)
                    continue;
                int next = 0;
                for (int d = 0; d < Digits; d++)
                {
                    int here = starts[d];
                    starts[d] = next;
                    next += here;
                }

                for (int i = 0; i < count; i++)
                {
                    int to = starts[(int)(keys[i] >> shift) & (Digits - 1)]++;
                    otherKeys[to] = keys[i];
                    otherValues[to] = values[i];
                }

                ulong[] k = keys;
                keys = otherKeys;
                otherKeys = k;
                long[] v = values;
                values = otherValues;
                otherValues = v;
                swapped = !swapped;
            }

            return swapped;
        }

        private static void Insert(ulong[] keys, long[] values, int count)
        {
            for (int i = 1; i < count; i++)
            {
                ulong key = keys[i];
                long value = values[i];
                int j = i;
                while (j > 0 && keys[j - 1] > key)
                {
                    keys[j] = keys[j - 1];
                    values[j] = values[j - 1];
                    j--;
                }

                keys[j] = key;
                values[j] = value;
            }
        }
    }
}
