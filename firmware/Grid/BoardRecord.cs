using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>The content of a pod order that a board keeps.</summary>
    public sealed class OrderContent
    {
        /// <summary>True once an order was accepted, ever.</summary>
        public bool Known;

        /// <summary>Number of the content.</summary>
        public uint OrderId;

        /// <summary>Class.</summary>
        public OrderClass Class;

        /// <summary>Limit of cost, mJ/TH.</summary>
        public int LimitMjPerTh;

        /// <summary>Share of the circle.</summary>
        public uint Share;

        /// <summary>Turn of the circle.</summary>
        public uint Salt;

        /// <summary>Ramp, s.</summary>
        public int RampS = 15;

        /// <summary>Random start of a rise, s.</summary>
        public int SpreadS = 30;

        /// <summary>Spread of falls at lease end, s.</summary>
        public int FailSpreadS = 10;

        /// <summary>Takes the content of an order. True if anything but its number differs.</summary>
        public bool Take(DispatchOrder o)
        {
            bool changed = !Known || Class != o.Class || LimitMjPerTh != o.LimitMjPerTh || Share != o.Share || Salt != o.Salt
                || RampS != o.RampS || SpreadS != o.SpreadS || FailSpreadS != o.FailSpreadS || OrderId != o.OrderId;
            Known = true;
            OrderId = o.OrderId;
            Class = o.Class;
            LimitMjPerTh = o.LimitMjPerTh;
            Share = o.Share;
            Salt = o.Salt;
            RampS = o.RampS;
            SpreadS = o.SpreadS;
            FailSpreadS = o.FailSpreadS;
            return changed;
        }
    }

    /// <summary>Everything a board must know after a restart (contract section 5, "Stored").</summary>
    public sealed class BoardRecord
    {
        /// <summary>Largest encoding, bytes.</summary>
        public const int MaxBytes = 2048;

        /// <summary>Pools whose settings may be replaced.</summary>
        public const int PoolSlots = 4;

        private const int Version = 1;

        /// <summary>CRC of the provisioning this record grew from.</summary>
        public uint ProvisionId;

        /// <summary>True in the enrolled life.</summary>
        public bool Enrolled;

        /// <summary>Power without a host, W.</summary>
        public int FailsafeW;

        /// <summary>Locked out.</summary>
        public bool LockedOut;

        /// <summary>Emergency latch of the dispatch stream.</summary>
        public bool LatchDispatch;

        /// <summary>Emergency latch of the set stream.</summary>
        public bool LatchSet;

        /// <summary>The curtail input holds power off (S13).</summary>
        public bool Curtailed;

        /// <summary>Latched fault as a number of a safety rule; 0 is none (S03).</summary>
        public int FaultRule;

        /// <summary>True while a cap for this board holds.</summary>
        public bool HasPowerW;

        /// <summary>The cap, W.</summary>
        public int PowerW;

        /// <summary>Power that the board may draw after a restart, mW: min(order, failsafe) (S11).</summary>
        public int StartMw;

        /// <summary>Level of the log.</summary>
        public int LogLevel = 3;

        /// <summary>Own setting: highest point by the owner's wish; -1 as provisioned.</summary>
        public int OwnPoint = -1;

        /// <summary>Starts in a row that did not last (F19), 0…255.</summary>
        public int UnstableStarts;

        /// <summary>Last order of the pod.</summary>
        public readonly OrderContent Order = new OrderContent();

        /// <summary>Keys of the dispatch stream.</summary>
        public readonly StreamKeys PodKeys = new StreamKeys();

        /// <summary>Keys of the set stream.</summary>
        public readonly StreamKeys BoardKeys = new StreamKeys();

        /// <summary>Points with a measured power; 0 for the description's.</summary>
        public int LadderPoints;

        /// <summary>Power per point of the ladder in use, mW.</summary>
        public readonly int[] LadderMw = new int[Ladder.MaxPoints];

        /// <summary>True if pool settings of a slot replace the provisioned ones.</summary>
        public readonly bool[] HasPool = new bool[PoolSlots];

        /// <summary>Pool addresses.</summary>
        public readonly string[] PoolUrl = { "", "", "", "" };

        /// <summary>Pool users.</summary>
        public readonly string[] PoolUser = { "", "", "", "" };

        /// <summary>Pool passwords.</summary>
        public readonly string[] PoolPassword = { "", "", "", "" };

        /// <summary>Keeps settings that replace a provisioned pool.</summary>
        public void KeepPool(int slot, string url, string user, string password)
        {
            HasPool[slot] = true;
            PoolUrl[slot] = url;
            PoolUser[slot] = user;
            PoolPassword[slot] = password;
        }

        /// <summary>Writes all fields.</summary>
        public void Write(ByteRecord to)
        {
            to.PutByte(Version);
            to.PutUInt(ProvisionId);
            to.PutByte((Enrolled ? 1 : 0) | (LockedOut ? 2 : 0) | (LatchDispatch ? 4 : 0) | (LatchSet ? 8 : 0) | (HasPowerW ? 16 : 0) | (Order.Known ? 32 : 0) | (Curtailed ? 64 : 0));
            to.PutInt(FailsafeW);
            to.PutByte(FaultRule);
            to.PutInt(PowerW);
            to.PutInt(StartMw);
            to.PutByte(LogLevel);
            to.PutInt(OwnPoint);
            to.PutByte(UnstableStarts);
            to.PutUInt(Order.OrderId);
            to.PutByte((int)Order.Class);
            to.PutInt(Order.LimitMjPerTh);
            to.PutUInt(Order.Share);
            to.PutUInt(Order.Salt);
            to.PutInt(Order.RampS);
            to.PutInt(Order.SpreadS);
            to.PutInt(Order.FailSpreadS);
            WriteKeys(to, PodKeys);
            WriteKeys(to, BoardKeys);
            to.PutByte(LadderPoints);
            for (int i = 0; i < LadderPoints; i++)
            {
                to.PutInt(LadderMw[i]);
            }

            for (int i = 0; i < PoolSlots; i++)
            {
                to.PutBool(HasPool[i]);
                if (HasPool[i])
                {
                    to.PutText(PoolUrl[i]);
                    to.PutText(PoolUser[i]);
                    to.PutText(PoolPassword[i]);
                }
            }
        }

        /// <summary>Reads all fields. False if the encoding is another version's or too short; fields are then undefined.</summary>
        public bool Read(ByteRecord from)
        {
            if (from.GetByte() != Version)
            {
                return false;
            }

            ProvisionId = from.GetUInt();
            int flags = from.GetByte();
            Enrolled = (flags & 1) != 0;
            LockedOut = (flags & 2) != 0;
            LatchDispatch = (flags & 4) != 0;
            LatchSet = (flags & 8) != 0;
            HasPowerW = (flags & 16) != 0;
            Order.Known = (flags & 32) != 0;
            Curtailed = (flags & 64) != 0;
            FailsafeW = from.GetInt();
            FaultRule = from.GetByte();
            PowerW = from.GetInt();
            StartMw = from.GetInt();
            LogLevel = from.GetByte();
            OwnPoint = from.GetInt();
            UnstableStarts = from.GetByte();
            Order.OrderId = from.GetUInt();
            Order.Class = (OrderClass)from.GetByte();
            Order.LimitMjPerTh = from.GetInt();
            Order.Share = from.GetUInt();
            Order.Salt = from.GetUInt();
            Order.RampS = from.GetInt();
            Order.SpreadS = from.GetInt();
            Order.FailSpreadS = from.GetInt();
            ReadKeys(from, PodKeys);
            ReadKeys(from, BoardKeys);
            LadderPoints = from.GetByte();
            if (LadderPoints > Ladder.MaxPoints)
            {
                return false;
            }

            for (int i = 0; i < LadderPoints; i++)
            {
                LadderMw[i] = from.GetInt();
            }

            for (int i = 0; i < PoolSlots; i++)
            {
                HasPool[i] = from.GetBool();
                PoolUrl[i] = HasPool[i] ? from.GetText() : "";
                PoolUser[i] = HasPool[i] ? from.GetText() : "";
                PoolPassword[i] = HasPool[i] ? from.GetText() : "";
            }

            return !from.Failed;
        }

        private static void WriteKeys(ByteRecord to, StreamKeys keys)
        {
            for (int i = 0; i < StreamKeys.Slots; i++)
            {
                KeySlot slot = keys.Slot(i);
                to.PutByte((slot.Used ? 1 : 0) | (slot.Newer ? 2 : 0));
                if (slot.Used)
                {
                    to.PutByte(slot.Kid);
                    to.PutBytes(slot.Key, SetMessage.KeySize);
                    to.PutUInt(slot.Epoch);
                    to.PutUInt(slot.Seq);
                }
            }
        }

        private static void ReadKeys(ByteRecord from, StreamKeys keys)
        {
            byte[] key = new byte[SetMessage.KeySize];
            for (int i = 0; i < StreamKeys.Slots; i++)
            {
                KeySlot slot = keys.Slot(i);
                StreamKeys.Clear(slot);
                int flags = from.GetByte();
                if ((flags & 1) == 0)
                {
                    continue;
                }

                int kid = from.GetByte();
                from.GetBytes(key, key.Length);
                StreamKeys.Set(slot, kid, key, 0);
                slot.Newer = (flags & 2) != 0;
                slot.Epoch = from.GetUInt();
                slot.Seq = from.GetUInt();
            }

            System.Array.Clear(key, 0, key.Length);
        }
    }
}
