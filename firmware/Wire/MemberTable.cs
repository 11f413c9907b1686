namespace Ballast.Wire
{
    /// <summary>
    /// The member names that a reader knows. Built once; a look-up costs one comparison of the name. (The device runs all static
    /// initialisers at start in an order of its own, so a table may depend on constants and methods, never on another class's fields.)
    /// </summary>
    internal sealed class MemberTable
    {
        private const int Slots = 128;

        private readonly byte[][] _names;
        private readonly uint[] _hashes;
        private readonly sbyte[] _slots = new sbyte[Slots];
        private readonly sbyte[] _next;

        /// <summary>Makes the table.</summary>
        /// <param name="names">At most 64 different names; a name's place in the array is its number.</param>
        /// <param name="usual">Numbers in the order in which writers usually put them. A name that comes as expected costs half.</param>
        internal MemberTable(string[] names, int[] usual)
        {
            _names = new byte[names.Length][];
            _next = new sbyte[names.Length];
            for (int i = 0; i < names.Length; i++)
                _next[i] = -1;
            for (int i = 1; i < usual.Length; i++)
                _next[usual[i - 1]] = (sbyte)usual[i];
            First = usual[0];
            _hashes = new uint[names.Length];
            for (int i = 0; i < Slots; i++)
                _slots[i] = -1;
            for (int i = 0; i < names.Length; i++)
            {
                _names[i] = Ascii.Bytes(names[i]);
                uint hash = 0;
                for (int j = 0; j < _names[i].Length; j++)
                    hash = hash * 31 + _names[i][j];
                _hashes[i] = hash;
                int slot = (int)(hash & (Slots - 1));
                while (_slots[slot] >= 0)
                    slot = (slot + 1) & (Slots - 1);
                _slots[slot] = (sbyte)i;
            }
        }

        /// <summary>The member that usually comes first.</summary>
        internal int First { get; }

        /// <summary>The bytes of a name.</summary>
        internal byte[] Name(int member) => _names[member];

        /// <summary>The member that usually follows; -1 if none does.</summary>
        internal int After(int member) => _next[member];

        /// <summary>The number of a name; -1 if it is unknown.</summary>
        /// <param name="data">Buffer with the name.</param>
        /// <param name="off">Its first byte.</param>
        /// <param name="count">Its length, bytes.</param>
        /// <param name="hash">h = 31·h + byte over the name, from 0, wrapping: the reader computes it as it goes.</param>
        internal int Find(byte[] data, int off, int count, uint hash)
        {
            int slot = (int)(hash & (Slots - 1));
            int i;
            while ((i = _slots[slot]) >= 0)
            {
                if (_hashes[i] == hash && Ascii.Same(data, off, count, _names[i]))
                    return i;
                slot = (slot + 1) & (Slots - 1);
            }

            return -1;
        }
    }
}
