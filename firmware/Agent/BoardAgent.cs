using System;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Mining;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// One board: its control loop. <see cref="Step"/> is called every 20 ms by whoever owns it (a device thread, a virtual fleet, a
    /// test) and does a bounded amount of work: receive, decide, apply, feed the chips, then store and report.
    /// </summary>
    public sealed class BoardAgent : IGridActions
    {
        /// <summary>Messages handled in one step; the rest wait for the next.</summary>
        public const int MessagesPerStep = 4;

        /// <summary>How long identify blinks, ms.</summary>
        public const int IdentifyMs = 30000;

        private const long StoreEveryMs = 3600000;

        private readonly BoardSettings _settings;
        private readonly Hashboard _board;
        private readonly IMqttLink _link;
        private readonly IMiner? _miner;
        private readonly IClock _clock;
        private readonly RecordStore _store;
        private readonly BoardRecord _record = new BoardRecord();
        private readonly OrderState _orders;
        private readonly GridFollower _follower;
        private readonly PowerController _power;
        private readonly BoardReporter _reporter;
        private readonly MqttInbound _inbound = new MqttInbound();
        private readonly Curtail _curtail = new Curtail();
        private readonly bool _recordLost;
        private long _nextSaveMs;
        private long _nextRaiseMs;
        private long _saveRetryMs;
        private long _identifyUntilMs;
        private int _savedStartMw;
        private int _lastEffective = -1;
        private SafetyRule _storedFault;
        private bool _begun;
        private bool _leaseEnded;

        /// <summary>Puts a board together. Nothing is touched but the store, which is read; the first <see cref="Step"/> makes outputs safe (S01).</summary>
        public BoardAgent(BoardSettings settings, Hashboard board, IMqttLink link, Miner? miner, IStore store, IClock clock, IEntropy entropy)
            : this(settings, board, link, store, clock, entropy, miner == null ? null : new PoolMiner(miner, clock))
        {
        }

        /// <summary>The same with whatever feeds the chips, or nothing that does.</summary>
        public BoardAgent(BoardSettings settings, Hashboard board, IMqttLink link, IStore store, IClock clock, IEntropy entropy, IMiner? miner)
        {
            _settings = settings;
            _board = board;
            _link = link;
            _miner = miner;
            _clock = clock;
            _store = new RecordStore(store);
            GridTopics topics = new GridTopics(settings.Site, settings.Pod, settings.Board);
            RecordFound found = _store.Load(_record);
            _recordLost = found == RecordFound.Unreadable;
            uint provision = Provisioning.Id(settings);
            if (found == RecordFound.Empty || (found == RecordFound.Yes && _record.ProvisionId != provision))
            {
                Provisioning.Apply(settings, provision, _record, found == RecordFound.Yes);
                FirstStart = true;
            }
            else if (_recordLost)
            {
                Provisioning.Forget(_record);
            }

            BoardLadder ladder = Provisioning.LadderOf(board.Description, _record, out string? reason)
                ?? throw new ArgumentException("board description has no valid ladder: " + reason);
            _orders = new OrderState(_record, entropy, ladder.Ladder, topics.Name);
            _power = new PowerController(board, ladder, entropy);
            _follower = new GridFollower(topics, _record, _store, _orders, new AckQueue(), this);
            _reporter = new BoardReporter(settings, board.Description, topics, link, _record, _follower, _power, miner);
            _savedStartMw = _record.StartMw;
            _storedFault = (SafetyRule)_record.FaultRule;
            Snapshot.Rejects = _follower.Rejects;
        }

        /// <summary>State for console, local page and tests; valid after each step.</summary>
        public BoardSnapshot Snapshot { get; } = new BoardSnapshot();

        /// <summary>True if this start took its settings from provisioning.</summary>
        public bool FirstStart { get; }

        /// <summary>Rises by one after the outputs of each step were applied (S08): a second thread watches it.</summary>
        public int Tick { get; private set; }

        /// <summary>True once the controller must be restarted by its owner: asked for, or after a failure in the loop (S01).</summary>
        public bool RebootRequested { get; private set; }

        /// <summary>The failure that ended the loop, or null.</summary>
        public string? Failure { get; private set; }

        /// <summary>Regulator, chain and fans.</summary>
        public PowerController Power => _power;

        /// <summary>Orders, admission and lease.</summary>
        public OrderState Orders => _orders;

        /// <summary>What is stored.</summary>
        public BoardRecord Record => _record;

        /// <summary>Writes to the store since the start.</summary>
        public int StoreWrites => _store.Writes;

        /// <summary>One control tick. Never throws: a failure makes outputs safe and asks for a restart (S01).</summary>
        public void Step()
        {
            if (Failure != null)
            {
                return;
            }

            try
            {
                StepCore(_clock.NowMs);
                Tick++;
            }
            catch (Exception e)
            {
                // S01: whatever happened, power goes off first.
                Failure = e.Message;
                RebootRequested = true;
                Snapshot.Mode = BoardMode.Fault;
                Snapshot.Reason = "S01: control loop failed";
                try
                {
                    _power.MakeSafe();
                }
                catch (Exception again)
                {
                    Failure = e.Message + "; " + again.Message;
                }
            }
        }

        /// <inheritdoc/>
        public string? Identify()
        {
            _identifyUntilMs = _clock.NowMs + IdentifyMs;
            return _board.Io.Led == null ? "this board has no identify light" : null;
        }

        /// <inheritdoc/>
        public string? Restart(int what)
        {
            if (what == 1)
            {
                _power.RestartChain();
            }
            else
            {
                RebootRequested = true;
            }

            return null;
        }

        /// <inheritdoc/>
        public string? ClearFault()
        {
            if (_power.LatchedFault == SafetyRule.None)
            {
                return "no fault is latched";
            }

            _power.ReleaseFault();
            return null;
        }

        /// <inheritdoc/>
        public string? SetPool(int slot, string url, string user, string password) =>
            _miner == null ? "this board has no miner" : _miner.SetPool(slot, url, user, password);

        /// <inheritdoc/>
        public string? AcceptLadder(uint ladderId) => "no ladder with this id is offered";

        /// <inheritdoc/>
        public void Evaluate()
        {
            int own = _record.OwnPoint >= 0 ? _record.OwnPoint : _settings.OwnPoint;
            if (own < 0)
            {
                own = _record.Enrolled ? _power.Ladder.Top : _board.Description.NominalPoint;
            }

            bool forced = _recordLost || _curtail.Active || _power.LatchedFault != SafetyRule.None;
            _orders.Evaluate(own, _power.Derate.Cap, forced);
            Apply();
        }

        private void StepCore(long nowMs)
        {
            if (!_begun)
            {
                Begin(nowMs);
            }

            _link.Poll(nowMs);
            for (int i = 0; i < MessagesPerStep && _link.TryReceive(_inbound); i++)
            {
                _follower.Handle(_inbound, nowMs);
            }

            if (_orders.StepLease(nowMs) && _record.Enrolled)
            {
                _leaseEnded = true;
                _power.Events.Add(SafetyRule.S09, "lease over: at or below failsafe until admitted again, W", _orders.Effective == 0 ? 0 : _power.Ladder.Ladder.PowerMw(_orders.Effective) / 1000, _record.FailsafeW, nowMs);
            }

            StepCurtail(nowMs);
            Evaluate();
            _power.Step(nowMs);
            _leaseEnded = false;
            if (_miner != null)
            {
                _miner.Step(nowMs, _power.Hashing);
                _power.SetWork(_miner.HasWork, _miner.ValidNonces, _miner.TicketDifficulty);
            }

            StepLed(nowMs);
            WriteSnapshot();

            // Outputs are applied; what may take time or fail comes after them.
            StepStore(nowMs);
            _reporter.Step(nowMs, Snapshot);
        }

        private void Begin(long nowMs)
        {
            _begun = true;

            // S01: the first managed act.
            _power.MakeSafe();
            if (_storedFault != SafetyRule.None)
            {
                _power.RestoreFault(_storedFault, nowMs);
            }

            if (_recordLost)
            {
                _power.Events.Add(SafetyRule.S11, "no readable record: asleep until the console or provisioning decides", 0, 0, nowMs);
            }

            for (int i = 0; _miner != null && i < BoardRecord.PoolSlots; i++)
            {
                if (_record.HasPool[i])
                {
                    string? reason = _miner.SetPool(i, _record.PoolUrl[i], _record.PoolUser[i], _record.PoolPassword[i]);
                    if (reason != null)
                    {
                        _power.Events.Add(SafetyRule.None, reason, i, 0, nowMs);
                    }
                }
            }

            _nextSaveMs = nowMs + StoreEveryMs;
            _nextRaiseMs = nowMs + StoreEveryMs;
            _record.Starts++;
            _follower.SaveWanted |= FirstStart;
            _reporter.Begin(nowMs, _orders.Rank);
        }

        private void StepCurtail(long nowMs)
        {
            IInputPin? pin = _board.Io.CurtailInput;
            if (pin != null && _curtail.Step(nowMs, !pin.IsHigh) && _curtail.Active)
            {
                _power.Events.Add(SafetyRule.S13, "curtail input closed: power off", 1, 0, nowMs);
            }
        }

        /// <summary>No work, or a connect that may stop all threads (S20): chips without power, whatever orders allow.</summary>
        private bool Idle => _miner != null && ((_settings.SleepWithoutWork && _miner.ShouldIdle) || _miner.NeedsQuiet);

        /// <summary>Hands the effective point to the power controller in the way of what moved it.</summary>
        private void Apply()
        {
            int point = Idle ? 0 : _orders.Effective;
            OrderClass orderClass = OrderClass.Economic;
            int rampMs = _settings.OwnRampS * 1000;
            int spreadMs = _record.Enrolled ? _record.Order.SpreadS * 1000 : _settings.StartSpreadS * 1000;
            switch (_orders.LimitedBy)
            {
                case LimitedBy.Latch:
                case LimitedBy.LockOut:
                    orderClass = OrderClass.Emergency;
                    break;
                case LimitedBy.Derate:
                    orderClass = OrderClass.Reliability;
                    rampMs = int.MaxValue;
                    spreadMs = 0;
                    break;
                case LimitedBy.OwnSetting:
                    break;
                default:
                    if (_record.Enrolled)
                    {
                        orderClass = _orders.ChangeClass;
                        rampMs = _orders.ChangeRampMs;
                    }

                    break;
            }

            if (_leaseEnded && orderClass < OrderClass.Reliability)
            {
                orderClass = OrderClass.Reliability;
            }

            _lastEffective = point;
            _power.SetTarget(point, orderClass, rampMs, spreadMs, _clock.NowMs);
        }

        private void StepLed(long nowMs)
        {
            IOutputPin? led = _board.Io.Led;
            if (led == null)
            {
                return;
            }

            bool on = nowMs < _identifyUntilMs ? nowMs / 250 % 2 == 0 : _power.Hashing;
            if (led.IsHigh != on)
            {
                led.Write(on);
            }
        }

        private void StepStore(long nowMs)
        {
            SafetyRule fault = _power.LatchedFault;
            if (fault != _storedFault)
            {
                _storedFault = fault;
                _record.FaultRule = (int)fault;
                _follower.SaveWanted = true;
            }

            // S11: what a restart may come back to falls at once and rises at most once an hour.
            int start = _orders.StartMw;
            if (start < _savedStartMw)
            {
                _follower.SaveWanted = true;
            }

            bool hourly = nowMs >= _nextSaveMs && (_record.Order.Known || start != _savedStartMw);
            if ((!_follower.SaveWanted && !hourly) || nowMs < _saveRetryMs || _recordLost)
            {
                return;
            }

            bool mayRaise = nowMs >= _nextRaiseMs;
            _record.StartMw = start < _savedStartMw || mayRaise ? start : _savedStartMw;
            if (_store.Save(_record))
            {
                _savedStartMw = _record.StartMw;
                _follower.SaveWanted = false;
                _nextSaveMs = nowMs + StoreEveryMs;
                if (mayRaise)
                {
                    _nextRaiseMs = nowMs + StoreEveryMs;
                }
            }
            else
            {
                _saveRetryMs = nowMs + 10000;
                _power.Events.Add(SafetyRule.S11, "storage refused a record: orders hold, a restart may not know them", _store.Failures, 0, nowMs);
            }
        }

        private void WriteSnapshot()
        {
            BoardSnapshot s = Snapshot;
            s.Mode = _power.Mode;
            s.Reason = ReasonOf(s.Mode);
            s.EffectivePoint = _orders.Effective;
            s.EffectiveMw = _power.Ladder.Ladder.PowerMw(_orders.Effective);
            s.LimitedBy = _orders.LimitedBy;
            s.Admitted = _orders.Admitted;
            s.BootNonce = _orders.BootNonce;
            KeySlot? pod = _record.PodKeys.Current();
            s.DispatchEpoch = pod == null ? 0 : pod.Epoch;
            s.DispatchSeq = pod == null ? 0 : pod.Seq;
            KeySlot? own = _record.BoardKeys.Current();
            s.SetEpoch = own == null ? 0 : own.Epoch;
            s.SetSeq = own == null ? 0 : own.Seq;
            s.OrderId = _record.Order.OrderId;
            s.LeaseEndMs = _orders.LeaseRunning ? _orders.LeaseEndMs : 0;
            s.LatchDispatch = _record.LatchDispatch;
            s.LatchSet = _record.LatchSet;
            s.LatchedFault = _power.LatchedFault;
            s.PowerMw = _power.PowerMw;
            s.FreqKhz = _power.FreqKhz;
            s.Powered = _power.Powered;
        }

        private string ReasonOf(BoardMode mode)
        {
            if (_recordLost)
            {
                return "no readable record";
            }

            if (_power.Cause != SafetyRule.None)
            {
                return SafetyRuleName.Of(_power.Cause);
            }

            if (_curtail.Active)
            {
                return "curtail input";
            }

            if (mode == BoardMode.Asleep && Idle && _lastEffective == 0 && _orders.Effective > 0)
            {
                return "no work from any pool";
            }

            return mode == BoardMode.Asleep && _power.RisePending ? "waiting for its moment to start" : BoardName.Of(_orders.LimitedBy);
        }
    }
}
