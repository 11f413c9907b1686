using System;
using System.Net.NetworkInformation;
using Ballast.Firmware.Agent;
using Ballast.Firmware.Console;
using Ballast.Firmware.Start;

namespace Ballast.Device
{
    /// <summary>The network as the technician's console sees it.</summary>
    public sealed class DeviceNetwork : IConsoleDevice
    {
        private const int MaxSsid = 32;
        private const int MinPassword = 8;
        private const int MaxPassword = 63;

        private readonly BoardAgent _agent;
        private readonly NetworkSettings _settings;

        /// <summary>For a board's console.</summary>
        public DeviceNetwork(BoardAgent agent, NetworkSettings settings)
        {
            _agent = agent;
            _settings = settings;
        }

        /// <inheritdoc/>
        public string NetworkStatus()
        {
            try
            {
                NetworkInterface? port = NetworkUp.Find(_settings.Ethernet);
                if (port == null)
                {
                    return _settings.Ethernet ? "no Ethernet interface in this runtime" : "no Wi-Fi interface";
                }

                string name = _settings.Ethernet ? "Ethernet" : "Wi-Fi " + Name(Stored(port).Ssid);
                return name + ", address " + port.IPv4Address;
            }
            catch (Exception e)
            {
                return "Wi-Fi status cannot be read: " + e.Message;
            }
        }

        /// <inheritdoc/>
        public string? SetWifi(string ssid, string password)
        {
            if (ssid.Length < 1 || ssid.Length > MaxSsid)
            {
                return "a network name has 1 to 32 characters";
            }

            if (password.Length != 0 && (password.Length < MinPassword || password.Length > MaxPassword))
            {
                return "a Wi-Fi password has 8 to 63 characters; leave it empty for an open network";
            }

            // S20: writing flash stops every thread.
            if (_agent.Snapshot.Powered)
            {
                return "chips have power; put the board to sleep first";
            }

            try
            {
                NetworkInterface? wifi = NetworkUp.Find(false);
                if (wifi == null)
                {
                    return "no Wi-Fi interface";
                }

                Wireless80211Configuration stored = Stored(wifi);
                stored.Ssid = ssid;
                stored.Password = password;
                stored.Authentication = password.Length == 0 ? AuthenticationType.Open : AuthenticationType.WPA2;
                stored.Encryption = password.Length == 0 ? EncryptionType.None : EncryptionType.WPA2;
                stored.Options = Wireless80211Configuration.ConfigurationOptions.AutoConnect;
                stored.SaveConfiguration();
                return null;
            }
            catch (Exception e)
            {
                return "the device refused to store it: " + e.Message;
            }
        }

        private static string Name(string ssid)
        {
            return ssid == null || ssid.Length == 0 ? "(no network stored)" : ssid;
        }

        private static Wireless80211Configuration Stored(NetworkInterface wifi)
        {
            return Wireless80211Configuration.GetAllWireless80211Configurations()[(int)wifi.SpecificConfigId];
        }
    }
}
