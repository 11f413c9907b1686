using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Asic.A1
{
    /// <summary>
    /// A daisy chain of A1 or T1 chips on SPI (mode 1). Each chip has two places for jobs, one running and one queued, and gets jobs of its
    /// own. A chip that fails a command rests for 30 s, and is given up after three failures.
    /// </summary>
    public sealed class A1Chain : IHashChain
    {
        /// <summary>Job ids of a chip: 1…4.</summary>
        public const int JobIds = 4;

        /// <summary>Jobs that a chip holds.</summary>
        public const int Slots = 2;

        private const int CoolMs = 30000;
        private const int MaxFailures = 3;
        private const int ForgetMs = 600000;
        private const int LockMs = 1000;
        private const int ResultsPerStep = 8;
        private const int ChipsPerStep = 8;
        private const int MaxBroadcastFailures = 3;

        private readonly A1Profile _profile;
        private readonly A1Link _link;
        private readonly A1Registers _registers;
        private readonly A1BringUp _bringUp;
        private readonly A1Ramp _ramp;
        private readonly A1ChipState[] _chips;
        private readonly IOutputPin _reset;
        private readonly bool _resetLevel;
        private readonly NonceQueue _queue = new NonceQueue();
        private uint _target = A1Frame.Target(1);
        private int _pollCursor;
        private int _broadcastFailures;

        // The time of the last step, for commands that come between two.
        private long _nowMs;

        /// <summary>A chain that is off. Nothing is touched before <see cref="Start"/>, <see cref="Stop"/> or a step.</summary>
        /// <param name="profile">What the chips are.</param>
        /// <param name="chipCount">Chips that the board has, 1…64.</param>
        /// <param name="spi">SPI, mode 1, with the chain's select line.</param>
        /// <param name="reset">Reset line.</param>
        /// <param name="resetLevel">Electrical level that holds the chips in reset.</param>
        public A1Chain(A1Profile profile, int chipCount, ISpiBus spi, IOutputPin reset, bool resetLevel = false)
        {
            if (chipCount < 1 || chipCount > A1Link.MaxChips)
                throw new System.ArgumentOutOfRangeException(nameof(chipCount), "An A1 chain has 1 to 64 chips: correct the board's description.");
            _profile = profile;
            _reset = reset;
            _resetLevel = resetLevel;
            _chips = new A1ChipState[chipCount];
            for (int i = 0; i < chipCount; i++)
                _chips[i] = new A1ChipState();
            _link = new A1Link(profile, spi);
            _registers = new A1Registers(_link, profile, _chips);
            _ramp = new A1Ramp(_registers, profile, _chips);
            _bringUp = new A1BringUp(_link, _registers, profile, _chips, reset, resetLevel);
            Forget();
        }

        /// <inheritdoc/>
        public ChipProfile Profile => _profile;

        /// <inheritdoc/>
        public int ChipCount => _chips.Length;

        /// <inheritdoc/>
        public int ChipsFound => _bringUp.ChipsFound;

        /// <inheritdoc/>
        public ChainState State { get; private set; }

        /// <inheritdoc/>
        public string? Fault { get; private set; }

        /// <summary>Mean of what the working chips are set to, kHz; 0 while off.</summary>
        public int FreqKhz => _ramp.MeanKhz;

        /// <inheritdoc/>
        public bool Ramping => _ramp.Ramping;

        /// <inheritdoc/>
        public ChainCounters Counters { get; } = new ChainCounters();

        /// <inheritdoc/>
        public void Start()
        {
            _reset.Write(_resetLevel);
            Forget();
            _link.GoodReplies = 0;
            _link.BadReplies = 0;
            Counters.Clear();
            _bringUp.Begin();
            Fault = null;
            State = ChainState.BringUp;
        }

        /// <inheritdoc/>
        public void Stop()
        {
            _reset.Write(_resetLevel);
            Forget();
            Fault = null;
            State = ChainState.Off;
        }

        /// <summary>Sets the frequency to ramp to; weak chips stop at the profile's limit for them.</summary>
        public PartStatus RampTo(int freqKhz)
        {
            if (State != ChainState.Running && State != ChainState.BringUp)
                return PartStatus.NotPresent;
            if (!_registers.CanRun(freqKhz))
                return PartStatus.OutOfRange;
            _ramp.SetTarget(freqKhz);
            if (State == ChainState.Running)
                _ramp.Update(_nowMs);
            return PartStatus.Ok;
        }

        /// <summary>What one chip is set to now, kHz.</summary>
        public int ChipFreqKhz(int chip) => FreqKhz == 0 ? 0 : _chips[chip].Khz;

        /// <inheritdoc/>
        public PartStatus SetVersionMask(uint mask) => PartStatus.NotPresent;

        /// <inheritdoc/>
        public PartStatus SetTicketDifficulty(int difficulty)
        {
            if (difficulty < 1 || (difficulty & (difficulty - 1)) != 0)
                return PartStatus.OutOfRange;
            _target = A1Frame.Target(difficulty);
            return PartStatus.Ok;
        }

        /// <inheritdoc/>
        public int JobSlotsFree(int chip)
            => IsUsable(chip) && _chips[chip].Held < Slots ? Slots - _chips[chip].Held : 0;

        /// <inheritdoc/>
        public int WorkingCores(int chip) => IsUsable(chip) ? _chips[chip].Cores : 0;

        /// <inheritdoc/>
        public int ChipHashGhs(int chip) => -1;

        /// <summary>Temperature of a T1 chip from its ADC, m°C: (588 - x) · 2/3 °C. <see cref="PartStatus.NotPresent"/> if it has none or was not read.</summary>
        public PartStatus ReadChipTemperature(int chip, out int milliC)
        {
            int adc = chip >= 0 && chip < _chips.Length ? _chips[chip].Adc : -1;
            milliC = adc < 0 ? 0 : (588 - adc) * 2000 / 3;
            return adc < 0 ? PartStatus.NotPresent : PartStatus.Ok;
        }

        /// <inheritdoc/>
        public void Step(long nowMs)
        {
            if (State != ChainState.BringUp && State != ChainState.Running)
                return;
            _nowMs = nowMs;
            if (State == ChainState.BringUp)
            {
                if (_bringUp.Step(nowMs))
                {
                    State = ChainState.Running;
                    _ramp.Update(_nowMs);
                }
                else if (_bringUp.Fault != null)
                {
                    Fail(_bringUp.Fault);
                }
            }
            else
            {
                // A chip may just have rested long enough.
                _ramp.Update(nowMs);
                TakeResults();
                StepRamp(nowMs);
                if (State == ChainState.Running)
                    PollChips(nowMs);
            }

            Counters.GoodFrames = _link.GoodReplies;
            Counters.SkippedBytes = _link.BadReplies;
        }

        /// <summary>Sends a job to the chip that it names.</summary>
        public PartStatus SendJob(ChipJob job, out int jobId)
        {
            jobId = -1;
            if (State != ChainState.Running)
                return PartStatus.NotPresent;
            if (job.Chip < 0 || job.Chip >= _chips.Length || job.MidstateCount < 1)
                return PartStatus.OutOfRange;
            if (!IsUsable(job.Chip))
                return PartStatus.NotPresent;
            A1ChipState chip = _chips[job.Chip];
            int number = job.Chip + 1;
            if (job.DropQueued && chip.Held > 0)
            {
                if (_link.Execute(A1Frame.Reset(_link.Write, 0, number, A1Frame.DropJobs), number, _chips.Length, (int)A1Command.Reset, 2) < 0)
                    return Rest(job.Chip);
                chip.Held = 0;
            }

            if (chip.Held >= Slots)
                return PartStatus.OutOfRange;
            int id = chip.JobId % JobIds + 1;
            int length = A1Frame.Job(_profile, _link.Write, 0, id, number, job, _target);
            int first = _link.Write[0];
            if (_link.Execute(length, number, _chips.Length, first, 2) < 0)
                return Rest(job.Chip);
            chip.JobId = id;
            chip.Held++;
            jobId = id;
            Counters.Jobs++;
            return PartStatus.Ok;
        }

        /// <inheritdoc/>
        public bool TryTakeNonce(ChipNonce into) => _queue.TryTake(into);

        private bool IsUsable(int chip)
            => State == ChainState.Running && chip >= 0 && chip < _chips.Length && _chips[chip].IsUsable(_nowMs);

        private void TakeResults()
        {
            for (int i = 0; i < ResultsPerStep; i++)
            {
                int found = _link.ReadResult(_chips.Length, out int at);
                if (found < 0)
                    _link.Quieten();
                if (found <= 0)
                    return;
                Counters.Nonces++;
                ChipNonce? place = _queue.Add();
                if (place == null)
                {
                    Counters.NoncesDropped++;
                    continue;
                }

                byte[] read = _link.Read;
                place.JobId = read[at] >> 4;
                place.Chip = read[at + 1] - 1;
                place.Nonce = ChipWords.GetLittle(read, at + _profile.ResultNonceAt);
                place.VersionBits = 0;
                place.Core = -1;
                place.ReceivedMs = _nowMs;
                place.MidstateIndex = _profile.Midstates > 1 ? MidstateOf(read[at + 3]) : 0;
            }
        }

        // The T1 names the midstate by one bit; anything else is the first.
        private static int MidstateOf(int microJob)
        {
            switch (microJob)
            {
                case 2:
                    return 1;
                case 4:
                    return 2;
                case 8:
                    return 3;
                default:
                    return 0;
            }
        }

        private void PollChips(long nowMs)
        {
            int polls = _chips.Length < ChipsPerStep ? _chips.Length : ChipsPerStep;
            for (int i = 0; i < polls; i++)
            {
                int index = _pollCursor;
                _pollCursor = index + 1 < _chips.Length ? index + 1 : 0;
                if (!IsUsable(index))
                    continue;
                A1ChipState chip = _chips[index];
                bool right = _registers.Read(index) && _registers.QueueState != 2
                    && (_registers.Locked || nowMs - chip.ChangedMs < LockMs);
                if (!right)
                {
                    Rest(index);
                    if (State != ChainState.Running)
                        return;
                    continue;
                }

                int queue = _registers.QueueState;
                chip.Held = queue == 3 ? Slots : queue;
                chip.Adc = _registers.Adc;
            }
        }

        // A chip that failed a command gets none for a while.
        private PartStatus Rest(int index)
        {
            A1ChipState chip = _chips[index];
            if (_nowMs - chip.FailedMs > ForgetMs)
                chip.Failures = 0;
            chip.Failures++;
            chip.FailedMs = _nowMs;
            chip.CoolUntilMs = _nowMs + CoolMs;
            chip.Held = 0;
            chip.GivenUp = chip.Failures >= MaxFailures;
            _link.Quieten();
            _ramp.Update(_nowMs);
            for (int i = 0; i < _chips.Length; i++)
            {
                if (IsUsable(i))
                    return PartStatus.Timeout;
            }

            Fail("No chip of the " + _profile.Name + " chain answers any more: check supply and SPI wiring.");
            return PartStatus.Timeout;
        }

        private void StepRamp(long nowMs)
        {
            int failed = _ramp.Step(nowMs);
            if (failed >= 0)
            {
                Rest(failed);
            }
            else if (failed == A1Ramp.BroadcastFailed)
            {
                _link.Quieten();
                if (++_broadcastFailures >= MaxBroadcastFailures)
                    Fail("The " + _profile.Name + " chain does not confirm a new frequency: check SPI clock and wiring.");
            }
            else if (failed == A1Ramp.Stepped)
            {
                _broadcastFailures = 0;
            }
        }

        private void Forget()
        {
            for (int i = 0; i < _chips.Length; i++)
                _chips[i].Reset(_profile.StartKhz, _profile.MaxKhz);
            _pollCursor = 0;
            _broadcastFailures = 0;
            _queue.Clear();
            _ramp.Reset();
        }

        private void Fail(string why)
        {
            _reset.Write(_resetLevel);
            Forget();
            Fault = why;
            State = ChainState.Failed;
        }
    }
}
