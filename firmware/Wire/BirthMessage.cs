namespace Ballast.Wire
{
    /// <summary>What a board is: retained, published before its state.</summary>
    public sealed class BirthMessage
    {
        /// <summary>Version of the contract that this build speaks.</summary>
        public const int ContractVersion = 1;

        /// <summary>Room that the largest birth needs, bytes.</summary>
        public const int MaxLength = 2048;

        /// <summary>Model of the board.</summary>
        public string Model = "";

        /// <summary>Chips on the board.</summary>
        public int Chips;

        /// <summary>Chip type.</summary>
        public string Chip = "";

        /// <summary>Version of the firmware.</summary>
        public string Firmware = "";

        /// <summary>Serial number of the board.</summary>
        public string BoardSerial = "";

        /// <summary>Why the controller restarted itself, as a sentence; "" leaves it out.</summary>
        public string Restart = "";

        /// <summary>The ladder in use.</summary>
        public Ladder? Ladder;

        /// <summary>The ladder that waits to be accepted; null if none does.</summary>
        public Ladder? Offered;

        /// <summary>Failsafe power, W.</summary>
        public int FailsafeW;

        /// <summary>Nameplate power, W.</summary>
        public int NameplateW;

        /// <summary>What the board can do beyond the contract.</summary>
        public string[] Capabilities = new string[0];

        private readonly JsonWriter _writer = new JsonWriter();

        /// <summary>Writes the message; its length, or 0 if it does not fit.</summary>
        public int Write(byte[] into, int off)
        {
            JsonWriter w = _writer;
            w.Begin(into, off, into.Length);
            w.OpenObject();
            w.Number(MemberName.Contract, ContractVersion);
            w.Text(MemberName.Model, Model);
            w.Number(MemberName.Chips, Chips);
            w.Text(MemberName.Chip, Chip);
            w.Text(MemberName.Firmware, Firmware);
            w.Text(MemberName.BoardSerial, BoardSerial);
            if (Restart.Length > 0)
                w.Text(MemberName.Restart, Restart);
            if (Ladder != null)
                WriteLadder(w, MemberName.Ladder, MemberName.LadderId, Ladder);
            if (Offered != null)
                WriteLadder(w, MemberName.Offered, MemberName.OfferedId, Offered);
            w.Number(MemberName.FailsafeW, FailsafeW);
            w.Number(MemberName.NameplateW, NameplateW);
            w.OpenArray(MemberName.Capabilities);
            for (int i = 0; i < Capabilities.Length; i++)
                w.Text(Capabilities[i]);
            w.CloseArray();
            w.CloseObject();
            return w.Length;
        }

        private static void WriteLadder(JsonWriter w, string name, string idName, Ladder ladder)
        {
            w.OpenArray(name);
            for (int i = 0; i < ladder.Count; i++)
            {
                w.OpenArray();
                w.Number(ladder.PowerMw(i));
                w.Number(ladder.HashGhs(i));
                w.CloseArray();
            }

            w.CloseArray();
            w.Number(idName, ladder.Id);
        }
    }
}
