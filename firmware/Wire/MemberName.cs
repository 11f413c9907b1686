namespace Ballast.Wire
{
    /// <summary>Every member name on the wire, defined once for boards, host and tools.</summary>
    public static class MemberName
    {
        /// <summary>Key id.</summary>
        public const string Kid = "kid";

        /// <summary>Epoch of the leading host.</summary>
        public const string Epoch = "epoch";

        /// <summary>Number of the transmission.</summary>
        public const string Seq = "seq";

        /// <summary>Number of the content; repeats keep it.</summary>
        public const string OrderId = "orderId";

        /// <summary>Class of an order.</summary>
        public const string Class = "class";

        /// <summary>Lease, s.</summary>
        public const string LeaseS = "leaseS";

        /// <summary>Host's time, ms.</summary>
        public const string Sent = "sent";

        /// <summary>Limit of cost, mJ/TH.</summary>
        public const string LimitMjPerTh = "limitMjPerTh";

        /// <summary>Share of the circle at the limit.</summary>
        public const string Share = "share";

        /// <summary>Turn of the circle.</summary>
        public const string Salt = "salt";

        /// <summary>Ramp, s.</summary>
        public const string RampS = "rampS";

        /// <summary>Random start of a rise, s.</summary>
        public const string SpreadS = "spreadS";

        /// <summary>Spread of falls at lease end, s.</summary>
        public const string FailSpreadS = "failSpreadS";

        /// <summary>The MAC; always last.</summary>
        public const string Mac = "mac";

        /// <summary>Power cap or measured power, W.</summary>
        public const string PowerW = "powerW";

        /// <summary>Ends the board's power cap.</summary>
        public const string Release = "release";

        /// <summary>Boot nonce that is admitted.</summary>
        public const string Admit = "admit";

        /// <summary>Lowest dispatch seq that admits.</summary>
        public const string AfterSeq = "afterSeq";

        /// <summary>Blink.</summary>
        public const string Identify = "identify";

        /// <summary>1 chain, 2 controller.</summary>
        public const string Restart = "restart";

        /// <summary>Releases a fault latch.</summary>
        public const string ClearFault = "clearFault";

        /// <summary>1 locks out, 0 ends it.</summary>
        public const string Lockout = "lockout";

        /// <summary>Sets a pool.</summary>
        public const string Pool = "pool";

        /// <summary>Slot of a key or a pool.</summary>
        public const string Slot = "slot";

        /// <summary>Pool address.</summary>
        public const string Url = "url";

        /// <summary>Pool user.</summary>
        public const string User = "user";

        /// <summary>Pool password.</summary>
        public const string Pass = "pass";

        /// <summary>Id of a ladder.</summary>
        public const string LadderId = "ladderId";

        /// <summary>Level of the log.</summary>
        public const string LogLevel = "logLevel";

        /// <summary>Id of a new key.</summary>
        public const string NewKid = "newKid";

        /// <summary>New key, enciphered.</summary>
        public const string NewKey = "newKey";

        /// <summary>Id of a key to drop.</summary>
        public const string DropKid = "dropKid";

        /// <summary>Version of a signal.</summary>
        public const string V = "v";

        /// <summary>Id of a limit.</summary>
        public const string Id = "id";

        /// <summary>Who signals.</summary>
        public const string Source = "source";

        /// <summary>set, release or heartbeat.</summary>
        public const string Op = "op";

        /// <summary>Node of the site.</summary>
        public const string Node = "node";

        /// <summary>Limit, W.</summary>
        public const string LimitW = "limitW";

        /// <summary>Start, RFC 3339.</summary>
        public const string Start = "start";

        /// <summary>Duration, s.</summary>
        public const string DurationS = "durationS";

        /// <summary>Rise, W/s.</summary>
        public const string RampUpWPerS = "rampUpWPerS";

        /// <summary>Reason as text.</summary>
        public const string Reason = "reason";

        /// <summary>Version of the contract.</summary>
        public const string Contract = "contract";

        /// <summary>Model of the board.</summary>
        public const string Model = "model";

        /// <summary>Chips on the board.</summary>
        public const string Chips = "chips";

        /// <summary>Chip type.</summary>
        public const string Chip = "chip";

        /// <summary>Version of the firmware.</summary>
        public const string Firmware = "firmware";

        /// <summary>Serial number of the board.</summary>
        public const string BoardSerial = "boardSerial";

        /// <summary>Points in use.</summary>
        public const string Ladder = "ladder";

        /// <summary>Points offered.</summary>
        public const string Offered = "offered";

        /// <summary>Id of the ladder offered.</summary>
        public const string OfferedId = "offeredId";

        /// <summary>Failsafe power, W.</summary>
        public const string FailsafeW = "failsafeW";

        /// <summary>Nameplate power, W.</summary>
        public const string NameplateW = "nameplateW";

        /// <summary>What the board can do.</summary>
        public const string Capabilities = "capabilities";

        /// <summary>False only in the will.</summary>
        public const string Online = "online";

        /// <summary>Mode of the board.</summary>
        public const string Mode = "mode";

        /// <summary>Nonce to be admitted.</summary>
        public const string BootNonce = "bootNonce";

        /// <summary>Whether the board is admitted.</summary>
        public const string Admitted = "admitted";

        /// <summary>Latches that hold the board asleep.</summary>
        public const string Latches = "latches";

        /// <summary>How long the mode holds, ms.</summary>
        public const string SinceMs = "sinceMs";

        /// <summary>Point that the board is at.</summary>
        public const string Point = "point";

        /// <summary>Power of the permitted point, mW.</summary>
        public const string EffectiveMw = "effectiveMw";

        /// <summary>Measured power, mW.</summary>
        public const string PowerMw = "powerMw";

        /// <summary>Hash rate, GH/s.</summary>
        public const string HashGhs = "hashGhs";

        /// <summary>Chip clock, kHz.</summary>
        public const string FreqKhz = "freqKhz";

        /// <summary>Core voltage, mV.</summary>
        public const string CoreMv = "coreMv";

        /// <summary>Input voltage, mV.</summary>
        public const string InputMv = "inputMv";

        /// <summary>Chip temperature, m°C.</summary>
        public const string ChipMilliC = "chipMilliC";

        /// <summary>Regulator temperature, m°C.</summary>
        public const string VrMilliC = "vrMilliC";

        /// <summary>Fan speed, rpm.</summary>
        public const string FanRpm = "fanRpm";

        /// <summary>Fan duty, %.</summary>
        public const string FanPercent = "fanPercent";

        /// <summary>Which limit binds.</summary>
        public const string LimitedBy = "limitedBy";

        /// <summary>Lease left, s.</summary>
        public const string LeaseLeftS = "leaseLeftS";

        /// <summary>Shares accepted.</summary>
        public const string Accepted = "accepted";

        /// <summary>Shares refused.</summary>
        public const string Rejected = "rejected";

        /// <summary>Shares that came too late.</summary>
        public const string Stale = "stale";

        /// <summary>Nonces that did not meet the ticket.</summary>
        public const string HwErrors = "hwErrors";

        /// <summary>Share of the controller's time that feeding the chips takes, ‰.</summary>
        public const string LoadPermille = "loadPermille";

        /// <summary>Time since start, s.</summary>
        public const string UptimeS = "uptimeS";

        /// <summary>Messages refused, by reason.</summary>
        public const string Rejects = "rejects";

        /// <summary>dispatch or set.</summary>
        public const string Stream = "stream";

        /// <summary>What became of an order.</summary>
        public const string Result = "result";

        /// <summary>Safety rule.</summary>
        public const string Rule = "rule";

        /// <summary>Alarm as text.</summary>
        public const string Text = "text";

        /// <summary>Value that broke the rule.</summary>
        public const string Value = "value";

        /// <summary>Limit of the rule.</summary>
        public const string Limit = "limit";

        /// <summary>Id of a host.</summary>
        public const string HostId = "hostId";
    }
}
