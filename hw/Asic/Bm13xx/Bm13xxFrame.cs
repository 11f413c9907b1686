namespace Ballast.Hw.Asic.Bm13xx
{
    /// <summary>
    /// Builds frames from host to chips: 55 AA, header, length (from the header to the end), payload, CRC5 (commands) or CRC16 (jobs).
    /// All methods write into the caller's array and return the number of bytes written.
    /// </summary>
    public static class Bm13xxFrame
    {
        /// <summary>Bytes of the longest frame: a BM1397 job with four midstates.</summary>
        public const int MaxBytes = 152;

        /// <summary>Bytes of a register write.</summary>
        public const int WriteBytes = 11;

        /// <summary>Bytes of a read, a set address and a chain inactive.</summary>
        public const int ShortBytes = 7;

        /// <summary>Payload bytes of a job for chips that build their midstates.</summary>
        public const int HeaderJobPayload = 82;

        private const int JobOverhead = 6;

        /// <summary>Writes a register of all chips.</summary>
        public static int WriteAll(byte[] into, int offset, Bm13xxRegister register, uint value)
            => Write(into, offset, (byte)Bm13xxCommand.WriteAll, 0, (byte)register, value);

        /// <summary>Writes a register of the chip with this address.</summary>
        public static int WriteOne(byte[] into, int offset, int address, Bm13xxRegister register, uint value)
            => Write(into, offset, (byte)Bm13xxCommand.WriteOne, (byte)address, (byte)register, value);

        /// <summary>Asks all chips for a register; each answers with its address.</summary>
        public static int ReadAll(byte[] into, int offset, Bm13xxRegister register)
            => Short(into, offset, (byte)Bm13xxCommand.ReadAll, 0, (byte)register);

        /// <summary>Asks one chip for a register.</summary>
        public static int ReadOne(byte[] into, int offset, int address, Bm13xxRegister register)
            => Short(into, offset, (byte)Bm13xxCommand.ReadOne, (byte)address, (byte)register);

        /// <summary>Gives an address to the first chip of the chain that has none.</summary>
        public static int SetAddress(byte[] into, int offset, int address)
            => Short(into, offset, (byte)Bm13xxCommand.SetAddress, (byte)address, 0);

        /// <summary>Takes the address from all chips.</summary>
        public static int ChainInactive(byte[] into, int offset)
            => Short(into, offset, (byte)Bm13xxCommand.ChainInactive, 0, 0);

        /// <summary>A job for chips that build midstates and roll the version themselves: 88 bytes.</summary>
        /// <param name="into">Where the frame goes.</param>
        /// <param name="offset">First byte of the frame.</param>
        /// <param name="jobId">Id, 0…127.</param>
        /// <param name="job">Header and start nonce are used.</param>
        public static int HeaderJob(byte[] into, int offset, int jobId, ChipJob job)
        {
            byte[] header = job.Header;
            int p = Begin(into, offset, HeaderJobPayload);
            into[p] = (byte)jobId;
            into[p + 1] = 1;
            ChipWords.PutLittle(into, p + 2, job.StartNonce);
            PutBytes(into, p + 6, header, 72, 4);
            PutBytes(into, p + 10, header, 68, 4);
            PutWordsReversed(into, p + 14, header, 36);
            PutWordsReversed(into, p + 46, header, 4);
            PutBytes(into, p + 78, header, 0, 4);
            return End(into, offset, HeaderJobPayload);
        }

        /// <summary>A job for chips that take midstates (BM1397): 56 bytes with one, 152 with four.</summary>
        /// <param name="into">Where the frame goes.</param>
        /// <param name="offset">First byte of the frame.</param>
        /// <param name="jobId">Id, a multiple of 4 below 128.</param>
        /// <param name="job">Header, start nonce and midstates are used.</param>
        /// <param name="midstates">1 or 4.</param>
        public static int MidstateJob(byte[] into, int offset, int jobId, ChipJob job, int midstates)
        {
            byte[] header = job.Header;
            int payload = 18 + 32 * midstates;
            int p = Begin(into, offset, payload);
            into[p] = (byte)jobId;
            into[p + 1] = (byte)midstates;
            ChipWords.PutLittle(into, p + 2, job.StartNonce);
            PutBytes(into, p + 6, header, 72, 4);
            PutBytes(into, p + 10, header, 68, 4);
            PutBytes(into, p + 14, header, 64, 4);
            for (int m = 0; m < midstates; m++)
                ChipWords.PutMidstate(into, p + 18 + 32 * m, job.Midstates, m);
            return End(into, offset, payload);
        }

        private static int Write(byte[] into, int offset, byte header, byte address, byte register, uint value)
        {
            into[offset] = 0x55;
            into[offset + 1] = 0xAA;
            into[offset + 2] = header;
            into[offset + 3] = 9;
            into[offset + 4] = address;
            into[offset + 5] = register;
            into[offset + 6] = (byte)(value >> 24);
            into[offset + 7] = (byte)(value >> 16);
            into[offset + 8] = (byte)(value >> 8);
            into[offset + 9] = (byte)value;
            into[offset + 10] = (byte)Crc5.Of(into, offset + 2, 8);
            return WriteBytes;
        }

        private static int Short(byte[] into, int offset, byte header, byte address, byte register)
        {
            into[offset] = 0x55;
            into[offset + 1] = 0xAA;
            into[offset + 2] = header;
            into[offset + 3] = 5;
            into[offset + 4] = address;
            into[offset + 5] = register;
            into[offset + 6] = (byte)Crc5.Of(into, offset + 2, 4);
            return ShortBytes;
        }

        private static int Begin(byte[] into, int offset, int payload)
        {
            into[offset] = 0x55;
            into[offset + 1] = 0xAA;
            into[offset + 2] = (byte)Bm13xxCommand.Job;
            into[offset + 3] = (byte)(payload + 4);
            return offset + 4;
        }

        private static int End(byte[] into, int offset, int payload)
        {
            int crc = Crc16.Ccitt(into, offset + 2, payload + 2);
            into[offset + 4 + payload] = (byte)(crc >> 8);
            into[offset + 5 + payload] = (byte)crc;
            return payload + JobOverhead;
        }

        private static void PutBytes(byte[] into, int offset, byte[] from, int start, int count)
        {
            for (int i = 0; i < count; i++)
                into[offset + i] = from[start + i];
        }

        // 32 bytes as eight words in reverse order, the bytes of a word as they are.
        private static void PutWordsReversed(byte[] into, int offset, byte[] from, int start)
        {
            for (int i = 0; i < 32; i += 4)
            {
                int source = start + 28 - i;
                int target = offset + i;
                into[target] = from[source];
                into[target + 1] = from[source + 1];
                into[target + 2] = from[source + 2];
                into[target + 3] = from[source + 3];
            }
        }
    }
}
