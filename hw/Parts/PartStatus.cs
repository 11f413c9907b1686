namespace Ballast.Hw.Parts
{
    /// <summary>What a part's driver has to say about a call. A value is valid only with <see cref="Ok"/>.</summary>
    public enum PartStatus
    {
        /// <summary>Done; the value is plausible.</summary>
        Ok = 0,

        /// <summary>The part did not acknowledge.</summary>
        Nack = 1,

        /// <summary>The part or the bus did not answer in time.</summary>
        Timeout = 2,

        /// <summary>The bus driver failed.</summary>
        BusFault = 3,

        /// <summary>The part answered with something it cannot mean: open or shorted diode, all bits set, out of range.</summary>
        Implausible = 4,

        /// <summary>What was written did not read back.</summary>
        ReadBackDiffers = 5,

        /// <summary>Another part, or none, answers at this address.</summary>
        WrongPart = 6,

        /// <summary>The caller asked for something outside the part's or the board's range; nothing was changed.</summary>
        OutOfRange = 7,

        /// <summary>This board or part has no such thing.</summary>
        NotPresent = 8,
    }
}
