using System;
using Ballast.Firmware.Grid;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;

namespace Ballast.Firmware.Agent
{
    /// <content>What messages, the console and the button ask of a board, and what they may look at.</content>
    public sealed partial class BoardAgent
    {
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
                _restartWanted = true;
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
        public string? AcceptLadder(uint ladderId)
        {
            BoardLadder? offered = _learner.Offered;
            if (offered == null || offered.Ladder.Id != ladderId)
            {
                return "no ladder with this id is offered";
            }

            _record.LadderPoints = _learner.OfferedMw.Length;
            Array.Copy(_learner.OfferedMw, _record.LadderMw, _record.LadderPoints);
            _power.SetLadder(offered);
            _orders.SetLadder(offered.Ladder);
            _learner.Use(offered);
            _reporter.Offered = null;
            _reporter.AnnounceBirth();
            return null;
        }

        /// <summary>
        /// Set by the owner before a step while a connect that may stop all threads waits or runs (S20): a board at or below failsafe stays there, so
        /// that power cannot come up in the middle of it. One that runs above is left alone; its owner waits.
        /// </summary>
        public bool KeepQuiet { get; set; }

        /// <summary>
        /// Back to the provisioned settings: own point, pools, log level and learned ladder go; keys, enrolment, failsafe, lock-out and
        /// latches stay (contract section 5). Takes effect at the restart that it asks for.
        /// </summary>
        public void FactoryReset()
        {
            Provisioning.Reset(_record);
            _follower.SaveWanted = true;
            _restartWanted = true;
        }

        /// <summary>Takes a key from the console or provisioning and begins the enrolled life at once. The reason if it was refused, or null.</summary>
        public string? Enrol(bool podKey, int kid, byte[] key)
        {
            StreamKeys keys = podKey ? _record.PodKeys : _record.BoardKeys;
            if (!keys.Install(kid, key, 0))
            {
                return "kid in use: choose another";
            }

            if (!_record.Enrolled && _record.PodKeys.Current() != null && _record.BoardKeys.Current() != null)
            {
                _orders.Enrol();
            }

            _follower.SaveWanted = true;
            return null;
        }

        /// <summary>Leaves the enrolled life; only the console may.</summary>
        public void LeaveEnrolment()
        {
            _orders.Leave();
            _follower.SaveWanted = true;
        }

        /// <summary>Sets the power without a host, W. A board that is not admitted falls to it now and never rises because of it before its next start.</summary>
        public void SetFailsafe(int watts)
        {
            _record.FailsafeW = watts;
            _follower.SaveWanted = true;
            _reporter.AnnounceBirth();
        }

        /// <summary>Asks for the record to be stored: a person changed a setting.</summary>
        public void SaveSettings() => _follower.SaveWanted = true;

        /// <summary>The ladder that waits for the host, or null.</summary>
        public BoardLadder? Offered => _learner.Offered;

        /// <summary>The follower, for reports.</summary>
        public GridFollower Follower => _follower;

        /// <summary>What provisioning said.</summary>
        public BoardSettings Settings => _settings;

        /// <summary>The board's parts.</summary>
        public Hashboard Board => _board;

        /// <summary>Whoever feeds the chips, or null.</summary>
        public IMiner? Miner => _miner;

        /// <summary>Monotonic time, ms.</summary>
        public long NowMs => _clock.NowMs;

        /// <summary>Monotonic time of the first step, ms.</summary>
        public long StartedMs { get; private set; }

        /// <summary>The last lines of the log.</summary>
        public LogRing Log { get; } = new LogRing();

        /// <summary>True while the broker link is up.</summary>
        public bool LinkUp => _link.IsConnected;
    }
}
