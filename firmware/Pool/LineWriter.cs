using System;

namespace Ballast.Firmware.Pool
{
    /// <summary>Builds one request line in a buffer that is reused.</summary>
    public sealed class LineWriter
    {
        private readonly byte[] _buffer;
        private int _length;

        /// <summary>A writer with room for <paramref name="capacity"/> bytes; what does not fit sets <see cref="Overflow"/>.</summary>
        public LineWriter(int capacity)
        {
            _buffer = new byte[capacity];
        }

        /// <summary>The bytes written.</summary>
        public byte[] Bytes { get { return _buffer; } }

        /// <summary>Number of bytes written.</summary>
        public int Length { get { return _length; } }

        /// <summary>True if something did not fit; the line must not be sent.</summary>
        public bool Overflow { get; private set; }

        /// <summary>Starts an empty line.</summary>
        public void Clear()
        {
            _length = 0;
            Overflow = false;
        }

        /// <summary>Appends bytes.</summary>
        public void Raw(byte[] bytes, int offset, int count)
        {
            if (Room(count))
            {
                Array.Copy(bytes, offset, _buffer, _length, count);
                _length += count;
            }
        }

        /// <summary>Appends all bytes of an array.</summary>
        public void Raw(byte[] bytes)
        {
            Raw(bytes, 0, bytes.Length);
        }

        /// <summary>Appends an unsigned decimal number.</summary>
        public void Number(uint value)
        {
            int digits = 1;
            for (uint rest = value / 10; rest != 0; rest /= 10)
            {
                digits++;
            }

            if (!Room(digits))
            {
                return;
            }

            for (int i = _length + digits - 1; i >= _length; i--)
            {
                _buffer[i] = (byte)('0' + (value % 10));
                value /= 10;
            }

            _length += digits;
        }

        /// <summary>Appends eight lower-case hex digits, most significant first.</summary>
        public void Hex32(uint value)
        {
            if (!Room(8))
            {
                return;
            }

            for (int shift = 28; shift >= 0; shift -= 4)
            {
                _buffer[_length++] = Digit((int)(value >> shift) & 15);
            }
        }

        /// <summary>Appends bytes as lower-case hex.</summary>
        public void Hex(byte[] bytes, int offset, int count)
        {
            if (!Room(2 * count))
            {
                return;
            }

            for (int i = 0; i < count; i++)
            {
                byte b = bytes[offset + i];
                _buffer[_length++] = Digit(b >> 4);
                _buffer[_length++] = Digit(b & 15);
            }
        }

        /// <summary>Text as the inside of a JSON string in UTF-8, quotes, backslashes and control characters escaped.</summary>
        public static byte[] Escaped(string text)
        {
            byte[] plain = System.Text.Encoding.UTF8.GetBytes(text);
            byte[] into = new byte[plain.Length * 6];
            int n = 0;
            for (int i = 0; i < plain.Length; i++)
            {
                byte c = plain[i];
                if (c < 0x20)
                {
                    into[n++] = (byte)'\\';
                    into[n++] = (byte)'u';
                    into[n++] = (byte)'0';
                    into[n++] = (byte)'0';
                    into[n++] = Digit(c >> 4);
                    into[n++] = Digit(c & 15);
                    continue;
                }

                if (c == '"' || c == '\\')
                {
                    into[n++] = (byte)'\\';
                }

                into[n++] = c;
            }

            byte[] exact = new byte[n];
            Array.Copy(into, 0, exact, 0, n);
            return exact;
        }

        private static byte Digit(int value)
        {
            return (byte)(value < 10 ? '0' + value : 'a' + value - 10);
        }

        private bool Room(int count)
        {
            if (_length + count > _buffer.Length)
            {
                Overflow = true;
                return false;
            }

            return true;
        }
    }
}
