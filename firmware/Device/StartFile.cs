using System.Diagnostics;
using Ballast.Firmware.Start;

namespace Ballast.Device
{
    /// <summary>The settings file on the internal flash.</summary>
    public static class StartFile
    {
        /// <summary>Where files lie.</summary>
        public const string Folder = "I:\\";

        private const string Name = "ballast.cfg";

        /// <summary>Reads it; null with the reason if the board cannot be started with it.</summary>
        public static DeviceSettings? Read(out string? reason)
        {
            byte[] file = new byte[SettingsReader.MaxBytes + 1];
            int count = FileStore.ReadFile(Folder + Name, file);
            reason = count < 0 ? "it cannot be read" : count == 0 ? "there is none" : count > SettingsReader.MaxBytes ? "it is too long" : null;
            DeviceSettings? settings = null;
            if (reason == null)
            {
                settings = SettingsReader.TryRead(file, count, out reason);
            }

            if (settings == null)
            {
                reason = "settings file " + Name + ": " + reason;
            }
            else if (settings.Board.Pools.Length == 0)
            {
                // Without work, power would only make heat.
                Debug.WriteLine("no pool is set: the board stays asleep");
                settings.Board.OwnPoint = 0;
            }

            return settings;
        }
    }
}
