namespace Ballast.Hw.Asic.Bm13xx.Chips
{
    /// <summary>BM1362 (S19j Pro boards, 126 chips in 42 domains of 3). Script after kanoi's driver-gekko and mujina; transcribed, not captured [?]. Their hash counting number is a fixed 0x12C9; here it follows the clock like on the other chips [?].</summary>
    public static class Bm1362
    {
        private static readonly PllLimits Pll = new PllLimits
        {
            MinFeedback = 16,
            MaxFeedback = 250,
            MinVcoKhz = 2000000,
            MaxVcoKhz = 3200000,
            EqualPostAllowed = true,
            FlagsHighVco = true,
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
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),
            new ScriptLine(ScriptOp.ReplyBytes, Bm13xxParser.LongReply, 0),
            new ScriptLine(ScriptOp.Enumerate, 1000, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.SoftReset, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.MiscControl, 0xB000C100, 0),
            new ScriptLine(ScriptOp.Inactive, 0, 0),
            new ScriptLine(ScriptOp.SetAddresses, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.CoreControl, 0x80008540, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.CoreControl, 0x80008008, 0),
            new ScriptLine(ScriptOp.Ticket, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.AnalogMux, 3, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.IoDriverStrength, 0x00011111, 0),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.SoftReset, 0x00000002, 10),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.MiscControl, 0xB000C100, 10),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x80008540, 10),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x80008008, 10),
            new ScriptLine(ScriptOp.WriteEach, Bm13xxRegister.CoreControl, 0x800082AA, 10),
            new ScriptLine(ScriptOp.StartFrequency, 0, 0),
            new ScriptLine(ScriptOp.WriteAll, Bm13xxRegister.VersionRolling, 0x9000FFFF, 0),
            new ScriptLine(ScriptOp.Verify, 300, 0),
        };

        /// <summary>The profile. <paramref name="workShift"/> is 0 on real chips, see <see cref="ChipProfile.WorkShift"/>.</summary>
        public static Bm13xxProfile Create(int workShift)
        {
            return new Bm13xxProfile
            {
                Name = "BM1362",
                ChipId = 0x1362,
                Cores = 65,
                SmallCores = 514,
                MinKhz = 50000,
                MaxKhz = 800000,
                StartKhz = 50000,
                Midstates = 0,
                RollsVersion = true,
                WorkShift = workShift,
                JobIntervalMs = 500,
                Pll = Pll,
                PllPrelude = Prelude,
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
