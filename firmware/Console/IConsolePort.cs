namespace Ballast.Firmware.Console
{
    /// <summary>A byte stream to a person: a UART, a pty, or a LAN connection. Neither call waits.</summary>
    public interface IConsolePort
    {
        /// <summary>Takes at most <paramref name="count"/> bytes that were typed; 0 when there are none.</summary>
        int Read(byte[] buffer, int offset, int count);

        /// <summary>Sends what the port takes now; the bytes taken.</summary>
        int Write(byte[] buffer, int offset, int count);
    }

    /// <summary>What only the device under the agent can do. A virtual board has none of it.</summary>
    public interface IConsoleDevice
    {
        /// <summary>One line about the network: name, address, signal.</summary>
        string NetworkStatus();

        /// <summary>Stores a Wi-Fi login for the next start. The reason if it was refused, or null. The password is never shown again.</summary>
        string? SetWifi(string ssid, string password);
    }
}
