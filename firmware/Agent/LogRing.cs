namespace Ballast.Firmware.Agent
{
    /// <summary>The last lines of the log. Levels: 1 error, 2 warning, 3 information, 4 detail, 5 trace. No secret ever enters it.</summary>
    public sealed class LogRing
    {
        /// <summary>Lines kept.</summary>
        public const int Capacity = 32;

        private readonly string[] _text = new string[Capacity];
        private readonly long[] _atMs = new long[Capacity];
        private readonly int[] _level = new int[Capacity];
        private int _next;

        /// <summary>Lines ever added.</summary>
        public int Total { get; private set; }

        /// <summary>Lines kept now.</summary>
        public int Count => Total < Capacity ? Total : Capacity;

        /// <summary>Adds a line if its level is wanted.</summary>
        public void Add(int level, int wanted, string text, long atMs)
        {
            if (level > wanted)
            {
                return;
            }

            _text[_next] = text;
            _atMs[_next] = atMs;
            _level[_next] = level;
            _next = (_next + 1) % Capacity;
            Total++;
        }

        /// <summary>Name of a level.</summary>
        public static string LevelName(int level)
        {
            switch (level)
            {
                case 1: return "error";
                case 2: return "warn";
                case 3: return "info";
                case 4: return "detail";
                default: return "trace";
            }
        }

        /// <summary>A line by age: 0 is the oldest kept.</summary>
        public string Text(int index) => _text[At(index)];

        /// <summary>Its time, ms.</summary>
        public long AtMs(int index) => _atMs[At(index)];

        /// <summary>Its level.</summary>
        public int Level(int index) => _level[At(index)];

        private int At(int index) => (_next - Count + index + Capacity) % Capacity;
    }
}
