using System;
using System.Device.Gpio;
using System.Diagnostics;
using System.Threading;
using Ballast.Hw.Bus;
using nanoFramework.Runtime.Native;

namespace Ballast.Device
{
    /// <summary>The two lines that decide about power. Any thread may pull them to safe at any time (S01, S08).</summary>
    public static class SafeOutputs
    {
        private const int FatalPauseMs = 1000;

        /// <summary>Chip reset, active low.</summary>
        public static IOutputPin? Reset;

        /// <summary>Regulator enable.</summary>
        public static IOutputPin? Enable;

        private static bool _enableOffHigh;

        /// <summary>The first managed act after reset: takes both lines at their safe levels (S01).</summary>
        public static void Take(GpioController gpio, int enablePin, bool enableOffHigh, int resetPin)
        {
            _enableOffHigh = enableOffHigh;
            Enable = new DeviceOutputPin(gpio, enablePin, enableOffHigh);
            Reset = new DeviceOutputPin(gpio, resetPin, false);
        }

        /// <summary>Regulator off, chips in reset. Tries both even if one fails; never throws.</summary>
        public static void MakeSafe()
        {
            try
            {
                Enable?.Write(_enableOffHigh);
            }
            catch (Exception)
            {
                // The reset line below is the second chance.
            }

            try
            {
                Reset?.Write(false);
            }
            catch (Exception)
            {
                // Nothing is left but the reboot that follows: pins float, and the board's own resistors hold both lines.
            }
        }

        /// <summary>What the top level of each thread does with an exception: makes safe, says why, reboots (S01).</summary>
        public static void Stop(string where, string why)
        {
            MakeSafe();
            Debug.WriteLine("S01 " + where + ": " + why + "; rebooting");
            Thread.Sleep(FatalPauseMs);
            Power.RebootDevice();
        }
    }
}
