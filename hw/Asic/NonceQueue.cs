namespace Ballast.Hw.Asic
{
    /// <summary>Nonces between their arrival and the miner, oldest first. Its places are made once and used again.</summary>
    internal sealed class NonceQueue
    {
        private const int Size = 64;
        private readonly ChipNonce[] _places = new ChipNonce[Size];
        private int _head;
        private int _count;

        public NonceQueue()
        {
            for (int i = 0; i < Size; i++)
                _places[i] = new ChipNonce();
        }

        public void Clear()
        {
            _head = 0;
            _count = 0;
        }

        /// <summary>The place of a new nonce, to be filled at once; null if all are taken.</summary>
        public ChipNonce? Add()
        {
            if (_count == Size)
                return null;
            int tail = _head + _count;
            _count++;
            return _places[tail < Size ? tail : tail - Size];
        }

        public bool TryTake(ChipNonce into)
        {
            if (_count == 0)
                return false;
            ChipNonce from = _places[_head];
            into.JobId = from.JobId;
            into.Nonce = from.Nonce;
            into.VersionBits = from.VersionBits;
            into.MidstateIndex = from.MidstateIndex;
            into.Chip = from.Chip;
            into.Core = from.Core;
            into.ReceivedMs = from.ReceivedMs;
            _head = _head + 1 < Size ? _head + 1 : 0;
            _count--;
            return true;
        }
    }
}
