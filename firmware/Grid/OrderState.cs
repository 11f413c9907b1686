using Ballast.Hw.Bus;
using Ballast.Wire;

namespace Ballast.Firmware.Grid
{
    /// <summary>
    /// What a board may draw and why: orders, admission, lease, failsafe and emergency latches (contract section 5; rules S09 to S12,
    /// S15). It knows points of the ladder and time; it knows neither messages nor parts.
    /// <code>
    ///                     admit + dispatch of its epoch, seq >= afterSeq, while the lease runs
    ///   not admitted  ------------------------------------------------------------------------>  admitted
    ///   min(held, failsafe, ...)   &lt;---- lease end, lock-out, enrolment, restart,              pod order, cap, ...
    ///   orders lower held                first order of a new epoch that looks old
    /// </code>
    /// </summary>
    public sealed class OrderState
    {
        private readonly BoardRecord _record;
        private readonly IEntropy _entropy;
        private readonly byte[] _name;
        private Ladder _ladder;
        private int _orderPoint;
        private int _held;
        private long _leaseEndMs;
        private long _turnMs;
        private bool _admitKnown;
        private uint _admitEpoch;
        private uint _admitAfterSeq;
        private bool _dispatchKnown;

        /// <summary>Starts as after a restart: not admitted, at or below min(stored order, failsafe) (S11).</summary>
        /// <param name="record">What is stored; changed as orders come.</param>
        /// <param name="entropy">Draws nonces.</param>
        /// <param name="ladder">The ladder in use.</param>
        /// <param name="name">"pod/board" in ASCII, for the rank.</param>
        public OrderState(BoardRecord record, IEntropy entropy, Ladder ladder, byte[] name)
        {
            _record = record;
            _entropy = entropy;
            _ladder = ladder;
            _name = name;
            _orderPoint = ladder.Count - 1;
            _held = PointWithin(record.StartMw);
            Rank = Wire.Rank.Of(name, 0, name.Length, record.Order.Salt);
            BootNonce = entropy.NextUInt32();
        }

        /// <summary>True once admitted and until the next lease end, lock-out, enrolment or restart.</summary>
        public bool Admitted { get; private set; }

        /// <summary>The nonce that <c>admit</c> must name.</summary>
        public uint BootNonce { get; private set; }

        /// <summary>Rises whenever something changed that <c>state</c> shows.</summary>
        public int Version { get; private set; }

        /// <summary>The effective point after the last <see cref="Evaluate"/>.</summary>
        public int Effective { get; private set; }

        /// <summary>What binds it.</summary>
        public LimitedBy LimitedBy { get; private set; } = LimitedBy.Failsafe;

        /// <summary>Rank under the salt of the last order.</summary>
        public uint Rank { get; private set; }

        /// <summary>Epoch of the last accepted dispatch.</summary>
        public uint Epoch { get; private set; }

        /// <summary>Seq of the last accepted dispatch.</summary>
        public uint Seq { get; private set; }

        /// <summary>Lease of the last accepted dispatch, s; 60 before the first.</summary>
        public int LeaseS { get; private set; } = 60;

        /// <summary>True from an accepted dispatch until the board's turn to fall.</summary>
        public bool LeaseRunning { get; private set; }

        /// <summary>End of the lease on the monotonic clock, ms.</summary>
        public long LeaseEndMs => _leaseEndMs;

        /// <summary>True if the last cap taken is below what the board draws asleep.</summary>
        public bool BelowMinimum { get; private set; }

        /// <summary>Class of the change that last moved the permitted point.</summary>
        public OrderClass ChangeClass { get; private set; }

        /// <summary>Ramp of that change, ms.</summary>
        public int ChangeRampMs { get; private set; } = 15000;

        /// <summary>Power that the board may start with after a restart, mW: min(orders, failsafe) (S11).</summary>
        public int StartMw
        {
            get
            {
                int point = Startable();
                return point == 0 ? 0 : _ladder.PowerMw(point);
            }
        }

        /// <summary>The point that the failsafe allows.</summary>
        public int FailsafePoint => _record.FailsafeW == 0 ? 0 : _ladder.PowerPoint(_record.FailsafeW, out _);

        /// <summary>Uses another ladder from now on; points are chosen anew from what orders said, never above what they allowed in power.</summary>
        public void SetLadder(Ladder ladder)
        {
            int heldMw = _ladder.PowerMw(_held);
            int orderMw = _ladder.PowerMw(_orderPoint);
            bool wasTop = _orderPoint == _ladder.Count - 1;
            _ladder = ladder;
            _held = PointWithin(heldMw);
            _orderPoint = wasTop ? ladder.Count - 1 : PointWithin(orderMw);
            if (_record.Order.Known && Admitted)
            {
                int chosen = ladder.Choose(_record.Order.LimitMjPerTh, _record.Order.Share, Rank);
                _orderPoint = _record.Order.Class == OrderClass.Emergency && _orderPoint < chosen ? _orderPoint : chosen;
            }

            Version++;
        }

        /// <summary>Takes an accepted order to the pod. True if its content is new.</summary>
        /// <param name="order">The order.</param>
        /// <param name="downwardOnly">True for the first order of a higher epoch whose time is too old: the board needs admission again.</param>
        /// <param name="nowMs">Monotonic time, ms.</param>
        public bool AcceptDispatch(DispatchOrder order, bool downwardOnly, long nowMs)
        {
            bool changed = _record.Order.Take(order) || order.Epoch != Epoch;
            Epoch = order.Epoch;
            Seq = order.Seq;
            Rank = Wire.Rank.Of(_name, 0, _name.Length, order.Salt);
            int chosen = _ladder.Choose(order.LimitMjPerTh, order.Share, Rank);
            if (downwardOnly)
            {
                Unadmit();
            }

            LeaseS = order.LeaseS;
            LeaseRunning = true;
            _leaseEndMs = nowMs + (order.LeaseS * 1000L);
            long spread = order.Class == OrderClass.Emergency ? 0 : (long)(((ulong)Rank * ((ulong)order.FailSpreadS * 1000UL)) >> 32);
            _turnMs = _leaseEndMs + spread;
            _dispatchKnown = true;
            ChangeClass = order.Class;
            ChangeRampMs = order.RampS * 1000;
            if (order.Class == OrderClass.Emergency)
            {
                // Never raises anybody; latches who must fall.
                if (chosen < Effective && !_record.LatchDispatch)
                {
                    _record.LatchDispatch = true;
                    Version++;
                }

                _orderPoint = chosen < _orderPoint ? chosen : _orderPoint;
            }
            else
            {
                // What looks old releases nothing: the next order of the same epoch does.
                if (_record.LatchDispatch && !downwardOnly)
                {
                    _record.LatchDispatch = false;
                    Version++;
                }

                _orderPoint = chosen;
            }

            Lower(chosen);
            TryAdmit();
            return changed;
        }

        /// <summary>Takes a cap for this board. True if something changed that must be stored.</summary>
        public bool AcceptPower(int powerW, OrderClass orderClass, bool downwardOnly)
        {
            int point = _ladder.PowerPoint(powerW, out bool below);
            BelowMinimum = below;
            bool changed = false;
            if (downwardOnly)
            {
                Unadmit();
            }

            ChangeClass = orderClass;
            ChangeRampMs = _record.Order.RampS * 1000;
            if (orderClass == OrderClass.Emergency)
            {
                if (point < Effective && !_record.LatchSet)
                {
                    _record.LatchSet = true;
                    changed = true;
                }
            }
            else if (_record.LatchSet && !downwardOnly)
            {
                _record.LatchSet = false;
                changed = true;
            }

            // Neither an emergency nor what looks old raises a cap.
            bool lowers = orderClass == OrderClass.Emergency || downwardOnly;
            powerW = lowers && _record.HasPowerW && _record.PowerW < powerW ? _record.PowerW : powerW;

            changed |= !_record.HasPowerW || _record.PowerW != powerW;
            _record.HasPowerW = true;
            _record.PowerW = powerW;
            Lower(point);
            Version += changed ? 1 : 0;
            return changed;
        }

        /// <summary>Ends the cap and the latch of the set stream, unless it may only lower. True if something changed.</summary>
        public bool AcceptRelease(OrderClass orderClass, bool downwardOnly)
        {
            if (downwardOnly)
            {
                Unadmit();
                return false;
            }

            bool changed = _record.HasPowerW || _record.LatchSet;
            _record.HasPowerW = false;
            _record.PowerW = 0;
            _record.LatchSet = false;
            ChangeClass = orderClass;
            ChangeRampMs = _record.Order.RampS * 1000;
            Version += changed ? 1 : 0;
            return changed;
        }

        /// <summary>Takes an admission (S10). False if it names another nonce or the board is locked out; nothing changes then.</summary>
        public bool AcceptAdmit(uint nonce, uint epoch, uint afterSeq)
        {
            if (nonce != BootNonce || _record.LockedOut)
            {
                return false;
            }

            _admitKnown = true;
            _admitEpoch = epoch;
            _admitAfterSeq = afterSeq;
            TryAdmit();
            return true;
        }

        /// <summary>Locks out or ends it. Either way the board needs admission afterwards.</summary>
        public void SetLockout(bool locked)
        {
            if (locked && !_record.LockedOut)
            {
                Unadmit();
            }

            _record.LockedOut = locked;
            Version++;
        }

        /// <summary>Begins the enrolled life: at failsafe until admitted.</summary>
        public void Enrol()
        {
            _record.Enrolled = true;
            ChangeClass = OrderClass.Economic;
            ChangeRampMs = 15000;
            Unadmit();
        }

        /// <summary>Leaves it.</summary>
        public void Leave()
        {
            _record.Enrolled = false;
            LeaseRunning = false;
            Version++;
        }

        /// <summary>S09: at the board's turn after lease end it falls to min(last order, failsafe) and stays. True in that step.</summary>
        public bool StepLease(long nowMs)
        {
            if (!LeaseRunning || nowMs < _turnMs)
            {
                return false;
            }

            LeaseRunning = false;
            ChangeClass = OrderClass.Reliability;
            ChangeRampMs = 500;
            Unadmit();
            return true;
        }

        /// <summary>
        /// S12: the effective point is the allowed point of least power; <see cref="LimitedBy"/> names the one that binds, and on a tie
        /// the one that a person must act on.
        /// </summary>
        /// <param name="ownPoint">The owner's own setting.</param>
        /// <param name="derate">Highest point that heat allows.</param>
        /// <param name="forced">True if a fault latch, the curtail input or a missing record demands sleep.</param>
        public void Evaluate(int ownPoint, int derate, bool forced)
        {
            int top = _ladder.Count - 1;
            int point = top;
            LimitedBy by = LimitedBy.Nameplate;
            Take(ownPoint, LimitedBy.OwnSetting, ref point, ref by);
            Take(derate, LimitedBy.Derate, ref point, ref by);
            if (_record.Enrolled)
            {
                if (_record.HasPowerW)
                {
                    Take(_ladder.PowerPoint(_record.PowerW, out _), LimitedBy.PowerW, ref point, ref by);
                }

                Take(Admitted ? _orderPoint : _held, LimitedBy.PodOrder, ref point, ref by);
                if (!Admitted)
                {
                    int failsafe = FailsafePoint;
                    if (failsafe <= point)
                    {
                        point = failsafe;
                        by = LimitedBy.Failsafe;
                    }
                }
            }

            if (_record.LockedOut)
            {
                point = 0;
                by = LimitedBy.LockOut;
            }

            if (forced || (_record.Enrolled && (_record.LatchDispatch || _record.LatchSet)))
            {
                point = 0;
                by = LimitedBy.Latch;
            }

            Effective = point;
            LimitedBy = by;
        }

        private static void Take(int candidate, LimitedBy name, ref int point, ref LimitedBy by)
        {
            if (candidate < point)
            {
                point = candidate;
                by = name;
            }
        }

        /// <summary>Before admission orders are obeyed downward only.</summary>
        private void Lower(int point)
        {
            if (!Admitted && point < _held)
            {
                _held = point;
            }
        }

        private void TryAdmit()
        {
            // The last accepted dispatch has the highest pair of its epoch; an admit of an epoch that another has followed is moot.
            if (Admitted || _record.LockedOut || !_admitKnown || !_dispatchKnown || !LeaseRunning || Epoch != _admitEpoch || Seq < _admitAfterSeq)
            {
                return;
            }

            Admitted = true;
            Version++;
        }

        private void Unadmit()
        {
            _held = Startable();
            Admitted = false;
            _admitKnown = false;
            _dispatchKnown = false;
            BootNonce = _entropy.NextUInt32();
            Version++;
        }

        /// <summary>min(what orders allow, failsafe).</summary>
        private int Startable()
        {
            int point = Admitted ? _orderPoint : _held;
            int cap = _record.HasPowerW ? _ladder.PowerPoint(_record.PowerW, out _) : point;
            point = cap < point ? cap : point;
            return FailsafePoint < point ? FailsafePoint : point;
        }

        private int PointWithin(int powerMw)
        {
            int i = _ladder.Count - 1;
            while (i > 0 && _ladder.PowerMw(i) > powerMw)
            {
                i--;
            }

            return i;
        }
    }
}
