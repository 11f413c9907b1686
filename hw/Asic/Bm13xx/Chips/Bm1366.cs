namespace Ballast.Hw.Asic.Bm13xx.Chips
{
    /// <summary>BM1366 (Bitaxe Ultra, Hex). Script as ESP-Miner sends it; its frames are transcribed, not captured [?].</summary>
    public static class Bm1366
    {
        private static readonly PllLimits Pll = new PllLimits
        {
            MinFeedback = 144,
            MaxFeedback = 235,
            FlagsHighVco = true,
        };

        private static readonly ScriptLine[] Script =
        {
            new ScriptLine(ScriptOp.AssertReset, 0, 100),
            new ScriptLine(ScriptOp.ReleaseReset, 0, 100),
            new ScriptLine(ScriptOp.HostBaud, 115200, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),
            new ScriptLine(ScriptOp.ReplyBytes, Bm13xxParser.LongReply, 0),
            new ScriptLine(ScriptOp.Enumerate, 1000, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.SoftReset, 0x00070000, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.MiscControl, 0xFF0FC100, 0),
            new ScriptLine(ScriptOp.Inactive, 0, 0),
            new ScriptLine(ScriptOp.SetAddresses, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.CoreControl, 0x80008540, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.CoreControl, 0x80008020, 0),
            new ScriptLine(ScriptOp.Ticket, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.AnalogMux, 3, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.IoDriverStrength, 0x02111111, 0),
            new ScriptLine(ScriptOp.WriteFirst, Bm13xxRegister.UartRelay, 0x007C0003, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.SoftReset, 0x000701F0, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.MiscControl, 0xF000C100, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x80008540, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x80008020, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x800082AA, 0),
            new ScriptLine(ScriptOp.StartFrequency, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),

            // Divider 2: 1,041,667 bit/s in the chip; the host runs at 1,000,000, which works in the field.
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.FastUart, 0x11300200, 60),
            new ScriptLine(ScriptOp.HostBaud, 1000000, 10),
            new ScriptLine(ScriptOp.Verify, 200, 0),
        };

        /// <summary>The profile. <paramref name="workShift"/> is 0 on real chips, see <see cref="ChipProfile.WorkShift"/>.</summary>
        public static Bm13xxProfile Create(int workShift)
        {
            return new Bm13xxProfile
            {
                Name = "BM1366",
                ChipId = 0x1366,
                Cores = 112,
                SmallCores = 894,
                MinKhz = 50000,
                MaxKhz = 800000,
                StartKhz = 50000,
                Midstates = 0,
                RollsVersion = true,
                WorkShift = workShift,
                JobIntervalMs = 2000,
                Pll = Pll,
                HasHashCounting = true,
                JobIdStep = 8,
                JobIdMask = 0xF8,
                JobIdShift = 0,
                SmallCoreMask = 0x07,
                HashCounters = HashCounterKind.TotalAndDomains,
                Script = Script,
            };
        }
    }
}
