using System;
using System.Diagnostics;
using System.Threading;
using nanoFramework.Networking;

namespace Ballast.Device
{
    /// <summary>
    /// Brings Wi-Fi up with the network that was stored when the device was flashed (<c>nanoff --networkdeployment</c>); this firmware
    /// holds no Wi-Fi password. Once up, the radio driver reconnects by itself.
    /// </summary>
    public static class WifiNetwork
    {
        private const int AttemptMs = 30000;
        private const int PauseMs = 5000;

        /// <summary>Starts a thread that tries until the network is there.</summary>
        public static void Start()
        {
            new Thread(Run).Start();
        }

        private static void Run()
        {
            try
            {
                while (true)
                {
                    CancellationTokenSource limit = new CancellationTokenSource(AttemptMs);
                    if (WifiNetworkHelper.Reconnect(false, 0, limit.Token))
                    {
                        Debug.WriteLine("Wi-Fi is up");
                        return;
                    }

                    Debug.WriteLine("no Wi-Fi yet, trying again in 5 s; store the network with nanoff --networkdeployment");
                    Thread.Sleep(PauseMs);
                }
            }
            catch (Exception e)
            {
                SafeOutputs.Stop("Wi-Fi", e.Message);
            }
        }
    }
}
