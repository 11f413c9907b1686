namespace Ballast.Hw.Asic.A1
{
    /// <summary>Command byte of the Innosilicon A1 family on SPI. The second byte is the chip: 0 all, 1 the first.</summary>
    public enum A1Command
    {
        /// <summary>Starts the built-in self-test and enumerates the chain.</summary>
        BistStart = 0x01,

        /// <summary>Fixes the self-test's result: cores that failed stay off.</summary>
        BistFix = 0x03,

        /// <summary>Resets with a 16-bit strategy: 0xEDED drops queued jobs.</summary>
        Reset = 0x04,

        /// <summary>Writes a job; the job id (1–4) is in the high four bits.</summary>
        WriteJob = 0x07,

        /// <summary>Takes the oldest result of the chain; the job id is in the reply's high four bits.</summary>
        ReadResult = 0x08,

        /// <summary>Writes the register.</summary>
        WriteRegister = 0x09,

        /// <summary>Reads the register.</summary>
        ReadRegister = 0x0A,

        /// <summary>Collects the self-test's result (Dragonmint T1).</summary>
        BistCollect = 0x0B,

        /// <summary>Writes a job with four midstates (Dragonmint T1).</summary>
        WriteJobT1 = 0x0C,

        /// <summary>Writes the second register (Dragonmint T1) [?].</summary>
        WriteRegister2 = 0x0D,

        /// <summary>First byte of the reply to <see cref="ReadRegister"/>.</summary>
        RegisterReply = 0x1A,
    }
}
