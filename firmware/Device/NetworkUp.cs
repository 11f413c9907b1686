using System;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Threading;
using Ballast.Firmware.Start;
using nanoFramework.Networking;

namespace Ballast.Device
{
    /// <summary>
    /// Brings the network up. Wi-Fi takes the login that was stored when the device was flashed (<c>nanoff --networkdeployment</c>) or by the
    /// console; the settings file holds none. Ethernet works where the runtime was built with it: the stock ESP32-S3 images are not, those for
    /// boards with a LAN8720 are. Once up, the driver reconnects by itself.
    /// </summary>
    public sealed class NetworkUp
    {
        private const int AttemptMs = 30000;
        private const int PauseMs = 5000;

        private readonly NetworkSettings _settings;

        /// <summary>For a device's settings; nothing is touched yet.</summary>
        public NetworkUp(NetworkSettings settings)
        {
            _settings = settings;
        }

        /// <summary>The interface that the settings name; null if the runtime has none.</summary>
        public static NetworkInterface? Find(bool ethernet)
        {
            NetworkInterfaceType wanted = ethernet ? NetworkInterfaceType.Ethernet : NetworkInterfaceType.Wireless80211;
            NetworkInterface[] all = NetworkInterface.GetAllNetworkInterfaces();
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i].NetworkInterfaceType == wanted)
                {
                    return all[i];
                }
            }

            return null;
        }

        /// <summary>MAC address of the interface as AA:BB:CC:DD:EE:FF; "" if there is none.</summary>
        public static string MacAddress(bool ethernet)
        {
            try
            {
                byte[]? mac = Find(ethernet)?.PhysicalAddress;
                string text = "";
                for (int i = 0; mac != null && i < mac.Length; i++)
                {
                    text += (i == 0 ? "" : ":") + mac[i].ToString("X2");
                }

                return text;
            }
            catch (Exception)
            {
                return "";
            }
        }

        /// <summary>
        /// Stores the address if it differs, which writes flash and may stop every thread (S20), so this comes before any chip has power; then
        /// starts a thread that tries until the network is there.
        /// </summary>
        public void Start()
        {
            try
            {
                SetAddress();
            }
            catch (Exception e)
            {
                Debug.WriteLine("network address was not taken: " + e.Message);
            }

            new Thread(Run).Start();
        }

        private void SetAddress()
        {
            NetworkInterface? port = Find(_settings.Ethernet);
            if (port == null)
            {
                Debug.WriteLine(_settings.Ethernet ? "this runtime has no Ethernet: flash one that has, or set network=wifi" : "this runtime has no Wi-Fi");
                return;
            }

            if (_settings.Address.Length == 0)
            {
                if (!port.IsDhcpEnabled)
                {
                    port.EnableDhcp();
                }

                return;
            }

            if (port.IsDhcpEnabled || port.IPv4Address != _settings.Address || port.IPv4SubnetMask != _settings.Mask || port.IPv4GatewayAddress != _settings.Gateway)
            {
                port.EnableStaticIPv4(_settings.Address, _settings.Mask, _settings.Gateway);
            }

            string[] servers = port.IPv4DnsAddresses;
            if (_settings.Dns.Length > 0 && (servers == null || servers.Length == 0 || servers[0] != _settings.Dns))
            {
                port.EnableStaticIPv4Dns(new string[] { _settings.Dns });
            }
        }

        private void Run()
        {
            try
            {
                while (!Connect())
                {
                    Debug.WriteLine(_settings.Ethernet
                        ? "no Ethernet yet, trying again in 5 s"
                        : "no Wi-Fi yet, trying again in 5 s; store the network with nanoff --networkdeployment or the console's wifi");
                    Thread.Sleep(PauseMs);
                }

                Debug.WriteLine("network is up");
                if (_settings.TimeServer.Length > 0)
                {
                    // lwIP asks the server in its own task, the name included: no managed thread waits.
                    Sntp.Server1 = _settings.TimeServer;
                    Sntp.Start();
                }
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("network", e.Message);
            }
        }

        private bool Connect()
        {
            CancellationTokenSource limit = new CancellationTokenSource(AttemptMs);
            return _settings.Ethernet ? NetworkHelper.SetupAndConnectNetwork(limit.Token, false) : WifiNetworkHelper.Reconnect(false, 0, limit.Token);
        }
    }
}
