namespace Ballast.Firmware.Console
{
    /// <summary>Text on its way to a port: a bounded buffer. What does not fit is dropped and said so, and nothing waits for a slow port.</summary>
    public sealed class ConsoleText
    {
        /// <summary>Bytes that wait at most.</summary>
        public const int Capacity = 8192;

        private readonly byte[] _data = new byte[Capacity];
        private int _first;
        private int _count;

        /// <summary>Bytes that wait.</summary>
        public int Pending => _count;

        /// <summary>Bytes dropped since the start.</summary>
        public int Dropped { get; private set; }

        /// <summary>Adds ASCII as it is; other characters become "?".</summary>
        public void Raw(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                RawByte(c < 128 ? c : '?');
            }
        }

        /// <summary>Adds a byte.</summary>
        public void RawByte(int b)
        {
            if (_count == Capacity)
            {
                Dropped++;
                return;
            }

            _data[(_first + _count) % Capacity] = (byte)b;
            _count++;
        }

        /// <summary>Adds a line with its end.</summary>
        public void Line(string text)
        {
            Raw(text);
            Raw("\r\n");
        }

        /// <summary>Gives a port what it takes.</summary>
        public void Drain(IConsolePort port)
        {
            while (_count > 0)
            {
                int run = _first + _count <= Capacity ? _count : Capacity - _first;
                int taken = port.Write(_data, _first, run);
                if (taken <= 0)
                {
                    return;
                }

                _first = (_first + taken) % Capacity;
                _count -= taken;
            }
        }
    }
}
