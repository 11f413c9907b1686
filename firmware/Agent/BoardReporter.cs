using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Hw.Parts;
using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Publishes birth, state, telemetry, acknowledgements and events (contract section 1). Telemetry comes every 10 s and on change, at
    /// most once a second; what an order of the pod causes waits its rank's part of 2 s, so that it does not swamp the shed.
    /// </summary>
    public sealed class BoardReporter
    {
        /// <summary>Time between two telemetry messages without a change, ms.</summary>
        public const int TelemetryMs = 10000;

        /// <summary>Shortest time between two telemetry messages, ms.</summary>
        public const int TelemetryLeastMs = 1000;

        private const int MaxPublish = 2048;

        private readonly BoardSettings _settings;
        private readonly BoardDescription _board;
        private readonly GridTopics _topics;
        private readonly IMqttLink _link;
        private readonly BoardRecord _record;
        private readonly GridFollower _follower;
        private readonly PowerController _power;
        private readonly IMiner? _miner;
        private readonly byte[] _buffer = new byte[MaxPublish];
        private readonly BirthMessage _birth = new BirthMessage();
        private readonly StateMessage _state = new StateMessage();
        private readonly TelemetryMessage _telemetry = new TelemetryMessage();
        private readonly EventMessage _event = new EventMessage();
        private readonly string[] _capabilities = { "ladder-learning", "curtail-input" };
        private int _connects;
        private bool _birthWanted;
        private bool _stateWanted;
        private int _stateVersion = -1;
        private BoardMode _stateMode;
        private string _stateReason = "";
        private long _modeSinceMs;
        private long _startMs;
        private long _nextTelemetryMs;
        private long _changeAtMs = -1;
        private long _lastTelemetryMs = long.MinValue / 2;
        private int _lastPowerMw;
        private BoardMode _lastMode;
        private int _lastPoint;
        private int _eventsSeen;

        /// <summary>Makes a reporter; publishes nothing yet.</summary>
        public BoardReporter(BoardSettings settings, BoardDescription board, GridTopics topics, IMqttLink link, BoardRecord record, GridFollower follower, PowerController power, IMiner? miner)
        {
            _settings = settings;
            _board = board;
            _topics = topics;
            _link = link;
            _record = record;
            _follower = follower;
            _power = power;
            _miner = miner;
        }

        /// <summary>Telemetry messages that the link did not take.</summary>
        public int TelemetryDropped { get; private set; }

        /// <summary>Nameplate power told to the host, W.</summary>
        public int NameplateW
        {
            get
            {
                int top = (_power.Ladder.Ladder.PowerMw(_power.Ladder.Top) + 999) / 1000;
                return _settings.NameplateW > top ? _settings.NameplateW : top;
            }
        }

        /// <summary>Sets up the link with will and subscriptions.</summary>
        public void Begin(long nowMs, uint rank)
        {
            _startMs = nowMs;
            _modeSinceMs = nowMs;
            _nextTelemetryMs = nowMs + (int)(((ulong)rank * TelemetryMs) >> 32);
            _state.BoardSerial = _settings.Serial;
            _state.Online = false;
            int n = _state.Write(_buffer, 0);
            _link.Configure(_settings.Site + "-" + _settings.Pod + "-" + _settings.Board, new string[] { _topics.Dispatch, _topics.Set }, _topics.State, _buffer, n);
            _state.Online = true;
            _connects = _link.ConnectCount - 1;
        }

        /// <summary>The ladder that waits for the host, or null.</summary>
        public BoardLadder? Offered { get; set; }

        /// <summary>Birth is due again: the ladder changed.</summary>
        public void AnnounceBirth()
        {
            _birthWanted = true;
            _stateWanted = true;
        }

        /// <summary>Publishes what is due. Called after the outputs of a tick were applied.</summary>
        public void Step(long nowMs, BoardSnapshot s)
        {
            Watch(nowMs, s);
            if (!_link.IsConnected)
            {
                return;
            }

            if (_link.ConnectCount != _connects)
            {
                _connects = _link.ConnectCount;
                _birthWanted = true;
                _stateWanted = true;
            }

            if (_birthWanted && !PublishBirth())
            {
                return;
            }

            if (_stateWanted && !PublishState(nowMs, s))
            {
                return;
            }

            PublishAck(nowMs, s);
            PublishEvent();
            bool due = nowMs >= _nextTelemetryMs || (_changeAtMs >= 0 && nowMs >= _changeAtMs);
            if (due && nowMs - _lastTelemetryMs >= TelemetryLeastMs)
            {
                PublishTelemetry(nowMs, s);
            }
        }

        /// <summary>Notices changes.</summary>
        private void Watch(long nowMs, BoardSnapshot s)
        {
            if (s.Mode != _stateMode || s.Reason != _stateReason || _follower.Orders.Version != _stateVersion)
            {
                if (s.Mode != _stateMode)
                {
                    _modeSinceMs = nowMs;
                }

                _stateMode = s.Mode;
                _stateReason = s.Reason;
                _stateVersion = _follower.Orders.Version;
                _stateWanted = true;
            }

            int change = s.PowerMw - _lastPowerMw;
            bool moved = (change < 0 ? -change : change) * 20L > _lastPowerMw && (change > 500 || change < -500);
            bool alarm = _eventsSeen != _power.Events.Total;
            if (_changeAtMs < 0 && (moved || alarm || s.Mode != _lastMode || s.EffectivePoint != _lastPoint))
            {
                bool byOrder = s.LimitedBy == LimitedBy.PodOrder || (s.LimitedBy == LimitedBy.Latch && s.LatchDispatch);
                long wait = byOrder && !alarm ? (long)(((ulong)_follower.Orders.Rank * 2000UL) >> 32) : 0;
                _changeAtMs = nowMs + wait;
                _eventsSeen = _power.Events.Total;
            }
        }

        private bool PublishBirth()
        {
            BirthMessage b = _birth;
            b.Model = _board.Model;
            b.Chips = _board.ChipCount;
            b.Chip = _board.Chip.Name;
            b.Firmware = _settings.Firmware;
            b.BoardSerial = _settings.Serial;
            b.Restart = _settings.LastRestart;
            b.Ladder = _power.Ladder.Ladder;
            b.Offered = Offered?.Ladder;
            b.FailsafeW = _record.FailsafeW;
            b.NameplateW = NameplateW;
            b.Capabilities = _capabilities;
            int n = b.Write(_buffer, 0);
            if (n > 0 && !_link.Publish(_topics.Birth, _buffer, n, 1, true))
            {
                return false;
            }

            _birthWanted = false;
            return true;
        }

        private bool PublishState(long nowMs, BoardSnapshot s)
        {
            StateMessage m = _state;
            m.Online = true;
            m.Mode = s.Mode;
            m.Reason = s.Reason;
            m.BootNonce = s.BootNonce;
            m.Admitted = s.Admitted;
            m.LadderId = _power.Ladder.Ladder.Id;
            m.PowerW = _record.HasPowerW ? _record.PowerW : -1;
            m.LatchCount = 0;
            if (s.LatchDispatch)
            {
                m.Latches[m.LatchCount++] = "emergency-dispatch";
            }

            if (s.LatchSet)
            {
                m.Latches[m.LatchCount++] = "emergency-set";
            }

            if (s.LatchedFault != SafetyRule.None)
            {
                m.Latches[m.LatchCount++] = FaultLatch(s.LatchedFault);
            }

            if (_record.LockedOut)
            {
                m.Latches[m.LatchCount++] = "lock-out";
            }

            m.SinceMs = nowMs - _modeSinceMs;
            int n = m.Write(_buffer, 0);
            if (n > 0 && !_link.Publish(_topics.State, _buffer, n, 1, true))
            {
                return false;
            }

            _stateWanted = false;
            return true;
        }

        private static string FaultLatch(SafetyRule rule)
        {
            switch (rule)
            {
                case SafetyRule.S03: return "fault-S03";
                case SafetyRule.S04: return "fault-S04";
                case SafetyRule.S07: return "fault-S07";
                default: return "fault";
            }
        }

        private void PublishAck(long nowMs, BoardSnapshot s)
        {
            AckMessage? ack = _follower.Acks.Due(nowMs);
            if (ack == null)
            {
                return;
            }

            ack.Point = s.EffectivePoint;
            ack.EffectiveMw = s.EffectiveMw;
            int n = ack.Write(_buffer, 0);
            if (n == 0 || _link.Publish(_topics.Ack, _buffer, n, 1, false))
            {
                _follower.Acks.Sent(ack);
            }
        }

        private void PublishEvent()
        {
            SafetyEvent? e = _power.Events.Peek();
            if (e == null)
            {
                return;
            }

            _event.Rule = SafetyRuleName.Of(e.Rule);
            _event.Text = e.Text;
            _event.Value = e.Value;
            _event.Limit = e.Limit;
            int n = _event.Write(_buffer, 0);
            if (n == 0 || _link.Publish(_topics.Event, _buffer, n, 1, false))
            {
                _power.Events.Take();
            }
        }

        private void PublishTelemetry(long nowMs, BoardSnapshot s)
        {
            TelemetryMessage t = _telemetry;
            SafetyInputs m = _power.Measured;
            t.Mode = s.Mode;
            t.Point = s.EffectivePoint;
            t.EffectiveMw = s.EffectiveMw;
            t.PowerMw = s.PowerMw;
            t.FreqKhz = s.FreqKhz;
            RegulatorReading r = m.Regulator;
            t.CoreMv = m.RegulatorValid ? r.OutputMilliVolts : TelemetryMessage.Unknown;
            t.InputMv = m.RegulatorValid ? r.InputMilliVolts : TelemetryMessage.Unknown;
            t.VrMilliC = m.RegulatorValid ? r.TemperatureMilliC : TelemetryMessage.Unknown;
            t.ChipMilliC = m.ChipValid ? m.ChipMilliC : TelemetryMessage.Unknown;
            t.FanRpm = m.FanCount > 0 && m.FanRpm[0] >= 0 ? m.FanRpm[0] : TelemetryMessage.Unknown;
            t.FanPercent = _power.FanPercent < 0 ? 0 : _power.FanPercent;
            t.LimitedBy = s.LimitedBy;
            t.Epoch = _follower.Orders.Epoch;
            t.OrderId = _record.Order.OrderId;
            t.LimitMjPerTh = _record.Order.LimitMjPerTh;
            t.Share = _record.Order.Share;
            t.Salt = _record.Order.Salt;
            long left = s.LeaseEndMs - nowMs;
            t.LeaseLeftS = left > 0 ? (int)(left / 1000) : 0;
            t.Admitted = s.Admitted;
            t.BootNonce = s.BootNonce;
            if (_miner != null)
            {
                t.HashGhs = _miner.HashGhs;
                t.Accepted = _miner.Accepted;
                t.Rejected = _miner.Rejected;
                t.Stale = _miner.Stale;
                t.HwErrors = _miner.HwErrors;
                t.LoadPermille = _miner.LoadPermille;
            }

            t.UptimeS = (nowMs - _startMs) / 1000;
            for (int i = 0; i < t.Rejects.Length; i++)
            {
                t.Rejects[i] = _follower.Rejects[i];
            }

            int n = t.Write(_buffer, 0);
            if (n == 0 || !_link.Publish(_topics.Telemetry, _buffer, n, 0, false))
            {
                TelemetryDropped++;
            }

            // Telemetry is not repeated: the next one says more.
            _lastTelemetryMs = nowMs;
            _nextTelemetryMs = nowMs + TelemetryMs;
            _changeAtMs = -1;
            _lastMode = s.Mode;
            _lastPoint = s.EffectivePoint;
            _lastPowerMw = s.PowerMw;
        }
    }
}
