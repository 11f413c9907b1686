namespace Ballast.Firmware.Power
{
    /// <summary>Something that a rule has to say: kept until it has been reported.</summary>
    public sealed class SafetyEvent
    {
        /// <summary>The rule.</summary>
        public SafetyRule Rule;

        /// <summary>A sentence: what happened and what to check.</summary>
        public string Text = "";

        /// <summary>The measured value, in the unit that the text names.</summary>
        public int Value;

        /// <summary>The limit that it is held against.</summary>
        public int Limit;

        /// <summary>Monotonic time, ms.</summary>
        public long AtMs;
    }

    /// <summary>A ring of events. The oldest is overwritten when nobody reads.</summary>
    public sealed class SafetyEvents
    {
        /// <summary>Events kept.</summary>
        public const int Capacity = 16;

        private readonly SafetyEvent[] _ring = new SafetyEvent[Capacity];
        private int _next;
        private int _unread;

        /// <summary>Makes an empty ring; all entries are allocated here.</summary>
        public SafetyEvents()
        {
            for (int i = 0; i < Capacity; i++)
            {
                _ring[i] = new SafetyEvent();
            }
        }

        /// <summary>Events ever raised.</summary>
        public int Total { get; private set; }

        /// <summary>Adds an event.</summary>
        public void Add(SafetyRule rule, string text, int value, int limit, long atMs)
        {
            SafetyEvent e = _ring[_next];
            e.Rule = rule;
            e.Text = text;
            e.Value = value;
            e.Limit = limit;
            e.AtMs = atMs;
            _next = (_next + 1) % Capacity;
            Total++;
            if (_unread < Capacity)
            {
                _unread++;
            }
        }

        /// <summary>The oldest event not yet taken, or null.</summary>
        public SafetyEvent? Peek() => _unread == 0 ? null : _ring[(_next - _unread + Capacity) % Capacity];

        /// <summary>Marks the oldest event as taken.</summary>
        public void Take()
        {
            if (_unread > 0)
            {
                _unread--;
            }
        }

        /// <summary>The event <paramref name="back"/> places before the newest (0 is the newest), or null.</summary>
        public SafetyEvent? Recent(int back)
        {
            if (back < 0 || back >= Capacity || back >= Total)
            {
                return null;
            }

            return _ring[(_next - 1 - back + (2 * Capacity)) % Capacity];
        }
    }
}
