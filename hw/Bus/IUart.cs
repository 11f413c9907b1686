namespace Ballast.Hw.Bus
{
    /// <summary>One UART, 8N1. Reading never waits.</summary>
    public interface IUart
    {
        /// <summary>The rate now in use, in bit/s.</summary>
        int BaudRate { get; }

        /// <summary>Changes the rate after everything written so far has left the transmitter.</summary>
        BusStatus SetBaudRate(int baud);

        /// <summary>Queues bytes for sending. Bounded in time by the bytes' own duration on the wire.</summary>
        BusStatus Write(byte[] data, int offset, int count);

        /// <summary>Takes at most <paramref name="count"/> bytes that have arrived; 0 when there are none.</summary>
        int Read(byte[] data, int offset, int count);
    }
}
