namespace Ballast.Hw.Bus
{
    /// <summary>One I2C bus as its controller. Every call is bounded in time and never throws for what the wire does.</summary>
    public interface II2cBus
    {
        /// <summary>Writes <paramref name="count"/> bytes to a 7-bit address.</summary>
        BusStatus Write(int address, byte[] data, int offset, int count);

        /// <summary>Reads <paramref name="count"/> bytes from a 7-bit address.</summary>
        BusStatus Read(int address, byte[] data, int offset, int count);

        /// <summary>Writes, then reads after a repeated start, as register reads do.</summary>
        BusStatus WriteRead(int address, byte[] write, int writeOffset, int writeCount, byte[] read, int readOffset, int readCount);
    }
}
