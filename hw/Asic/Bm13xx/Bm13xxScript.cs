namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>What one line of a bring-up script does.</summary>
    public enum ScriptOp
    {
        /// <summary>Puts the chips into reset.</summary>
        AssertReset,

        /// <summary>Lets the chips out of reset.</summary>
        ReleaseReset,

        /// <summary>Sets the host's UART to Value bit/s.</summary>
        HostBaud,

        /// <summary>From here on replies have Value bytes: 9 or 11.</summary>
        ReplyBytes,

        /// <summary>Writes Value to Register of all chips.</summary>
        WriteAll,

        /// <summary>Writes Value to Register of the first chip.</summary>
        WriteFirst,

        /// <summary>Writes Value to Register of each chip; consecutive lines are run together for one chip after the other.</summary>
        WriteEach,

        /// <summary>Writes Value to Register of the last chip of each voltage domain; nothing on boards without domains.</summary>
        WriteDomainEnds,

        /// <summary>Asks all chips for their id and counts the answers, for at most Value ms.</summary>
        Enumerate,

        /// <summary>Takes the address from all chips.</summary>
        Inactive,

        /// <summary>Gives each chip its address.</summary>
        SetAddresses,

        /// <summary>Writes the ticket mask of the difficulty that was asked for.</summary>
        Ticket,

        /// <summary>Writes the PLL (and what goes with it) for the start frequency.</summary>
        StartFrequency,

        /// <summary>Asks all chips for their id again, by address, for at most Value ms: proves addresses and the new baud rate.</summary>
        Verify,
    }

    /// <summary>One line of a bring-up script.</summary>
    public sealed class ScriptLine
    {
        /// <summary>What to do.</summary>
        public readonly ScriptOp Op;

        /// <summary>Register of a write.</summary>
        public readonly Bm13xxRegister Register;

        /// <summary>Value, in the unit that <see cref="Op"/> names.</summary>
        public readonly uint Value;

        /// <summary>Pause after it, ms.</summary>
        public readonly int PauseMs;

        /// <summary>A line that writes a register.</summary>
        public ScriptLine(ScriptOp op, Bm13xxRegister register, uint value, int pauseMs)
        {
            Op = op;
            Register = register;
            Value = value;
            PauseMs = pauseMs;
        }

        /// <summary>A line without a register.</summary>
        public ScriptLine(ScriptOp op, uint value, int pauseMs)
        {
            Op = op;
            Value = value;
            PauseMs = pauseMs;
        }
    }
}
