namespace Ballast.Firmware.Pool
{
    /// <summary>A difficulty as a pool wrote it: mantissa · 10^exponent, exact to 18 digits. Pools send fractions and exponents.</summary>
    public sealed class PoolDifficulty
    {
        /// <summary>Significant digits, 1…10^18−1.</summary>
        public ulong Mantissa = 1;

        /// <summary>Power of ten, -60…60.</summary>
        public int Exponent;

        /// <summary>Takes over another's value.</summary>
        public void Set(PoolDifficulty other)
        {
            Mantissa = other.Mantissa;
            Exponent = other.Exponent;
        }

        /// <summary>True if both stand for the same number.</summary>
        public bool Same(PoolDifficulty other)
        {
            return Mantissa == other.Mantissa && Exponent == other.Exponent;
        }

        /// <summary>Back to difficulty 1, which holds until a pool says otherwise.</summary>
        public void Reset()
        {
            Mantissa = 1;
            Exponent = 0;
        }

        /// <summary>The value rounded down, 0…2^63−1.</summary>
        public long Floor()
        {
            ulong m = Mantissa;
            for (int e = Exponent; e < 0 && m != 0; e++)
            {
                m /= 10;
            }

            for (int e = Exponent; e > 0; e--)
            {
                if (m > 922337203685477580)
                {
                    return 9223372036854775807;
                }

                m *= 10;
            }

            return (long)m;
        }

        /// <summary>Reads a positive decimal, with fraction and exponent, from a number or a quoted number. False, and nothing changed, if it is none.</summary>
        public bool TryRead(JsonTokens json, int token)
        {
            JsonKind kind = json.Kind(token);
            if (kind != JsonKind.Number && kind != JsonKind.String)
            {
                return false;
            }

            byte[] text = json.Text;
            int i = json.Start(token);
            int end = i + json.Length(token);
            ulong mantissa = 0;
            int exponent = 0;
            bool fraction = false;
            bool digits = false;
            for (; i < end; i++)
            {
                byte c = text[i];
                if (c >= '0' && c <= '9')
                {
                    digits = true;
                    if (mantissa < 100000000000000000)
                    {
                        mantissa = (mantissa * 10) + (ulong)(c - '0');
                        exponent -= fraction ? 1 : 0;
                    }
                    else if (!fraction)
                    {
                        exponent++;
                    }
                }
                else if (c == '.' && !fraction)
                {
                    fraction = true;
                }
                else
                {
                    break;
                }
            }

            if (!digits || mantissa == 0)
            {
                return false;
            }

            if (i < end)
            {
                if ((text[i] | 0x20) != 'e' || !TryExponent(text, i + 1, end, out int written))
                {
                    return false;
                }

                exponent += written;
            }

            while (mantissa % 10 == 0)
            {
                mantissa /= 10;
                exponent++;
            }

            if (exponent < -60 || exponent > 60)
            {
                return false;
            }

            Mantissa = mantissa;
            Exponent = exponent;
            return true;
        }

        private static bool TryExponent(byte[] text, int i, int end, out int value)
        {
            bool negative = false;
            value = 0;
            if (i < end && (text[i] == '-' || text[i] == '+'))
            {
                negative = text[i] == '-';
                i++;
            }

            if (i == end)
            {
                return false;
            }

            for (; i < end; i++)
            {
                byte c = text[i];
                if (c < '0' || c > '9' || value > 1000)
                {
                    return false;
                }

                value = (value * 10) + (c - '0');
            }

            value = negative ? -value : value;
            return true;
        }
    }
}
