using Ballast.Firmware.Power;

namespace Ballast.Firmware.Agent
{
    /// <summary>A key with its id.</summary>
    public sealed class KeySetting
    {
        /// <summary>Key id, 0…255.</summary>
        public int Kid;

        /// <summary>32 bytes. Never printed or logged.</summary>
        public byte[] Key = null!;
    }

    /// <summary>A pool with its login.</summary>
    public sealed class PoolSetting
    {
        /// <summary>Address, such as stratum+tcp://host:3333; "" for none.</summary>
        public string Url = "";

        /// <summary>User.</summary>
        public string User = "";

        /// <summary>Password. Never printed or logged.</summary>
        public string Password = "";
    }

    /// <summary>What provisioning decides about a board. The agent stores what changes afterwards elsewhere.</summary>
    public sealed class BoardSettings
    {
        /// <summary>Site id, <c>[a-z0-9-]{1,32}</c>.</summary>
        public string Site = "";

        /// <summary>Pod id.</summary>
        public string Pod = "";

        /// <summary>Board id within the pod.</summary>
        public string Board = "";

        /// <summary>Serial number of this piece of hardware.</summary>
        public string Serial = "";

        /// <summary>Firmware version told in birth.</summary>
        public string Firmware = "0.1.0";

        /// <summary>Why the controller restarted itself, told in birth and as an event; "" if it did not, or nobody knows.</summary>
        public string LastRestart = "";

        /// <summary>The rule behind it; none if somebody asked for the restart.</summary>
        public SafetyRule LastRestartRule;

        /// <summary>True for a board that obeys a host; false for one that runs on its own.</summary>
        public bool Enrolled;

        /// <summary>Keys of the pod, at most two.</summary>
        public KeySetting[] PodKeys = new KeySetting[0];

        /// <summary>Keys of this board, at most two.</summary>
        public KeySetting[] BoardKeys = new KeySetting[0];

        /// <summary>Power that the board may draw without a host, W; 0 is sleep, the default.</summary>
        public int FailsafeW;

        /// <summary>Largest power at the board's input, W, as the host reserves it; 0 takes the ladder's top.</summary>
        public int NameplateW;

        /// <summary>Point that the board may not exceed by its owner's wish; -1 takes the top if enrolled, the board's nominal point if not.</summary>
        public int OwnPoint = -1;

        /// <summary>Random part of the wait before a start without an order, s (rules S15, F20).</summary>
        public int StartSpreadS = 30;

        /// <summary>Ramp of a start or change without an order, s.</summary>
        public int OwnRampS = 15;

        /// <summary>Shortest time off before a start, s, where it is longer than the board's own; a shorter one changes nothing.</summary>
        public int MinOffS;

        /// <summary>True if the board goes to sleep while no pool gives work, and wakes when one does.</summary>
        public bool SleepWithoutWork = true;

        /// <summary>Pools in order of preference, at most two.</summary>
        public PoolSetting[] Pools = new PoolSetting[0];
    }
}
