using System;

namespace Ballast.Firmware.Pool
{
    /// <summary>Cuts a byte stream into lines. Grows up to a bound; a longer line is skipped to its end and counted.</summary>
    public sealed class LineBuffer
    {
        /// <summary>Longest line kept, bytes. Notifications with a large coinbase reach 16 kB.</summary>
        public const int MaxLine = 32768;

        private const int FirstSize = 2048;

        private byte[] _buffer = new byte[FirstSize];
        private int _start;
        private int _end;
        private int _scanned;
        private bool _skipping;

        /// <summary>Lines that were longer than <see cref="MaxLine"/>.</summary>
        public int Oversize { get; private set; }

        /// <summary>The bytes; lines are given as offset and length in it and stay valid until the next <see cref="Fill"/>.</summary>
        public byte[] Bytes { get { return _buffer; } }

        /// <summary>Forgets everything received.</summary>
        public void Clear()
        {
            _start = 0;
            _end = 0;
            _scanned = 0;
            _skipping = false;
        }

        /// <summary>Takes what the link has and the buffer holds; returns the bytes taken.</summary>
        public int Fill(ITcpLink link)
        {
            if (_start > 0)
            {
                int used = _end - _start;
                if (used > 0)
                {
                    Array.Copy(_buffer, _start, _buffer, 0, used);
                }

                _scanned -= _start;
                _end = used;
                _start = 0;
            }

            if (_end == _buffer.Length)
            {
                if (_buffer.Length < MaxLine)
                {
                    byte[] larger = new byte[_buffer.Length * 2];
                    Array.Copy(_buffer, 0, larger, 0, _end);
                    _buffer = larger;
                }
                else
                {
                    Oversize++;
                    _skipping = true;
                    _end = 0;
                    _scanned = 0;
                }
            }

            int got = link.Read(_buffer, _end, _buffer.Length - _end);
            if (got > 0)
            {
                _end += got;
            }

            return got;
        }

        /// <summary>Gives the next complete line without its line end; false when there is none.</summary>
        public bool TryTake(out int offset, out int length)
        {
            byte[] b = _buffer;
            int end = _end;
            while (true)
            {
                int i = _scanned;
                while (i < end && b[i] != (byte)'\n')
                {
                    i++;
                }

                if (i == end)
                {
                    _scanned = end;
                    if (_skipping)
                    {
                        _start = end;
                    }

                    offset = 0;
                    length = 0;
                    return false;
                }

                offset = _start;
                length = i - offset;
                _start = i + 1;
                _scanned = _start;
                if (_skipping)
                {
                    _skipping = false;
                    continue;
                }

                if (length > 0 && b[offset + length - 1] == (byte)'\r')
                {
                    length--;
                }

                if (length > 0)
                {
                    return true;
                }
            }
        }
    }
}
