using Ballast.Hw.Bus;

namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>One frame from a chip: a register's value or a nonce.</summary>
    public sealed class Bm13xxReply
    {
        /// <summary>True for a nonce, false for a register.</summary>
        public bool IsNonce;

        /// <summary>Register: its value. Nonce: the four nonce bytes, most significant first as on the wire.</summary>
        public uint Value;

        /// <summary>Register: address of the chip. Nonce: the byte that the chip puts after the nonce (midstate number on the BM1397).</summary>
        public int Address;

        /// <summary>Register: its number. Nonce: the job id byte as sent, small core bits included.</summary>
        public int Register;

        /// <summary>The two bytes that only the 11-byte form has: version bits of a nonce, before the shift by 13.</summary>
        public int Extra;
    }

    /// <summary>
    /// Finds frames in the byte stream from the chips. After anything that is not a frame it goes on one byte later,
    /// so that no good frame behind a bad one is lost.
    /// </summary>
    public sealed class Bm13xxParser
    {
        /// <summary>Bytes of a reply of the BM1397, and of later chips before version rolling is on.</summary>
        public const int ShortReply = 9;

        /// <summary>Bytes of a reply once register A4 has bit 31 set (BM1362, 1366, 1368, 1370).</summary>
        public const int LongReply = 11;

        private const int Capacity = 512;
        private readonly byte[] _buffer = new byte[Capacity];
        private int _start;
        private int _end;

        /// <summary>Bytes of a reply now: <see cref="ShortReply"/> or <see cref="LongReply"/>.</summary>
        public int ReplyBytes = LongReply;

        /// <summary>Frames with a right CRC.</summary>
        public int GoodFrames;

        /// <summary>Bytes that belonged to no good frame.</summary>
        public int SkippedBytes;

        /// <summary>Forgets what was received and clears the counters.</summary>
        public void Reset()
        {
            _start = 0;
            _end = 0;
            GoodFrames = 0;
            SkippedBytes = 0;
        }

        /// <summary>Takes bytes from the UART, as many as fit. 0 when there are none, or no room until frames are taken.</summary>
        public int Receive(IUart uart)
        {
            Compact();
            int got = uart.Read(_buffer, _end, Capacity - _end);
            if (got > 0)
                _end += got;
            return got;
        }

        /// <summary>Takes bytes from an array, as many as fit; returns how many.</summary>
        public int Feed(byte[] data, int offset, int count)
        {
            Compact();
            int room = Capacity - _end;
            int take = count < room ? count : room;
            for (int i = 0; i < take; i++)
                _buffer[_end + i] = data[offset + i];
            _end += take;
            return take;
        }

        /// <summary>Takes the next good frame out of what was received; false when there is none yet.</summary>
        public bool TryTake(Bm13xxReply into)
        {
            byte[] buffer = _buffer;
            int length = ReplyBytes;
            int end = _end;
            int p = _start;
            while (end - p >= length)
            {
                if (buffer[p] == 0xAA && buffer[p + 1] == 0x55 && IsFrame(p) && !HidesFrame(p))
                {
                    Decode(buffer, p, length, into);
                    SkippedBytes += p - _start;
                    GoodFrames++;
                    _start = p + length;
                    return true;
                }

                p++;
            }

            SkippedBytes += p - _start;
            _start = p;
            return false;
        }

        /// <summary>Splits one whole frame of 9 or 11 bytes into its fields. The caller has checked it.</summary>
        public static void Decode(byte[] frame, int offset, int length, Bm13xxReply into)
        {
            into.IsNonce = (frame[offset + length - 1] & 0x80) != 0;
            into.Value = ((uint)frame[offset + 2] << 24) | ((uint)frame[offset + 3] << 16) | ((uint)frame[offset + 4] << 8) | frame[offset + 5];
            into.Address = frame[offset + 6];
            into.Register = frame[offset + 7];
            into.Extra = length == LongReply ? (frame[offset + 8] << 8) | frame[offset + 9] : 0;
        }

        /// <summary>True if the bytes after a preamble are a reply: right CRC and a known type.</summary>
        public static bool IsReply(byte[] frame, int offset, int length)
        {
            int type = frame[offset + length - 1] & 0xE0;
            return (type == 0 || type == 0x80) && Crc5.Of(frame, offset + 2, length - 2) == 0;
        }

        private bool IsFrame(int p) => IsReply(_buffer, p, ReplyBytes);

        // A frame that was cut short and the head of the next one pass the 5-bit CRC once in 32. If another whole good
        // frame starts inside the candidate, the candidate is the accident: a true one holds such a frame once in 10^5.
        private bool HidesFrame(int p)
        {
            byte[] buffer = _buffer;
            int last = p + ReplyBytes;
            for (int i = p + 2; i < last; i++)
            {
                if (buffer[i] == 0xAA && i + ReplyBytes <= _end && buffer[i + 1] == 0x55 && IsFrame(i))
                    return true;
            }

            return false;
        }

        private void Compact()
        {
            if (_start == 0)
                return;
            int left = _end - _start;
            for (int i = 0; i < left; i++)
                _buffer[i] = _buffer[_start + i];
            _start = 0;
            _end = left;
        }
    }
}
