namespace Ballast.Hw.Bus
{
    /// <summary>How a bus transfer ended. A caller must look at it: data of a transfer that is not <see cref="Ok"/> is undefined.</summary>
    public enum BusStatus
    {
        /// <summary>All bytes were transferred.</summary>
        Ok = 0,

        /// <summary>The addressed part did not acknowledge.</summary>
        Nack = 1,

        /// <summary>The bus or the part held the transfer longer than allowed.</summary>
        Timeout = 2,

        /// <summary>Any other failure of the bus driver.</summary>
        Fault = 3,
    }
}
