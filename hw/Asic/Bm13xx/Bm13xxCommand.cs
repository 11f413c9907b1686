namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>Header byte of a frame from host to chips: type (0x40 command, 0x20 job), 0x10 for all chips, command number.</summary>
    public enum Bm13xxCommand
    {
        /// <summary>A job for all chips.</summary>
        Job = 0x21,

        /// <summary>Gives its address to the first chip of the chain that has none.</summary>
        SetAddress = 0x40,

        /// <summary>Writes a register of one chip.</summary>
        WriteOne = 0x41,

        /// <summary>Reads a register of one chip.</summary>
        ReadOne = 0x42,

        /// <summary>Writes a register of all chips.</summary>
        WriteAll = 0x51,

        /// <summary>Reads a register of all chips.</summary>
        ReadAll = 0x52,

        /// <summary>Takes the address from all chips.</summary>
        ChainInactive = 0x53,
    }
}
