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
    public sealed partial class BoardAgent : IGridActions
    {
        /// <summary>Messages handled in one step; the rest wait for the next.</summary>
        public const int MessagesPerStep = 4;

        /// <summary>How long identify blinks, ms.</summary>
        public const int IdentifyMs = 30000;

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
        private readonly Button _button = new Button();
        private readonly RecordKeeper _keeper;
        private readonly StartGuard _guard;
        private readonly LadderLearner _learner;
        private readonly IEntropy _entropy;
        private readonly BoardLog _log;
        private readonly bool _recordLost;
        private long _identifyUntilMs;
        private bool _begun;
        private bool _leaseEnded;
        private bool _restartWanted;
        private string? _refusal;

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
            _entropy = entropy;
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
            _power.LengthenMinOff(settings.MinOffS);
            _follower = new GridFollower(topics, _record, _store, _orders, new AckQueue(), this);
            _reporter = new BoardReporter(settings, board.Description, topics, link, _record, _follower, _power, miner);
            _keeper = new RecordKeeper(_record, _store, _power.Events);
            _guard = new StartGuard(_record);
            _learner = new LadderLearner(board.Description, ladder);
            _log = new BoardLog(Log);
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
            StepButton(nowMs);
            Evaluate();
            _power.Step(nowMs);
            _leaseEnded = false;
            if (_miner != null)
            {
                _miner.Step(nowMs, _power.Hashing, _power.Powered);
                _power.SetWork(_miner.HasWork, _miner.ValidNonces, _miner.TicketDifficulty);
            }

            StepLed(nowMs);
            StepLearner(nowMs);
            SnapshotWriter.Write(Snapshot, _power, _orders, _record, SnapshotWriter.Reason(_power, _orders, _recordLost, _curtail.Active, Idle, _refusal, nowMs < _guard.NotBeforeMs, KeepQuiet));

            _log.Step(Snapshot, _power.Events, _link.IsConnected, (_miner as PoolMiner)?.Miner.Pool, _record.LogLevel, nowMs);

            // Outputs are applied; what may take time or fail comes after them.
            StepStore(nowMs);
            _reporter.Step(nowMs, Snapshot);

            // Not before: the console asks between two steps, and what it changed must be stored first.
            RebootRequested |= _restartWanted;
        }

        private void Begin(long nowMs)
        {
            _begun = true;
            StartedMs = nowMs;

            // S01: the first managed act.
            _power.MakeSafe();
            if (_record.FaultRule != 0)
            {
                _power.RestoreFault((SafetyRule)_record.FaultRule, nowMs);
            }

            if (_record.Curtailed)
            {
                _curtail.Restore();
                _power.Events.Add(SafetyRule.S13, "curtail input held power off before the restart: off until it was open for a minute", 1, 0, nowMs);
            }

            _guard.Begin(nowMs, _entropy.NextUInt32());
            _keeper.Begin(nowMs);

            if (_settings.LastRestart.Length > 0)
            {
                _power.Events.Add(_settings.LastRestartRule, _settings.LastRestart, 0, 0, nowMs);
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

            _follower.SaveWanted |= FirstStart;
            _reporter.Begin(nowMs, _orders.Rank);
        }

        private void StepCurtail(long nowMs)
        {
            // A board whose input was taken out of its settings is one with an open input.
            IInputPin? pin = _board.Io.CurtailInput;
            if (_curtail.Step(nowMs, pin != null && !pin.IsHigh) && _curtail.Active)
            {
                _power.Events.Add(SafetyRule.S13, "curtail input closed: power off", 1, 0, nowMs);
            }

            _record.Curtailed = _curtail.Active;
        }

        /// <summary>No work, or a connect that may stop all threads (S20): chips without power, whatever orders allow.</summary>
        private bool Idle => _miner != null && ((_settings.SleepWithoutWork && _miner.ShouldIdle) || _miner.NeedsQuiet);

        /// <summary>True if the controller could not keep the chips in work at the effective point: they stay off, and the event says why.</summary>
        private bool CannotFeed()
        {
            string? refusal = _miner?.Refuses(_power.Ladder.FreqKhz(_orders.Effective));
            if (refusal != null && _refusal == null)
            {
                _power.Events.Add(SafetyRule.None, refusal, _power.Ladder.FreqKhz(_orders.Effective) / 1000, 0, _clock.NowMs);
            }

            _refusal = refusal;
            return refusal != null;
        }

        /// <summary>Hands the effective point to the power controller in the way of what moved it.</summary>
        private void Apply()
        {
            int point = Idle || CannotFeed() || _clock.NowMs < _guard.NotBeforeMs ? 0 : _orders.Effective;
            int quiet = _orders.FailsafePoint;
            if (KeepQuiet && _power.Target <= quiet && point > quiet)
            {
                // S20: see KeepQuiet.
                point = quiet;
            }

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
                    rampMs = PointFollower.NoDeadline;
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

            _power.SetTarget(point, orderClass, rampMs, spreadMs, _clock.NowMs);
        }

        private void StepLed(long nowMs)
        {
            IOutputPin? led = _board.Io.Led;
            if (led == null)
            {
                return;
            }

            bool noHost = _record.Enrolled && !_link.IsConnected;
            bool on = LedPattern.IsOn(nowMs, nowMs < _identifyUntilMs, _power.LatchedFault != SafetyRule.None, noHost, _power.Mode);
            if (led.IsHigh != on)
            {
                led.Write(on);
            }
        }

        private void StepStore(long nowMs)
        {
            bool starting = _power.State == SafetyState.SpinUp;
            _follower.SaveWanted |= _guard.Step(nowMs, starting, _power.Powered);
            if (!_recordLost && _keeper.Step(nowMs, _power.LatchedFault, _orders.StartMw, _follower.SaveWanted))
            {
                _follower.SaveWanted = false;
            }
        }

        private void StepButton(long nowMs)
        {
            IInputPin? pin = _board.Io.Button;
            if (pin == null)
            {
                return;
            }

            switch (_button.Step(nowMs, !pin.IsHigh))
            {
                case ButtonPress.Short:
                    _identifyUntilMs = nowMs + IdentifyMs;
                    break;
                case ButtonPress.Long:
                    _power.ReleaseFault();
                    break;
                case ButtonPress.VeryLong:
                    FactoryReset();
                    break;
                default:
                    break;
            }
        }

        private void StepLearner(long nowMs)
        {
            bool steady = _power.Mode == BoardMode.Running && (_miner == null || _miner.HasWork);
            if (_learner.Step(nowMs, steady ? _power.Target : -1, _power.FullFanPowerMw))
            {
                _reporter.Offered = _learner.Offered;
                _reporter.AnnounceBirth();
            }
        }
    }
}
