using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>What a follower asks of its board. Each is one action of contract section 4; the return value is the reason if it was not done, or null.</summary>
    public interface IGridActions
    {
        /// <summary>Blink.</summary>
        string? Identify();

        /// <summary>Restart the chain (1) or the controller (2).</summary>
        string? Restart(int what);

        /// <summary>Release a latched fault.</summary>
        string? ClearFault();

        /// <summary>Use another pool in a slot.</summary>
        string? SetPool(int slot, string url, string user, string password);

        /// <summary>Take the offered ladder into use if it has this id.</summary>
        string? AcceptLadder(uint ladderId);

        /// <summary>Evaluate the effective point now, between two messages of one tick.</summary>
        void Evaluate();
    }

    /// <summary>
    /// Receives what the host says. Order of checks: length, retain flag, suffix, fields, kid, (epoch, seq), MAC, time. A message that
    /// fails before or at the MAC changes a counter and nothing else, and is never answered (S14).
    /// </summary>
    public sealed class GridFollower
    {
        private readonly GridTopics _topics;
        private readonly BoardRecord _record;
        private readonly RecordStore _store;
        private readonly IGridActions _actions;
        private readonly DispatchOrder _dispatch = new DispatchOrder();
        private readonly SetMessage _set = new SetMessage();
        private readonly HostTime _time = new HostTime();
        private readonly SetActions _apply;

        /// <summary>Makes a follower over the stored record.</summary>
        public GridFollower(GridTopics topics, BoardRecord record, RecordStore store, OrderState orders, AckQueue acks, IGridActions actions)
        {
            _topics = topics;
            _record = record;
            _store = store;
            _actions = actions;
            Orders = orders;
            Acks = acks;
            _apply = new SetActions(topics, record, orders, actions);
        }

        /// <summary>What the board may draw.</summary>
        public OrderState Orders { get; }

        /// <summary>Answers waiting to be sent.</summary>
        public AckQueue Acks { get; }

        /// <summary>Messages refused, by reason.</summary>
        public int[] Rejects { get; } = new int[RejectName.Count];

        /// <summary>Messages on topics that nobody asked for.</summary>
        public int Strays { get; private set; }

        /// <summary>True once something must be stored soon: the agent does it after the outputs of the tick.</summary>
        public bool SaveWanted { get; set; }

        /// <summary>Handles one message.</summary>
        public void Handle(MqttInbound message, long nowMs)
        {
            bool dispatch = Ascii.Equal(message.Topic, message.TopicLength, _topics.DispatchBytes);
            if (!dispatch && !Ascii.Equal(message.Topic, message.TopicLength, _topics.SetBytes))
            {
                Strays++;
                return;
            }

            if (message.Oversize)
            {
                Rejects[(int)Reject.TooLong]++;
                return;
            }

            if (dispatch)
            {
                HandleDispatch(message, nowMs);
            }
            else
            {
                HandleSet(message, nowMs);
            }
        }

        private void HandleDispatch(MqttInbound message, long nowMs)
        {
            Reject why = Envelope.ParseDispatch(message.Payload, 0, message.PayloadLength, message.Retained, _dispatch);
            if (why != Reject.None)
            {
                Rejects[(int)why]++;
                return;
            }

            DispatchOrder o = _dispatch;
            KeySlot? slot = Check(_record.PodKeys, message, o.Kid, o.Epoch, o.Seq, out int order);
            if (slot == null)
            {
                return;
            }

            if (order == 0)
            {
                Acks.Answer(OrderStream.Dispatch, o.Epoch, o.Seq, o.OrderId, AckResult.Again, "", nowMs + AckDelayMs);
                return;
            }

            bool old = _time.IsOld(o.SentMs, Orders.LeaseS, nowMs);
            bool downwardOnly = old && o.Epoch > slot.Epoch;
            if (old && !downwardOnly)
            {
                Rejects[(int)Reject.Time]++;
                Acks.Refuse(OrderStream.Dispatch, o.Epoch, o.Seq, o.OrderId, Reject.Time, nowMs);
                return;
            }

            if (_record.PodKeys.Accept(slot, o.Epoch, o.Seq))
            {
                SaveWanted = true;
            }

            TakeTime(o.SentMs, downwardOnly, nowMs);
            bool latched = _record.LatchDispatch;
            bool changed = Orders.AcceptDispatch(o, downwardOnly, nowMs);
            SaveWanted |= latched != _record.LatchDispatch;
            _actions.Evaluate();
            if (changed)
            {
                Acks.Answer(OrderStream.Dispatch, o.Epoch, o.Seq, o.OrderId, AckResult.Applied, Orders.Admitted ? "" : "downward only before admission", nowMs + AckDelayMs);
            }
        }

        private void HandleSet(MqttInbound message, long nowMs)
        {
            Reject why = Envelope.ParseSet(message.Payload, 0, message.PayloadLength, message.Retained, _set);
            if (why != Reject.None)
            {
                Rejects[(int)why]++;
                return;
            }

            SetMessage m = _set;
            KeySlot? slot = Check(_record.BoardKeys, message, m.Kid, m.Epoch, m.Seq, out int order);
            if (slot == null)
            {
                return;
            }

            if (order == 0)
            {
                Acks.Answer(OrderStream.Set, m.Epoch, m.Seq, m.OrderId, AckResult.Again, "", nowMs);
                return;
            }

            bool isOrder = m.Kind == SetKind.PowerW || m.Kind == SetKind.Release;
            bool old = _time.IsOld(m.SentMs, Orders.LeaseS, nowMs);
            bool downwardOnly = old && isOrder && m.Epoch > slot.Epoch;
            if (old && !downwardOnly)
            {
                Rejects[(int)Reject.Time]++;
                Acks.Refuse(OrderStream.Set, m.Epoch, m.Seq, m.OrderId, Reject.Time, nowMs);
                return;
            }

            if (!isOrder && !StoreBefore(slot, m))
            {
                Acks.Answer(OrderStream.Set, m.Epoch, m.Seq, m.OrderId, AckResult.Rejected, "storage failed: nothing was done", nowMs);
                return;
            }

            if (_record.BoardKeys.Accept(slot, m.Epoch, m.Seq))
            {
                SaveWanted = true;
            }

            TakeTime(m.SentMs, downwardOnly, nowMs);
            string? reason = _apply.Run(m, downwardOnly, slot, out AckResult result, out bool save);
            SaveWanted |= save;
            _actions.Evaluate();
            if (m.Kind == SetKind.PowerW && Orders.BelowMinimum)
            {
                reason = "below-minimum";
            }

            Acks.Answer(OrderStream.Set, m.Epoch, m.Seq, m.OrderId, result, reason ?? "", nowMs);
        }

        private int AckDelayMs => (int)(((ulong)Orders.Rank * 2000UL) >> 32);

        /// <summary>kid, (epoch, seq), MAC. Null if one of them failed; it has been counted then.</summary>
        private KeySlot? Check(StreamKeys keys, MqttInbound message, int kid, uint epoch, uint seq, out int order)
        {
            order = -1;
            KeySlot? slot = _record.Enrolled ? keys.Find(kid) : null;
            if (slot == null || slot.Mac == null)
            {
                Rejects[(int)Reject.UnknownKid]++;
                return null;
            }

            order = slot.Compare(epoch, seq);
            if (order < 0)
            {
                Rejects[(int)Reject.Stale]++;
                return null;
            }

            if (!Envelope.VerifyMac(message.Payload, 0, message.PayloadLength, message.Topic, message.TopicLength, slot.Mac))
            {
                Rejects[(int)Reject.Mac]++;
                return null;
            }

            return slot;
        }

        /// <summary>An action's seq is stored before it runs, so that no restart lets it run twice.</summary>
        private bool StoreBefore(KeySlot slot, SetMessage m)
        {
            uint epoch = slot.Epoch;
            uint seq = slot.Seq;
            slot.Epoch = m.Epoch;
            slot.Seq = m.Seq;
            bool stored = _store.Save(_record);
            slot.Epoch = epoch;
            slot.Seq = seq;
            return stored;
        }

        private void TakeTime(long sentMs, bool restart, long nowMs)
        {
            if (restart)
            {
                _time.Restart(sentMs, nowMs);
            }
            else
            {
                _time.Accept(sentMs, nowMs);
            }
        }
    }
}
