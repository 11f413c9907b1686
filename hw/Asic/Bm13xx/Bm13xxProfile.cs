namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>Where a chip's hash counters are.</summary>
    public enum HashCounterKind
    {
        /// <summary>Total in 8C and four domains in 88–8B, units of 2^32 hashes.</summary>
        TotalAndDomains,

        /// <summary>Register 04 holds a rate in units of 2^20 hashes/s [?] (BM1397).</summary>
        RateRegister,
    }

    /// <summary>
    /// Everything in which the BM13xx chips differ, as a table. Sources: ESP-Miner, NerdQAxePlus, kanoi's driver-gekko and mujina, as facts;
    /// there is no public data sheet. One driver, <see cref="Bm13xxChain"/>, reads it.
    /// </summary>
    public sealed class Bm13xxProfile : ChipProfile
    {
        /// <summary>High 16 bits of register 00.</summary>
        public int ChipId;

        /// <summary>What the PLL can do.</summary>
        public PllLimits Pll = null!;

        /// <summary>Writes to do before each PLL word, register by register; null for none.</summary>
        public ScriptLine[]? PllPrelude;

        /// <summary>How often the prelude and the PLL word are each written.</summary>
        public int PllRepeat = 1;

        /// <summary>Pause between the writes of one frequency step, ms.</summary>
        public int PllGapMs;

        /// <summary>Upward step of the ramp, kHz. Steps end on its multiples, the last one on the target.</summary>
        public int RampStepKhz = 6250;

        /// <summary>Downward step, kHz: two of the peers' grid, so that one step a tick of 20 ms is enough [?].</summary>
        public int RampDownStepKhz = 12500;

        /// <summary>Time between upward steps, ms. S15.</summary>
        public int RampUpMs = 100;

        /// <summary>Time between downward steps, ms. Peers go down as slowly as up; no source names a faster safe rate [?].</summary>
        public int RampDownMs = 20;

        /// <summary>True if register 10 (hash counting number) goes with each frequency.</summary>
        public bool HasHashCounting;

        /// <summary>Ticks taken off the hash counting number as a guard (ESP-Miner: 268 on the BM1370).</summary>
        public int HashCountingGuard;

        /// <summary>What is added to a job id for the next one, modulo 128.</summary>
        public int JobIdStep;

        /// <summary>Bits of a reply's job byte that name the job.</summary>
        public int JobIdMask;

        /// <summary>Right shift of those bits to the job id.</summary>
        public int JobIdShift;

        /// <summary>Bits of a reply's job byte that name the small core (BM1397: the midstate).</summary>
        public int SmallCoreMask;

        /// <summary>True if a chip may send the same nonce twice in a row; the second is dropped.</summary>
        public bool RepeatsNonces;

        /// <summary>Bytes of a reply right after reset, and of the first enumeration's unless the script says other.</summary>
        public int ReplyBytesAtReset = Bm13xxParser.ShortReply;

        /// <summary>Where the hash counters are.</summary>
        public HashCounterKind HashCounters;

        /// <summary>Bring-up, from reset to hashing at <see cref="ChipProfile.StartKhz"/>.</summary>
        public ScriptLine[] Script = null!;

        /// <summary>Hash counting number for a chain and a frequency: how many 25 MHz ticks a core slot searches in one job.</summary>
        /// <param name="chips">Chips on the chain, 1…126.</param>
        /// <param name="khz">Frequency, above 0.</param>
        public uint HashCounting(int chips, int khz)
        {
            long slots = (long)NextPowerOfTwo(Cores) * NextPowerOfTwo(chips);
            long ticks = 4294967296L * Bm13xxPll.CrystalKhz / (slots * 2 * khz) - HashCountingGuard;
            return ticks < 1 ? 1u : (uint)ticks;
        }

        /// <summary>Nonces that each core of a chip on a chain has for itself: 2^32 by cores and chips, both rounded up to powers of two, as bit fields must be.</summary>
        /// <param name="chips">Chips on the chain, 1…126.</param>
        public long SlotNonces(int chips) => 4294967296L / NextPowerOfTwo(Cores) / NextPowerOfTwo(chips);

        /// <summary>Nonces of its slot that a core searches in one job and version: what the hash counting number lets it, at most the slot; without one all of it.</summary>
        /// <param name="chips">Chips on the chain, 1…126.</param>
        /// <param name="khz">Frequency, above 0.</param>
        public long SearchedNonces(int chips, int khz)
        {
            long slot = SlotNonces(chips);
            if (!HasHashCounting)
                return slot;
            long searched = (long)HashCounting(chips, khz) * khz / Bm13xxPll.CrystalKhz;
            return searched < slot ? searched : slot;
        }

        /// <summary>
        /// Share of the 2^32 nonces of each header and version that a chain searches in one job, ppm. Fields of missing cores and chips stay
        /// empty, and the hash counting number stops each core at half of its slot. Nothing is lost by it: the next job has another header.
        /// </summary>
        /// <param name="chips">Chips on the chain, 1…126.</param>
        /// <param name="khz">Frequency, above 0.</param>
        public int CoveragePpm(int chips, int khz) => (int)((SearchedNonces(chips, khz) * Cores * chips * 15625) >> 26);

        /// <summary>Distance between the addresses of two neighbours: 256 / nextpow2(chips), so that a nonce's address bits always name one chip.</summary>
        /// <param name="chips">Chips on the chain, 1…128.</param>
        public static int AddressInterval(int chips) => 256 / NextPowerOfTwo(chips);

        /// <summary>What a chip's UART runs at for a word of register 28 (BM1362 and later): 25 MHz / (8 · (divider + 1)), bit/s, rounded.</summary>
        public static int FastUartBaud(uint word)
        {
            int divider = 8 * ((int)((word >> 8) & 0xFF) + 1);
            return (Bm13xxPll.CrystalKhz * 1000 + divider / 2) / divider;
        }

        /// <summary>The smallest power of two that is not below a value.</summary>
        public static int NextPowerOfTwo(int value)
        {
            int power = 1;
            while (power < value)
                power <<= 1;
            return power;
        }

        /// <summary>Ticket mask of a difficulty: the largest power of two not above it, less one, the bits of each byte mirrored.</summary>
        /// <param name="difficulty">1 or more.</param>
        public static uint TicketMask(int difficulty)
        {
            uint power = 1;
            while (power <= (uint)difficulty >> 1)
                power <<= 1;
            uint plain = power - 1;
            uint mask = 0;
            for (int bit = 0; bit < 32; bit++)
            {
                if ((plain & (1u << bit)) != 0)
                    mask |= 1u << ((bit & ~7) | (7 - (bit & 7)));
            }

            return mask;
        }
    }
}
