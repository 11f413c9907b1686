using System;
using System.Device.Gpio;
using System.Diagnostics;
using System.Threading;
using Ballast.Firmware.Power;
using Ballast.Hw.Boards;
using Ballast.Hw.Bus;
using nanoFramework.Hardware.Esp32;
using nanoFramework.Runtime.Native;

namespace Ballast.Device
{
    /// <summary>
    /// The lines and registers that decide about power. Any thread may make them safe at any time (S01, S08). On most Bitaxe boards no GPIO
    /// switches the regulator: it keeps its last order while the controller restarts, so the orders to it belong to the first act.
    /// </summary>
    public static class SafeOutputs
    {
        /// <summary>Chip reset, active low, on every board that this firmware knows; a custom board must have it there too.</summary>
        public const int ResetGpio = SafeState.ResetGpio;

        private const int FirstBus = 1;
        private const int SecondBus = 2;
        private const int FatalPauseMs = 1000;
        private const int SecondPauseMs = 10000;

        private static int _stopping;
        private static DeviceOutputPin? _reset;
        private static DeviceOutputPin? _enable;
        private static DeviceOutputPin? _auxiliary;
        private static DeviceI2cBus? _bus;
        private static bool _enableOffHigh;

        /// <summary>Chip reset.</summary>
        public static IOutputPin? Reset
        {
            get { return _reset; }
        }

        /// <summary>Regulator enable; null where no GPIO reaches it.</summary>
        public static IOutputPin? Enable
        {
            get { return _enable; }
        }

        /// <summary>Enable of the auxiliary supply, or null.</summary>
        public static IOutputPin? Auxiliary
        {
            get { return _auxiliary; }
        }

        /// <summary>The bus with regulator, fans and sensors.</summary>
        public static DeviceI2cBus? Bus
        {
            get { return _bus; }
        }

        /// <summary>
        /// The first managed act after reset (S01), before flash is read: chips into reset, and every regulator and fan controller that may be on the
        /// family's bus gets its safe order. Which board this is, is not known yet; a part that is absent does not answer.
        /// </summary>
        public static void FirstAct(GpioController gpio)
        {
            _reset = new DeviceOutputPin(gpio, ResetGpio, false);
            _bus = Open(FirstBus, SafeState.SdaGpio, SafeState.SclGpio, DeviceFunction.I2C1_DATA, DeviceFunction.I2C1_CLOCK);
            MakeSafe();
        }

        /// <summary>Takes the board's own lines at their safe levels, once settings said which board it is.</summary>
        public static void Take(GpioController gpio, BoardPins pins)
        {
            _enableOffHigh = !pins.EnableActiveHigh;
            if (pins.Enable != BoardPins.None)
            {
                _enable = new DeviceOutputPin(gpio, pins.Enable, _enableOffHigh);
            }

            if (pins.Auxiliary != BoardPins.None)
            {
                _auxiliary = new DeviceOutputPin(gpio, pins.Auxiliary, false);
            }

            if (pins.Sda != SafeState.SdaGpio || pins.Scl != SafeState.SclGpio)
            {
                _bus = Open(SecondBus, pins.Sda, pins.Scl, DeviceFunction.I2C2_DATA, DeviceFunction.I2C2_CLOCK);
            }

            MakeSafe();
        }

        /// <summary>Chips in reset, regulator off, fans full (S01). Tries each even if another fails; never throws.</summary>
        public static void MakeSafe()
        {
            Drive(_reset, false);
            Drive(_enable, _enableOffHigh);
            Drive(_auxiliary, false);
            byte[] orders = SafeState.Orders;
            for (int i = 0; _bus != null && i < orders.Length; i += SafeState.OrderLength)
            {
                // From the table itself: two threads may be here at once.
                _bus.Write(orders[i], orders, i + 1, SafeState.OrderLength - 1);
            }
        }

        /// <summary>What the top level of each thread does with an exception: makes safe, says why, reboots (S01).</summary>
        public static void Stop(string where, string why)
        {
            Stop(SafetyRule.S01, where + ": " + why);
        }

        /// <summary>True once a thread is restarting the controller: no other may go on.</summary>
        public static bool Stopping
        {
            get { return _stopping != 0; }
        }

        /// <summary>
        /// Makes safe, leaves a note for the next start, reboots. The first reason counts: while it is being written the control loop stands still, which
        /// its supervisor takes for a hang. A second caller only reboots if the first one does not.
        /// </summary>
        public static void Stop(SafetyRule rule, string why)
        {
            bool first = Interlocked.Exchange(ref _stopping, 1) == 0;
            MakeSafe();
            if (first)
            {
                Debug.WriteLine("restarting: " + why);
                RestartFile.Save(rule, why);
            }

            Thread.Sleep(first ? FatalPauseMs : SecondPauseMs);

            // A loop that hung and woke up in the meantime does not have the last word.
            MakeSafe();
            Power.RebootDevice();
        }

        private static DeviceI2cBus Open(int bus, int sda, int scl, DeviceFunction data, DeviceFunction clock)
        {
            Configuration.SetPinFunction(sda, data);
            Configuration.SetPinFunction(scl, clock);
            return new DeviceI2cBus(bus);
        }

        private static void Drive(DeviceOutputPin? pin, bool high)
        {
            try
            {
                pin?.Write(high);
            }
            catch (Exception)
            {
                // The other lines are the second chance; after them comes the reboot, which lets every pin float.
            }
        }
    }
}
