namespace Ballast.Firmware.Pool
{
    /// <summary>What an unanswered request asked for.</summary>
    internal enum RequestKind
    {
        None = 0,
        Configure = 1,
        Subscribe = 2,
        Authorize = 3,
        Suggest = 4,
        Extranonce = 5,
        Submit = 6,
    }

    /// <summary>Requests that wait for their answer, by id. Bounded: the oldest gives way and counts as unanswered.</summary>
    internal sealed class PendingRequests
    {
        private const int Size = 32;

        private readonly uint[] _id = new uint[Size];
        private readonly int[] _kind = new int[Size];
        private readonly long[] _sentMs = new long[Size];
        private readonly bool[] _flag = new bool[Size];
        private int _place;

        /// <summary>Forgets all; returns how many submits were still waiting.</summary>
        internal int Clear()
        {
            int submits = 0;
            for (int i = 0; i < Size; i++)
            {
                submits += _kind[i] == (int)RequestKind.Submit ? 1 : 0;
                _kind[i] = (int)RequestKind.None;
            }

            return submits;
        }

        /// <summary>Remembers a request; returns true if an unanswered submit had to give way.</summary>
        internal bool Add(uint id, RequestKind kind, long nowMs, bool flag)
        {
            int at = _place;
            bool lost = _kind[at] == (int)RequestKind.Submit;
            _id[at] = id;
            _kind[at] = (int)kind;
            _sentMs[at] = nowMs;
            _flag[at] = flag;
            _place = (at + 1) % Size;
            return lost;
        }

        /// <summary>Finds and forgets the request that an answer belongs to; <see cref="RequestKind.None"/> if there is none.</summary>
        internal RequestKind Take(uint id, out long sentMs, out bool flag)
        {
            for (int i = 0; i < Size; i++)
            {
                if (_id[i] == id && _kind[i] != (int)RequestKind.None)
                {
                    RequestKind kind = (RequestKind)_kind[i];
                    _kind[i] = (int)RequestKind.None;
                    sentMs = _sentMs[i];
                    flag = _flag[i];
                    return kind;
                }
            }

            sentMs = 0;
            flag = false;
            return RequestKind.None;
        }
    }
}
