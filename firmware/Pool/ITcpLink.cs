namespace Ballast.Firmware.Pool
{
    /// <summary>State of a byte stream to a pool.</summary>
    public enum TcpState
    {
        /// <summary>Not open.</summary>
        Closed = 0,

        /// <summary>Opening.</summary>
        Connecting = 1,

        /// <summary>Open.</summary>
        Open = 2,
    }

    /// <summary>A TCP stream that never blocks the control loop beyond what rule S20 allows.</summary>
    public interface ITcpLink
    {
        /// <summary>Where the stream is.</summary>
        TcpState State { get; }

        /// <summary>Begins to connect, over TLS if asked. A failure, or TLS that the link does not have, shows as <see cref="TcpState.Closed"/>; never falls back to plain.</summary>
        void Connect(string host, int port, bool tls);

        /// <summary>Takes at most <paramref name="count"/> bytes that have arrived; 0 when there are none. A closed peer shows in <see cref="State"/>.</summary>
        int Read(byte[] buffer, int offset, int count);

        /// <summary>Sends all bytes or closes the stream. False if it was not open or the peer does not take them.</summary>
        bool Write(byte[] buffer, int offset, int count);

        /// <summary>Closes at once.</summary>
        void Close();
    }
}
