namespace Ballast.Wire
{
    /// <summary>What a board measures and obeys, every 10 s and on change. A measurement of <see cref="Unknown"/> is left out.</summary>
    public sealed class TelemetryMessage
    {
        /// <summary>Stands for a value that could not be measured.</summary>
        public const int Unknown = -2147483648;

        /// <summary>Room that the largest telemetry needs, bytes.</summary>
        public const int MaxLength = 1536;

        /// <summary>Mode.</summary>
        public BoardMode Mode;

        /// <summary>Effective point.</summary>
        public int Point;

        /// <summary>Power of that point, mW.</summary>
        public int EffectiveMw;

        /// <summary>Measured power at the board's input, mW.</summary>
        public int PowerMw = Unknown;

        /// <summary>Hash rate, GH/s.</summary>
        public int HashGhs;

        /// <summary>Chip clock, kHz.</summary>
        public int FreqKhz;

        /// <summary>Core voltage, mV.</summary>
        public int CoreMv = Unknown;

        /// <summary>Input voltage, mV.</summary>
        public int InputMv = Unknown;

        /// <summary>Chip temperature, m°C.</summary>
        public int ChipMilliC = Unknown;

        /// <summary>Regulator temperature, m°C.</summary>
        public int VrMilliC = Unknown;

        /// <summary>Fan speed, rpm.</summary>
        public int FanRpm = Unknown;

        /// <summary>Fan duty, %.</summary>
        public int FanPercent;

        /// <summary>Which limit binds.</summary>
        public LimitedBy LimitedBy;

        /// <summary>Epoch of the last accepted order.</summary>
        public uint Epoch;

        /// <summary>Number of its content.</summary>
        public uint OrderId;

        /// <summary>Its limit, mJ/TH.</summary>
        public int LimitMjPerTh;

        /// <summary>Its share.</summary>
        public uint Share;

        /// <summary>Its salt.</summary>
        public uint Salt;

        /// <summary>Lease left, s; 0 when it is over.</summary>
        public int LeaseLeftS;

        /// <summary>True while admitted.</summary>
        public bool Admitted;

        /// <summary>Nonce that an `admit` must name.</summary>
        public uint BootNonce;

        /// <summary>Shares accepted.</summary>
        public int Accepted;

        /// <summary>Shares refused.</summary>
        public int Rejected;

        /// <summary>Shares that came too late.</summary>
        public int Stale;

        /// <summary>Nonces that did not meet the ticket difficulty.</summary>
        public int HwErrors;

        /// <summary>Share of the controller's time that feeding the chips takes, ‰; left out while unknown.</summary>
        public int LoadPermille = Unknown;

        /// <summary>Time since start, s.</summary>
        public long UptimeS;

        /// <summary>Messages refused, by <see cref="Reject"/>; only reasons that occurred are written.</summary>
        public readonly int[] Rejects = new int[RejectName.Count];

        private readonly JsonWriter _writer = new JsonWriter();

        /// <summary>Writes the message; its length, or 0 if it does not fit.</summary>
        public int Write(byte[] into, int off)
        {
            JsonWriter w = _writer;
            w.Begin(into, off, into.Length);
            w.OpenObject();
            w.Text(MemberName.Mode, BoardName.Of(Mode));
            w.Number(MemberName.Point, Point);
            w.Number(MemberName.EffectiveMw, EffectiveMw);
            Measured(w, MemberName.PowerMw, PowerMw);
            w.Number(MemberName.HashGhs, HashGhs);
            w.Number(MemberName.FreqKhz, FreqKhz);
            Measured(w, MemberName.CoreMv, CoreMv);
            Measured(w, MemberName.InputMv, InputMv);
            Measured(w, MemberName.ChipMilliC, ChipMilliC);
            Measured(w, MemberName.VrMilliC, VrMilliC);
            Measured(w, MemberName.FanRpm, FanRpm);
            w.Number(MemberName.FanPercent, FanPercent);
            w.Text(MemberName.LimitedBy, BoardName.Of(LimitedBy));
            w.Number(MemberName.Epoch, Epoch);
            w.Number(MemberName.OrderId, OrderId);
            w.Number(MemberName.LimitMjPerTh, LimitMjPerTh);
            w.Number(MemberName.Share, Share);
            w.Number(MemberName.Salt, Salt);
            w.Number(MemberName.LeaseLeftS, LeaseLeftS);
            w.Bool(MemberName.Admitted, Admitted);
            w.Number(MemberName.BootNonce, BootNonce);
            w.Number(MemberName.Accepted, Accepted);
            w.Number(MemberName.Rejected, Rejected);
            w.Number(MemberName.Stale, Stale);
            w.Number(MemberName.HwErrors, HwErrors);
            Measured(w, MemberName.LoadPermille, LoadPermille);
            w.Number(MemberName.UptimeS, UptimeS);
            w.OpenObject(MemberName.Rejects);
            for (int i = 1; i < Rejects.Length; i++)
                if (Rejects[i] != 0)
                    w.Number(RejectName.Of((Reject)i), Rejects[i]);
            w.CloseObject();
            w.CloseObject();
            return w.Length;
        }

        private static void Measured(JsonWriter w, string name, int value)
        {
            if (value != Unknown)
                w.Number(name, value);
        }
    }
}
