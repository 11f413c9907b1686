namespace Ballast.Firmware.Pool
{
    /// <summary>What happened on the way to a pool or with its work.</summary>
    public enum PoolEventKind
    {
        /// <summary>A session is ready to mine.</summary>
        Ready = 0,

        /// <summary>A session ended; the text says why.</summary>
        Lost = 1,

        /// <summary>The pool refused the user.</summary>
        Refused = 2,

        /// <summary>The client goes to another configured pool.</summary>
        Switched = 3,

        /// <summary>The pool has a message for the owner.</summary>
        Message = 4,

        /// <summary>The pool asked to reconnect to a foreign place; it was ignored.</summary>
        ReconnectIgnored = 5,

        /// <summary>The pool does not grant the version rolling that the chips need.</summary>
        NoVersionRolling = 6,

        /// <summary>A hash met the network's target.</summary>
        BlockFound = 7,

        /// <summary>The board cannot be fed with work at this point.</summary>
        CannotFeed = 8,
    }

    /// <summary>A short bounded queue of events; the oldest is dropped when it is full.</summary>
    public sealed class PoolEvents
    {
        private const int Size = 8;

        private readonly int[] _kind = new int[Size];
        private readonly string[] _text = new string[Size];
        private int _first;
        private int _count;

        /// <summary>Events dropped because nobody took them.</summary>
        public int Dropped { get; private set; }

        /// <summary>Adds an event.</summary>
        public void Add(PoolEventKind kind, string text)
        {
            if (_count == Size)
            {
                _first = (_first + 1) % Size;
                _count--;
                Dropped++;
            }

            int at = (_first + _count) % Size;
            _kind[at] = (int)kind;
            _text[at] = text;
            _count++;
        }

        /// <summary>Takes the oldest event; false when there is none.</summary>
        public bool TryTake(out PoolEventKind kind, out string text)
        {
            if (_count == 0)
            {
                kind = PoolEventKind.Ready;
                text = "";
                return false;
            }

            kind = (PoolEventKind)_kind[_first];
            text = _text[_first];
            _first = (_first + 1) % Size;
            _count--;
            return true;
        }
    }
}
