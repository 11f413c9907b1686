namespace Ballast.Wire
{
    /// <summary>
    /// An order to a pod: contract section 3. Its owner reuses it; after a refused parse its fields mean nothing.
    /// </summary>
    public sealed class DispatchOrder : SignedMessage
    {
        /// <summary>Lease, s, 5…3600.</summary>
        public int LeaseS;

        /// <summary>Limit of cost, mJ/TH, 0…2^31−1.</summary>
        public int LimitMjPerTh;

        /// <summary>Share of the circle that takes the step at the limit.</summary>
        public uint Share;

        /// <summary>Turn of the circle.</summary>
        public uint Salt;

        /// <summary>Ramp, s, 0…3600.</summary>
        public int RampS;

        /// <summary>Random start of a rise, s, 0…3600.</summary>
        public int SpreadS;

        /// <summary>Spread of falls at lease end, s, 0…3600.</summary>
        public int FailSpreadS;

        /// <summary>True if the class and every number are in their ranges, so that a board would take the fields.</summary>
        public bool IsInRange() =>
            Kid >= 0 && Kid <= 255 && Class >= OrderClass.Economic && Class <= OrderClass.Emergency && LeaseS >= 5 && LeaseS <= 3600
            && SentMs >= 0 && SentMs <= FlatReader.MaxNumber && LimitMjPerTh >= 0 && RampS >= 0 && RampS <= 3600 && SpreadS >= 0
            && SpreadS <= 3600 && FailSpreadS >= 0 && FailSpreadS <= 3600;
    }
}
