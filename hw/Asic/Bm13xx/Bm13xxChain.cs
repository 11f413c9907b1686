using Ballast.Hw.Bus;
using Ballast.Hw.Parts;

namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>
    /// A chain of BM13xx chips on one UART. What differs from chip to chip is in the <see cref="Bm13xxProfile"/>.
    /// Nothing waits: <see cref="Step"/> does what is due. The wire: one frame a write, replies found by <see cref="Bm13xxParser"/>.
    /// </summary>
    public sealed class Bm13xxChain : IHashChain
    {
        /// <summary>Longest chain that the address space carries on every profile.</summary>
        public const int MaxChips = 126;

        /// <summary>Version bits that these chips can roll: 13–28.</summary>
        public const uint FullVersionMask = 0x1FFFE000;

        // Register A4: bit 31 enables, bits 29–28 the count code that all peers send.
        private const uint VersionRollingOn = 0x90000000;

        private const int MaxJobId = 127;

        private readonly Bm13xxProfile _profile;
        private readonly Bm13xxLink _link;
        private readonly Bm13xxParser _parser = new Bm13xxParser();
        private readonly Bm13xxClock _clock;
        private readonly Bm13xxBringUp _bringUp;
        private readonly Bm13xxHashMeter _meter;
        private readonly IOutputPin _reset;
        private readonly bool _resetLevel;
        private readonly Bm13xxReply _reply = new Bm13xxReply();
        private readonly Bm13xxReply _previous = new Bm13xxReply();
        private readonly NonceQueue _queue = new NonceQueue();
        private readonly byte[] _jobFrame = new byte[Bm13xxFrame.MaxBytes];
        private int _jobId;
        private bool _ticketDue;
        private uint _versionMask = FullVersionMask;
        private bool _maskDue;

        /// <summary>A chain that is off. Nothing is touched before <see cref="Start"/>, <see cref="Stop"/> or a step.</summary>
        /// <param name="profile">What the chips are.</param>
        /// <param name="chipCount">Chips that the board has, 1…126.</param>
        /// <param name="uart">UART to the first chip.</param>
        /// <param name="reset">Reset line.</param>
        /// <param name="resetLevel">Electrical level that holds the chips in reset; low on all known boards.</param>
        /// <param name="chipsPerDomain">Chips per voltage domain, whose last chip gets stronger drivers; 0 if all share one.</param>
        public Bm13xxChain(Bm13xxProfile profile, int chipCount, IUart uart, IOutputPin reset, bool resetLevel = false, int chipsPerDomain = 0)
        {
            if (chipCount < 1 || chipCount > MaxChips)
                throw new System.ArgumentOutOfRangeException(nameof(chipCount), "A BM13xx chain has 1 to 126 chips: correct the board's description.");
            _profile = profile;
            _reset = reset;
            _resetLevel = resetLevel;
            _link = new Bm13xxLink(profile, chipCount, uart);
            _clock = new Bm13xxClock(_link);
            _bringUp = new Bm13xxBringUp(_link, _clock, _parser, reset, resetLevel, chipsPerDomain);
            _meter = new Bm13xxHashMeter(_link);
        }

        /// <inheritdoc/>
        public ChipProfile Profile => _profile;

        /// <inheritdoc/>
        public int ChipCount => _link.ChipCount;

        /// <inheritdoc/>
        public int ChipsFound => _bringUp.ChipsFound;

        /// <inheritdoc/>
        public ChainState State { get; private set; }

        /// <inheritdoc/>
        public string? Fault { get; private set; }

        /// <summary>Mean of what the chips are set to, kHz; the PLL is within 0.5 % of it. 0 while off.</summary>
        public int FreqKhz => _clock.MeanKhz;

        /// <inheritdoc/>
        public bool Ramping => _clock.Ramping;

        /// <inheritdoc/>
        public ChainCounters Counters { get; } = new ChainCounters();

        /// <summary>Distance between the addresses of two neighbours.</summary>
        public int AddressInterval => _link.Interval;

        /// <inheritdoc/>
        public void Start()
        {
            _reset.Write(_resetLevel);
            _link.Reset();
            _parser.Reset();
            _clock.Reset();
            _meter.Reset();
            _bringUp.Begin();
            Counters.Clear();
            _queue.Clear();
            _jobId = 0;
            _ticketDue = false;
            _maskDue = _versionMask != FullVersionMask;
            _previous.IsNonce = false;
            Fault = null;
            State = ChainState.BringUp;
        }

        /// <inheritdoc/>
        public void Stop()
        {
            _reset.Write(_resetLevel);
            _clock.Reset();
            _queue.Clear();
            Fault = null;
            State = ChainState.Off;
        }

        /// <inheritdoc/>
        public PartStatus RampTo(int freqKhz)
        {
            if (State != ChainState.Running && State != ChainState.BringUp)
                return PartStatus.NotPresent;
            if (!_clock.CanRun(freqKhz))
                return PartStatus.OutOfRange;
            _clock.SetTarget(freqKhz);
            return PartStatus.Ok;
        }

        /// <summary>Ramps one chip to a frequency of its own, kHz. <see cref="RampTo"/> brings all together again.</summary>
        public PartStatus RampChipTo(int chip, int freqKhz)
        {
            if (State != ChainState.Running && State != ChainState.BringUp)
                return PartStatus.NotPresent;
            if (chip < 0 || chip >= ChipCount || !_clock.CanRun(freqKhz))
                return PartStatus.OutOfRange;
            _clock.SetChipTarget(chip, freqKhz);
            return PartStatus.Ok;
        }

        /// <summary>What one chip is set to now, kHz; 0 while off.</summary>
        public int ChipFreqKhz(int chip) => _clock.ChipKhz(chip);

        /// <summary>Hash rate of one chip from its own counter, GH/s; -1 before two readings.</summary>
        public int ChipHashGhs(int chip) => _meter.ChipGhs(chip);

        /// <summary>Hash rate of one of the four domains of a chip, GH/s; -1 if not known or not counted by this chip type.</summary>
        public int DomainHashGhs(int chip, int domain) => _meter.DomainGhs(chip, domain);

        /// <inheritdoc/>
        public PartStatus SetTicketDifficulty(int difficulty)
        {
            if (difficulty < 1 || (difficulty & (difficulty - 1)) != 0)
                return PartStatus.OutOfRange;
            _bringUp.TicketDifficulty = difficulty;
            _ticketDue = true;
            return PartStatus.Ok;
        }

        /// <summary>Sets the version bits that chips roll. With 0 rolling stays enabled and rolls nothing, so that replies keep their 11 bytes.</summary>
        public PartStatus SetVersionMask(uint mask)
        {
            if (!_profile.RollsVersion)
                return PartStatus.NotPresent;
            if ((mask & ~FullVersionMask) != 0)
                return PartStatus.OutOfRange;
            _versionMask = mask;
            _maskDue = true;
            return PartStatus.Ok;
        }

        /// <inheritdoc/>
        public int JobSlotsFree(int chip) => State == ChainState.Running ? 1 : 0;

        /// <summary>The profile's cores while running: these chips do not tell which of theirs work.</summary>
        public int WorkingCores(int chip) => State == ChainState.Running && chip >= 0 && chip < ChipCount ? _profile.Cores : 0;

        /// <inheritdoc/>
        public void Step(long nowMs)
        {
            if (State != ChainState.BringUp && State != ChainState.Running)
                return;
            Receive(nowMs);
            _link.BeginStep();
            if (State == ChainState.BringUp)
            {
                if (_bringUp.Step(nowMs))
                    State = ChainState.Running;
                else if (_bringUp.Fault != null)
                    Fail(_bringUp.Fault);
                return;
            }

            if (_ticketDue)
                _ticketDue = !_link.Send(Bm13xxFrame.WriteAll(_link.Buffer, 0, Bm13xxRegister.TicketMask, Bm13xxProfile.TicketMask(_bringUp.TicketDifficulty)), nowMs);
            if (_maskDue)
                _maskDue = !_link.Send(Bm13xxFrame.WriteAll(_link.Buffer, 0, Bm13xxRegister.VersionRolling, VersionRollingOn | (_versionMask >> 13)), nowMs);
            _clock.Step(nowMs);
            _meter.Step(nowMs);
            if (_link.Broken)
                Fail(Bm13xxLink.BrokenText);
        }

        /// <summary>Sends a job to all chips; these chips take no jobs of their own.</summary>
        public PartStatus SendJob(ChipJob job, out int jobId)
        {
            jobId = -1;
            if (State != ChainState.Running)
                return PartStatus.NotPresent;
            if (job.Chip >= 0 || (_profile.Midstates > 0 && job.MidstateCount < 1))
                return PartStatus.OutOfRange;
            int id = (_jobId + _profile.JobIdStep) & MaxJobId;
            int length = _profile.Midstates > 0
                ? Bm13xxFrame.MidstateJob(_jobFrame, 0, id, job, job.MidstateCount >= ChipJob.MaxMidstates ? ChipJob.MaxMidstates : 1)
                : Bm13xxFrame.HeaderJob(_jobFrame, 0, id, job);
            BusStatus written = _link.Uart.Write(_jobFrame, 0, length);
            if (written != BusStatus.Ok)
                return written == BusStatus.Timeout ? PartStatus.Timeout : PartStatus.BusFault;
            _jobId = id;
            jobId = id;
            Counters.Jobs++;
            return PartStatus.Ok;
        }

        /// <inheritdoc/>
        public bool TryTakeNonce(ChipNonce into) => _queue.TryTake(into);

        private void Receive(long nowMs)
        {
            Bm13xxReply reply = _reply;
            while (_parser.Receive(_link.Uart) > 0)
            {
                while (_parser.TryTake(reply))
                {
                    if (reply.IsNonce)
                        OnNonce(reply, nowMs);
                    else if (State == ChainState.BringUp)
                        _bringUp.OnRegister(reply);
                    else
                        _meter.OnRegister(reply, nowMs);
                }
            }

            Counters.GoodFrames = _parser.GoodFrames;
            Counters.SkippedBytes = _parser.SkippedBytes;
        }

        private void OnNonce(Bm13xxReply reply, long nowMs)
        {
            // Ids end at 127: a reply with another is a broken one that passed the 5-bit CRC.
            if ((reply.Register & _profile.JobIdMask) >> _profile.JobIdShift > MaxJobId)
            {
                Counters.Stray++;
                return;
            }

            Bm13xxReply previous = _previous;
            if (_profile.RepeatsNonces && previous.IsNonce && previous.Value == reply.Value && previous.Register == reply.Register)
            {
                Counters.Repeats++;
                return;
            }

            previous.IsNonce = true;
            previous.Value = reply.Value;
            previous.Register = reply.Register;
            Counters.Nonces++;
            ChipNonce? place = _queue.Add();
            if (place == null)
            {
                Counters.NoncesDropped++;
                return;
            }

            Bm13xxNonce.Decode(_profile, _link.Interval, _link.ChipCount, reply, place);
            place.ReceivedMs = nowMs;
        }

        private void Fail(string why)
        {
            _reset.Write(_resetLevel);
            _clock.Reset();
            _queue.Clear();
            Fault = why;
            State = ChainState.Failed;
        }
    }
}
