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

        /// <summary>Takes at most 64 different names; a name's place in the array is its number.</summary>
        internal MemberTable(string[] names)
        {
            _names = new byte[names.Length][];
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
