namespace Ballast.Hw.Bus
{
    /// <summary>One SPI device with its chip select. Mode and clock are set when it is opened.</summary>
    public interface ISpiBus
    {
        /// <summary>Clocks <paramref name="count"/> bytes out and as many in. Both arrays must hold them.</summary>
        BusStatus Transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int count);
    }
}
