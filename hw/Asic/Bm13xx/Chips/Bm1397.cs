namespace Ballast.Hw.Asic.Bm13xx.Chips
{
    /// <summary>BM1397 (Bitaxe Max). Takes midstates, answers 9 bytes, repeats nonces. Script as ESP-Miner sends it; its frames are transcribed, not captured [?].</summary>
    public static class Bm1397
    {
        private static readonly PllLimits Pll = new PllLimits
        {
            MinFeedback = 60,
            MaxFeedback = 200,
            RawPost = true,
        };

        private static readonly ScriptLine[] Prelude =
        {
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.Pll0Divider, 0x0F0F0F00, 0),
        };

        private static readonly ScriptLine[] Script =
        {
            new ScriptLine(ScriptOp.AssertReset, 0, 100),
            new ScriptLine(ScriptOp.ReleaseReset, 0, 100),
            new ScriptLine(ScriptOp.HostBaud, 115200, 0),
            new ScriptLine(ScriptOp.Enumerate, 1000, 20),
            new ScriptLine(ScriptOp.Inactive, 0, 0),
            new ScriptLine(ScriptOp.SetAddresses, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.ClockOrderControl0, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.ClockOrderControl1, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.OrderedClockEnable, 1, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.CoreControl, 0x80008074, 0),
            new ScriptLine(ScriptOp.Ticket, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.Pll3, 0xC0700111, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.FastUart, 0x0600000F, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.MiscControl, 0x00007A31, 0),
            new ScriptLine(ScriptOp.StartFrequency, 0, 0),

            // BT8D (bits 12–8) 0: 3,125,000 bit/s.
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.MiscControl, 0x00006031, 60),
            new ScriptLine(ScriptOp.HostBaud, 3125000, 10),
            new ScriptLine(ScriptOp.Verify, 200, 0),
        };

        /// <summary>The profile. <paramref name="workShift"/> is 0 on real chips, see <see cref="ChipProfile.WorkShift"/>.</summary>
        public static Bm13xxProfile Create(int workShift)
        {
            return new Bm13xxProfile
            {
                Name = "BM1397",
                ChipId = 0x1397,
                Cores = 168,
                SmallCores = 672,
                MinKhz = 50000,
                MaxKhz = 800000,
                StartKhz = 50000,
                Midstates = 4,
                RollsVersion = false,
                WorkShift = workShift,
                JobIntervalMs = 40,
                Pll = Pll,
                PllPrelude = Prelude,
                PllRepeat = 2,
                PllGapMs = 10,
                JobIdStep = 4,
                JobIdMask = 0xFC,
                JobIdShift = 0,
                SmallCoreMask = 0x03,
                RepeatsNonces = true,
                HashCounters = HashCounterKind.RateRegister,
                Script = Script,
            };
        }
    }
}
