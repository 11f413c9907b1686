using Ballast.Firmware.Pool;

namespace Ballast.Firmware.Mining
{
    /// <summary>
    /// 256-bit targets as eight words, least significant first, and the difficulty arithmetic on them. Difficulty 1 is 0xFFFF·2^208; with a work
    /// shift k the unit of difficulty is 1/2^k of that, so every target but the network's is 2^k times larger.
    /// </summary>
    public static class Target
    {
        /// <summary>Words of a target.</summary>
        public const int Words = 8;

        private const int WideWords = 16;

        /// <summary>Writes floor(diff1·2^workShift / difficulty), at most 2^256−1. Work shift 0…32.</summary>
        /// <param name="difficulty">The pool's difficulty.</param>
        /// <param name="workShift">k of the profile.</param>
        /// <param name="scratch">16 words, overwritten.</param>
        /// <param name="into">Receives eight words.</param>
        public static void FromDifficulty(PoolDifficulty difficulty, int workShift, uint[] scratch, uint[] into)
        {
            for (int i = 0; i < WideWords; i++)
            {
                scratch[i] = 0;
            }

            int bit = 208 + workShift;
            ulong top = (ulong)0xFFFF << (bit & 31);
            scratch[bit >> 5] = (uint)top;
            scratch[(bit >> 5) + 1] = (uint)(top >> 32);

            int exponent = difficulty.Exponent;
            ulong divisor = difficulty.Mantissa;
            while (exponent > 0 && divisor < 900000000000000000)
            {
                divisor *= 10;
                exponent--;
            }

            for (; exponent > 0; exponent--)
            {
                Divide(scratch, 10);
            }

            for (; exponent < 0; exponent++)
            {
                ulong carry = 0;
                for (int i = 0; i < WideWords; i++)
                {
                    carry += (ulong)scratch[i] * 10;
                    scratch[i] = (uint)carry;
                    carry >>= 32;
                }
            }

            Divide(scratch, divisor);
            bool over = false;
            for (int i = Words; i < WideWords; i++)
            {
                over |= scratch[i] != 0;
            }

            for (int i = 0; i < Words; i++)
            {
                into[i] = over ? 0xFFFFFFFF : scratch[i];
            }
        }

        /// <summary>Writes the network target of a compact form; a form that is negative or does not fit gives 0, which nothing meets.</summary>
        public static void FromBits(uint nbits, uint[] into)
        {
            for (int i = 0; i < Words; i++)
            {
                into[i] = 0;
            }

            int size = (int)(nbits >> 24);
            uint mantissa = nbits & 0x007FFFFF;
            if ((nbits & 0x00800000) != 0)
            {
                return;
            }

            for (int i = 0; i < 3; i++)
            {
                int at = size - 3 + i;
                uint value = (mantissa >> (8 * i)) & 0xFF;
                if (value == 0)
                {
                    continue;
                }

                if (at >= 32)
                {
                    for (int w = 0; w < Words; w++)
                    {
                        into[w] = 0;
                    }

                    return;
                }

                if (at >= 0)
                {
                    into[at >> 2] |= value << (8 * (at & 3));
                }
            }
        }

        /// <summary>True if a hash, as a number of eight words, is not above the target.</summary>
        public static bool Meets(uint[] hash, uint[] target)
        {
            for (int i = Words - 1; i >= 0; i--)
            {
                uint h = hash[i];
                uint t = target[i];
                if (h != t)
                {
                    return h < t;
                }
            }

            return true;
        }

        /// <summary>diff1·2^workShift / hash, rounded down, to about nine digits; at most 2^63−1.</summary>
        public static long DifficultyOf(uint[] hash, int workShift)
        {
            int top = Words - 1;
            while (top > 0 && hash[top] == 0)
            {
                top--;
            }

            // The hash as m·2^shift with 2^31 <= m < 2^32.
            ulong wide = ((ulong)hash[top] << 32) | (top > 0 ? hash[top - 1] : 0);
            if (wide == 0)
            {
                return 9223372036854775807;
            }

            int shift = (32 * (top - 1)) + 32;
            while ((wide & 0x8000000000000000) == 0)
            {
                wide <<= 1;
                shift--;
            }

            ulong quotient = ((ulong)0xFFFF << 47) / (wide >> 32);
            int left = 208 + workShift - 47 - shift;
            if (left >= 0)
            {
                return left > 30 ? 9223372036854775807 : (long)(quotient << left);
            }

            return left <= -64 ? 0 : (long)(quotient >> -left);
        }

        // Long division by bits: the remainder stays below the divisor, which is below 2^63. Some 512 steps, only when a difficulty changes.
        private static void Divide(uint[] words, ulong divisor)
        {
            ulong remainder = 0;
            for (int i = WideWords - 1; i >= 0; i--)
            {
                uint word = words[i];
                uint result = 0;
                if (remainder == 0 && word == 0)
                {
                    continue;
                }

                for (int b = 31; b >= 0; b--)
                {
                    remainder = (remainder << 1) | ((word >> b) & 1);
                    result <<= 1;
                    if (remainder >= divisor)
                    {
                        remainder -= divisor;
                        result |= 1;
                    }
                }

                words[i] = result;
            }
        }
    }
}
