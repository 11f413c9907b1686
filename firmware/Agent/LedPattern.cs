using Ballast.Wire;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// What the board's LED shows, as a pattern of sixteen eighths of a second that repeats every 2 s. The first that holds wins: identify blinks
    /// twice a second, a fault flashes three times, a board that lost its host flashes twice; else the board's mode.
    /// </summary>
    public static class LedPattern
    {
        /// <summary>Length of one step, ms.</summary>
        public const int StepMs = 125;

        private const int Steps = 16;
        private const int Identify = 0x3333;
        private const int Fault = 0x0015;
        private const int NoHost = 0x0005;

        //  asleep: a blip; starting, ramping: slow; running: on; cooling: short in slow.
        private static readonly ushort[] Modes = { 0x0001, 0x00FF, 0xFFFF, 0x00FF, 0x0003, Fault };

        /// <summary>True if the LED is on now.</summary>
        /// <param name="nowMs">Monotonic time, ms.</param>
        /// <param name="identify">Somebody looks for the board.</param>
        /// <param name="fault">A fault is latched.</param>
        /// <param name="noHost">The board is enrolled and not connected.</param>
        /// <param name="mode">What the board is doing.</param>
        public static bool IsOn(long nowMs, bool identify, bool fault, bool noHost, BoardMode mode)
        {
            int pattern = identify ? Identify : fault ? Fault : noHost ? NoHost : Modes[(int)mode];
            return ((pattern >> (int)(nowMs / StepMs % Steps)) & 1) == 1;
        }
    }
}
