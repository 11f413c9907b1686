namespace Ballast.Hw.Asic.A1
{
    /// <summary>
    /// Builds commands of the A1 family: command, chip (0 all, 1 the first), data, and with the T1 a CRC. Every method writes into the
    /// caller's array and returns the bytes written, without the two bytes of padding that follow on the wire.
    /// </summary>
    public static class A1Frame
    {
        /// <summary>Longest command: a T1 job.</summary>
        public const int MaxBytes = 160;

        /// <summary>Data of a RESET that drops queued jobs.</summary>
        public const int DropJobs = 0xEDED;

        /// <summary>A command without data.</summary>
        public static int Plain(byte[] into, int offset, A1Command command, int chip)
        {
            into[offset] = (byte)command;
            into[offset + 1] = (byte)chip;
            return 2;
        }

        /// <summary>RESET with a strategy, see <see cref="DropJobs"/>. Never has a CRC.</summary>
        public static int Reset(byte[] into, int offset, int chip, int strategy)
        {
            Plain(into, offset, A1Command.Reset, chip);
            into[offset + 2] = (byte)(strategy >> 8);
            into[offset + 3] = (byte)strategy;
            return 4;
        }

        /// <summary>Writes the register, that is, the PLL.</summary>
        public static int WriteRegister(A1Profile profile, byte[] into, int offset, int chip, A1PllSetting setting)
        {
            Plain(into, offset, A1Command.WriteRegister, chip);
            int length = 2 + A1Pll.PutRegister(profile, setting, into, offset + 2);
            return Seal(profile, into, offset, length);
        }

        /// <summary>A job for one chip.</summary>
        /// <param name="profile">What the chip is.</param>
        /// <param name="into">Where the bytes go.</param>
        /// <param name="offset">First byte.</param>
        /// <param name="id">Job id, 1…4.</param>
        /// <param name="chip">Chip, 1 is the first.</param>
        /// <param name="job">Midstates, header tail, first and last nonce.</param>
        /// <param name="target">Difficulty from which the chip reports, as nbits.</param>
        public static int Job(A1Profile profile, byte[] into, int offset, int id, int chip, ChipJob job, uint target)
        {
            into[offset] = (byte)(id << 4 | (int)profile.JobCommand);
            into[offset + 1] = (byte)chip;
            int p = offset + 2;

            // The T1 reads its midstates from the last to the first.
            for (int m = profile.Midstates - 1; m >= 0; m--)
            {
                ChipWords.PutMidstate(into, p, job.Midstates, m < job.MidstateCount ? m : 0);
                p += 32;
            }

            byte[] header = job.Header;
            for (int i = 0; i < 12; i++)
                into[p + i] = header[64 + i];
            ChipWords.PutLittle(into, p + 12, job.StartNonce);
            ChipWords.PutLittle(into, p + 16, target);
            ChipWords.PutLittle(into, p + 20, job.EndNonce);
            p += 24;
            if (profile.HasCrc)
            {
                ChipWords.PutLittle(into, p, 0);
                p += 4;
            }

            return Seal(profile, into, offset, p - offset);
        }

        /// <summary>nbits of a difficulty that is a power of two, 1…2^31, in the forms that the chips' own software uses.</summary>
        public static uint Target(int difficulty)
        {
            int bits = 0;
            while (bits < 31 && 2L << bits <= difficulty)
                bits++;
            uint exponent = 0x1Du - (uint)(bits / 8);
            int rest = bits % 8;
            if (bits >= 8 && rest >= 2)
                return (exponent - 1) << 24 | 0xFFFFFFu >> rest;
            return exponent << 24 | 0xFFFFu >> rest;
        }

        /// <summary>True if a reply's last two bytes are the CRC of those before them.</summary>
        public static bool CrcIsRight(byte[] frame, int offset, int length)
        {
            int crc = Crc16.ModbusSwapped(frame, offset, length - 2);
            return frame[offset + length - 2] == crc >> 8 && frame[offset + length - 1] == (crc & 0xFF);
        }

        private static int Seal(A1Profile profile, byte[] into, int offset, int length)
        {
            if (!profile.HasCrc)
                return length;
            int crc = Crc16.ModbusSwapped(into, offset, length);
            into[offset + length] = (byte)(crc >> 8);
            into[offset + length + 1] = (byte)crc;
            return length + 2;
        }
    }
}
