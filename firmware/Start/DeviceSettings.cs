using Ballast.Firmware.Agent;
using Ballast.Hw.Boards;

namespace Ballast.Firmware.Start
{
    /// <summary>Where the broker is and how to log in there.</summary>
    public sealed class BrokerSettings
    {
        /// <summary>Host name or IPv4 address; "" for a board without a broker.</summary>
        public string Host = "";

        /// <summary>Port.</summary>
        public int Port = 1883;

        /// <summary>True for TLS 1.2.</summary>
        public bool Tls;

        /// <summary>User; null for none.</summary>
        public string? User;

        /// <summary>Password; null for none. Never printed or logged.</summary>
        public string? Password;

        /// <summary>File with the broker's root certificate in PEM; "" takes the roots that were stored when the device was flashed.</summary>
        public string CaFile = "";

        /// <summary>File with the board's own certificate in PEM; "" for none.</summary>
        public string CertificateFile = "";

        /// <summary>File with its private key in PEM. Its content is never printed or logged.</summary>
        public string KeyFile = "";
    }

    /// <summary>How the board reaches its network, and what it serves there.</summary>
    public sealed class NetworkSettings
    {
        /// <summary>True for Ethernet, false for Wi-Fi.</summary>
        public bool Ethernet;

        /// <summary>Own IPv4 address; "" asks a DHCP server.</summary>
        public string Address = "";

        /// <summary>Its subnet mask.</summary>
        public string Mask = "";

        /// <summary>Its gateway.</summary>
        public string Gateway = "";

        /// <summary>Its name server; "" for none.</summary>
        public string Dns = "";

        /// <summary>Time server; "" for none. Only certificates need the date.</summary>
        public string TimeServer = "";

        /// <summary>Port of the read-only page; 0 serves none.</summary>
        public int HttpPort = 80;

        /// <summary>Password of the console over the network; "" serves none. Never printed or logged.</summary>
        public string ConsolePassword = "";

        /// <summary>Port of that console.</summary>
        public int ConsolePort = 2323;
    }

    /// <summary>Everything that provisioning writes to a device.</summary>
    public sealed class DeviceSettings
    {
        /// <summary>The board and its keys.</summary>
        public readonly BoardSettings Board = new BoardSettings();

        /// <summary>The broker.</summary>
        public readonly BrokerSettings Broker = new BrokerSettings();

        /// <summary>The network.</summary>
        public readonly NetworkSettings Network = new NetworkSettings();

        /// <summary>Model name of the hardware, or "custom".</summary>
        public string Model = "";

        /// <summary>What a custom board is; null for one that has a file.</summary>
        public CustomBoardSettings? Custom;

        /// <summary>The board's pins.</summary>
        public BoardPins Pins = null!;
    }
}
