using System;
using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>One key of a stream with the high-water of what was accepted under it.</summary>
    public sealed class KeySlot
    {
        /// <summary>True if the slot holds a key.</summary>
        public bool Used;

        /// <summary>True while the key stands beside an older one, which its first accepted message retires.</summary>
        public bool Newer;

        /// <summary>Key id, 0…255.</summary>
        public int Kid;

        /// <summary>The key. Never printed or logged.</summary>
        public readonly byte[] Key = new byte[SetMessage.KeySize];

        /// <summary>Epoch of the highest pair accepted.</summary>
        public uint Epoch;

        /// <summary>Seq of the highest pair accepted.</summary>
        public uint Seq;

        /// <summary>The MAC with its cached pads; null while <see cref="Used"/> is false.</summary>
        public HmacSha256? Mac;

        /// <summary>Order of (epoch, seq) against the high-water: below 0 older, 0 equal, above 0 newer.</summary>
        public int Compare(uint epoch, uint seq)
        {
            if (epoch != Epoch)
            {
                return epoch < Epoch ? -1 : 1;
            }

            return seq < Seq ? -1 : seq == Seq ? 0 : 1;
        }
    }

    /// <summary>
    /// The keys of one stream: two slots. A new key stands beside the old one until the first valid message under it retires the old
    /// (contract section 2). The last key is never dropped.
    /// </summary>
    public sealed class StreamKeys
    {
        /// <summary>Slots of a stream.</summary>
        public const int Slots = 2;

        private readonly KeySlot[] _slots = new KeySlot[Slots];

        /// <summary>Makes empty slots.</summary>
        public StreamKeys()
        {
            for (int i = 0; i < Slots; i++)
            {
                _slots[i] = new KeySlot();
            }
        }

        /// <summary>A slot, to store and restore it.</summary>
        public KeySlot Slot(int index) => _slots[index];

        /// <summary>The slot with a key id, or null.</summary>
        public KeySlot? Find(int kid)
        {
            for (int i = 0; i < Slots; i++)
            {
                if (_slots[i].Used && _slots[i].Kid == kid)
                {
                    return _slots[i];
                }
            }

            return null;
        }

        /// <summary>The slot whose high-water a report shows: the key in use, not one that waits beside it; null without keys.</summary>
        public KeySlot? Current()
        {
            KeySlot? any = null;
            for (int i = 0; i < Slots; i++)
            {
                if (_slots[i].Used && (any == null || any.Newer))
                {
                    any = _slots[i];
                }
            }

            return any;
        }

        /// <summary>
        /// Puts a key beside the one in use, in place of one that waits there, with a high-water of 0. False if the id is in use: giving a known id a new
        /// high-water would let old messages in again.
        /// </summary>
        public bool Install(int kid, byte[] key, int keyOffset)
        {
            if (Find(kid) != null)
            {
                return false;
            }

            int at = !_slots[0].Used ? 0 : !_slots[1].Used ? 1 : _slots[0].Newer ? 0 : 1;
            Set(_slots[at], kid, key, keyOffset);
            _slots[at].Newer = _slots[1 - at].Used;
            return true;
        }

        /// <summary>After an accepted message: moves the high-water and retires the older key if this one is newer. True if a key was retired.</summary>
        public bool Accept(KeySlot slot, uint epoch, uint seq)
        {
            slot.Epoch = epoch;
            slot.Seq = seq;
            if (!slot.Newer)
            {
                return false;
            }

            slot.Newer = false;
            Clear(slot == _slots[0] ? _slots[1] : _slots[0]);
            return true;
        }

        /// <summary>Drops a key. False if it is not there or is the last.</summary>
        public bool Drop(int kid)
        {
            KeySlot? slot = Find(kid);
            if (slot == null || !_slots[0].Used || !_slots[1].Used)
            {
                return false;
            }

            Clear(slot);
            _slots[0].Newer = false;
            _slots[1].Newer = false;
            return true;
        }

        /// <summary>Makes the MAC of a slot whose fields were restored.</summary>
        public static void Set(KeySlot slot, int kid, byte[] key, int keyOffset)
        {
            Array.Copy(key, keyOffset, slot.Key, 0, SetMessage.KeySize);
            slot.Used = true;
            slot.Newer = false;
            slot.Kid = kid;
            slot.Epoch = 0;
            slot.Seq = 0;
            slot.Mac = new HmacSha256(slot.Key);
        }

        /// <summary>Empties a slot and wipes its key.</summary>
        public static void Clear(KeySlot slot)
        {
            Array.Clear(slot.Key, 0, slot.Key.Length);
            slot.Used = false;
            slot.Newer = false;
            slot.Kid = 0;
            slot.Epoch = 0;
            slot.Seq = 0;
            slot.Mac = null;
        }
    }
}
