namespace Ballast.Hw.Sim
{
    /// <summary>How a modelled chip finds frames in the bytes from the controller: it slides on after anything it does not understand.</summary>
    internal sealed class SimFrameReader
    {
        /// <summary>Longest frame: a job with four midstates.</summary>
        internal const int MaxFrame = 152;

        private readonly SimChipType _type;
        private readonly byte[] _buffer = new byte[MaxFrame];
        private int _count;

        internal SimFrameReader(SimChipType type)
        {
            _type = type;
        }

        /// <summary>The frame that <see cref="Next"/> found starts at 0 here.</summary>
        internal byte[] Buffer => _buffer;

        /// <summary>Frames dropped for a wrong CRC.</summary>
        internal int WrongCrc { get; private set; }

        /// <summary>Bytes that belonged to no frame.</summary>
        internal int Skipped { get; private set; }

        internal void Clear() => _count = 0;

        internal void Add(int value)
        {
            if (_count == MaxFrame)
            {
                Drop(1);
                Skipped++;
            }

            _buffer[_count] = (byte)value;
            _count++;
        }

        /// <summary>Length of a whole frame with a right CRC at the start of the buffer, or 0 if none is complete yet.</summary>
        internal int Next()
        {
            while (_count > 0)
            {
                if (_buffer[0] != 0x55 || (_count > 1 && _buffer[1] != 0xAA))
                {
                    Drop(1);
                    Skipped++;
                    continue;
                }

                if (_count < 4)
                {
                    return 0;
                }

                int total = Total(_buffer[2], _buffer[3]);
                if (total == 0)
                {
                    Drop(1);
                    Skipped++;
                    continue;
                }

                if (_count < total)
                {
                    return 0;
                }

                if (HasRightCrc(total))
                {
                    return total;
                }

                WrongCrc++;
                Drop(1);
                Skipped++;
            }

            return 0;
        }

        internal void Drop(int count)
        {
            _count -= count;
            System.Array.Copy(_buffer, count, _buffer, 0, _count);
        }

        private int Total(int header, int length)
        {
            switch (header)
            {
                case 0x40:
                case 0x42:
                case 0x52:
                case 0x53:
                    return length == 5 ? 7 : 0;
                case 0x41:
                case 0x51:
                    return length == 9 ? 11 : 0;
                case 0x21:
                    return JobTotal(length);
                default:
                    return 0;
            }
        }

        private int JobTotal(int length)
        {
            if (_type.MidstateJobs)
            {
                return length == 0x96 || length == 0x36 ? length + 2 : 0;
            }

            return length == 0x56 || (length == 0x36 && _type.TakesShortLength) ? 88 : 0;
        }

        private bool HasRightCrc(int total)
        {
            if (_buffer[2] == 0x21)
            {
                int wanted = (_buffer[total - 2] << 8) | _buffer[total - 1];
                return SimCrc.Crc16(_buffer, 2, total - 4) == wanted;
            }

            return SimCrc.Crc5(_buffer, 2, (total - 3) * 8) == _buffer[total - 1];
        }
    }
}
