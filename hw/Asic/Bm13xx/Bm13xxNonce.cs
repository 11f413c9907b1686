namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>Reads the fields of a nonce reply: job, small core or midstate, version bits, core and chip.</summary>
    public static class Bm13xxNonce
    {
        /// <summary>Decodes a nonce reply.</summary>
        /// <param name="profile">What the chip is.</param>
        /// <param name="interval">Distance between addresses on the chain.</param>
        /// <param name="chipCount">Chips on the chain; a nonce that names another chip gets -1.</param>
        /// <param name="reply">A reply whose IsNonce is true.</param>
        /// <param name="into">Takes the fields.</param>
        public static void Decode(Bm13xxProfile profile, int interval, int chipCount, Bm13xxReply reply, ChipNonce into)
        {
            uint wire = reply.Value;
            into.JobId = (reply.Register & profile.JobIdMask) >> profile.JobIdShift;

            // The wire has header order, so the number for the header is the wire's bytes read from the other end.
            into.Nonce = (wire >> 24) | ((wire >> 8) & 0xFF00) | ((wire << 8) & 0xFF0000) | (wire << 24);
            into.VersionBits = profile.RollsVersion ? (uint)reply.Extra << 13 : 0;
            into.MidstateIndex = profile.Midstates > 0 ? reply.Register & profile.SmallCoreMask : 0;

            // Bits 31–25 name the core, bits 24–17 begin with the chip's address: on the BM1370 [?] by range, elsewhere by field.
            into.Core = (int)(wire >> 25);
            int chip = (int)((wire >> 17) & 0xFF) / interval;
            into.Chip = chip < chipCount ? chip : -1;
        }
    }
}
