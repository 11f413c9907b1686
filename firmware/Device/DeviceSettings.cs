using Ballast.Firmware.Agent;

namespace Ballast.Device
{
    /// <summary>Where the broker is and how to log in there.</summary>
    public sealed class BrokerSettings
    {
        /// <summary>Host name or IPv4 address; "" for a board without a broker.</summary>
        public string Host = "";

        /// <summary>Port.</summary>
        public int Port = 1883;

        /// <summary>True for TLS 1.2 with the root certificates stored on the device.</summary>
        public bool Tls;

        /// <summary>User; null for none.</summary>
        public string? User;

        /// <summary>Password; null for none. Never printed or logged.</summary>
        public string? Password;
    }

    /// <summary>Everything that provisioning writes to a device.</summary>
    public sealed class DeviceSettings
    {
        /// <summary>The board and its keys.</summary>
        public readonly BoardSettings Board = new BoardSettings();

        /// <summary>The broker.</summary>
        public readonly BrokerSettings Broker = new BrokerSettings();
    }
}
