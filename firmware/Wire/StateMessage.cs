namespace Ballast.Wire
{
    /// <summary>Where a board stands: retained; with <see cref="Online"/> false it is the will.</summary>
    public sealed class StateMessage
    {
        /// <summary>Most latches that one message names.</summary>
        public const int MaxLatches = 16;

        /// <summary>Room that the largest state needs, bytes.</summary>
        public const int MaxLength = 1024;

        /// <summary>False only in the will, which carries nothing but this and the serial number.</summary>
        public bool Online;

        /// <summary>Mode.</summary>
        public BoardMode Mode;

        /// <summary>Why the board is in this mode.</summary>
        public string Reason = "";

        /// <summary>Nonce that an `admit` must name.</summary>
        public uint BootNonce;

        /// <summary>True while admitted.</summary>
        public bool Admitted;

        /// <summary>Serial number of the board.</summary>
        public string BoardSerial = "";

        /// <summary>Id of the ladder in use.</summary>
        public uint LadderId;

        /// <summary>The board's power cap, W; -1 if none is set.</summary>
        public int PowerW = -1;

        /// <summary>Names of the latches that hold the board asleep, e.g. "emergency-dispatch", "fault-S03".</summary>
        public readonly string[] Latches = new string[MaxLatches];

        /// <summary>Latches that are filled.</summary>
        public int LatchCount;

        /// <summary>How long the mode has held, ms.</summary>
        public long SinceMs;

        private readonly JsonWriter _writer = new JsonWriter();

        /// <summary>Writes the message; its length, or 0 if it does not fit.</summary>
        public int Write(byte[] into, int off)
        {
            JsonWriter w = _writer;
            w.Begin(into, off, into.Length);
            w.OpenObject();
            w.Bool(MemberName.Online, Online);
            if (Online)
            {
                w.Text(MemberName.Mode, BoardName.Of(Mode));
                w.Text(MemberName.Reason, Reason);
                w.Number(MemberName.BootNonce, BootNonce);
                w.Bool(MemberName.Admitted, Admitted);
            }

            w.Text(MemberName.BoardSerial, BoardSerial);
            if (Online)
            {
                w.Number(MemberName.LadderId, LadderId);
                if (PowerW >= 0)
                    w.Number(MemberName.PowerW, PowerW);
                w.OpenArray(MemberName.Latches);
                for (int i = 0; i < LatchCount; i++)
                    w.Text(Latches[i]);
                w.CloseArray();
                w.Number(MemberName.SinceMs, SinceMs);
            }

            w.CloseObject();
            return w.Length;
        }
    }
}
