using Ballast.Hw.Bus;

namespace Ballast.Hw.Asic.A1
{
    /// <summary>
    /// One command at a time over the daisy chain. A command's echo comes back after it has gone down the chain and up again, four bytes
    /// later per chip; it is looked for, not expected at a place, so leading zeros do no harm.
    /// </summary>
    public sealed class A1Link
    {
        /// <summary>Longest chain.</summary>
        public const int MaxChips = 64;

        private const int PadBytes = 2;
        private const int MaxReply = 16;
        private const int Capacity = A1Frame.MaxBytes + PadBytes + 4 * MaxChips + 2 * MaxReply + 8;
        private const int QuietBytes = 32;
        private const int MaxQuietRounds = 16;

        private readonly A1Profile _profile;
        private readonly ISpiBus _spi;

        internal A1Link(A1Profile profile, ISpiBus spi)
        {
            _profile = profile;
            _spi = spi;
        }

        /// <summary>What the next command is built in.</summary>
        internal byte[] Write { get; } = new byte[Capacity];

        /// <summary>What came back during the last command.</summary>
        internal byte[] Read { get; } = new byte[Capacity];

        /// <summary>Replies that were right.</summary>
        internal int GoodReplies { get; set; }

        /// <summary>Commands without a right reply.</summary>
        internal int BadReplies { get; set; }

        /// <summary>Sends the command in <see cref="Write"/> and finds its echo: place in <see cref="Read"/>, or -1.</summary>
        /// <param name="length">Bytes of the command.</param>
        /// <param name="chip">Chip that it is for; 0 for all.</param>
        /// <param name="chips">Chips on the chain.</param>
        /// <param name="first">First byte of the reply.</param>
        /// <param name="reply">Bytes of the reply that must be there.</param>
        internal int Execute(int length, int chip, int chips, int first, int reply)
        {
            int total = length + PadBytes + 4 * (chip == 0 ? chips : chip) + reply;
            if (!Transfer(length, total))
                return -1;
            int at = FindEcho(Read, total, first, chip, reply);
            Count(at >= 0);
            return at;
        }

        /// <summary>Sends BIST_START and returns the number of chips, or -1 if there was no answer or the answer contradicts itself.</summary>
        internal int Enumerate()
        {
            int length = A1Frame.Plain(Write, 0, A1Command.BistStart, 0);
            int total = length + 4 + 4 * MaxChips + 4;
            if (!Transfer(length, total))
                return -1;
            for (int i = 2; i + 3 < total; i += 2)
            {
                if (Read[i] != (byte)A1Command.BistStart || Read[i + 1] != 0)
                    continue;
                int told = Read[i + 3];

                // The echo has made the way down and up: two words a chip, give or take one that the bus adds.
                int off = i - 4 * told;
                bool agrees = off >= -2 && off <= 2;
                Count(agrees);
                return agrees ? told : -1;
            }

            Count(false);
            return -1;
        }

        /// <summary>Asks for the oldest result. 1: it is at <paramref name="at"/> in <see cref="Read"/>; 0: there is none; -1: no right answer.</summary>
        internal int ReadResult(int chips, out int at)
        {
            int length = A1Frame.Plain(Write, 0, A1Command.ReadResult, 0);
            int total = length + PadBytes + 4 * chips + 2 * _profile.ResultBytes;
            at = -1;
            if (!Transfer(length, total))
                return -1;
            int found = FindResult(_profile, Read, total, chips, out at);
            Count(found >= 0);
            return found;
        }

        /// <summary>Sends zeros until nothing comes back, so that the rest of a broken reply is not taken for the next one.</summary>
        internal void Quieten()
        {
            byte[] write = Write;
            byte[] read = Read;
            for (int i = 0; i < QuietBytes; i++)
                write[i] = 0;
            for (int round = 0; round < MaxQuietRounds; round++)
            {
                if (_spi.Transfer(write, 0, read, 0, QuietBytes) != BusStatus.Ok)
                    return;
                bool quiet = true;
                for (int i = 0; i < QuietBytes && quiet; i++)
                    quiet = read[i] == 0;
                if (quiet)
                    return;
            }
        }

        /// <summary>
        /// Finds a reply that begins with a byte and a chip on a word's edge; -1 if there is none with room for its length. The first word is
        /// left out: no reply can be there yet, and an echo there is a short between the two lines.
        /// </summary>
        /// <param name="read">What came back.</param>
        /// <param name="count">Bytes of it.</param>
        /// <param name="first">First byte wanted.</param>
        /// <param name="chip">Second byte wanted.</param>
        /// <param name="length">Bytes that the reply has.</param>
        public static int FindEcho(byte[] read, int count, int first, int chip, int length)
        {
            int last = count - (length < 2 ? 2 : length);
            for (int i = 2; i <= last; i += 2)
            {
                if (read[i] == first && read[i + 1] == chip)
                    return i;
            }

            return -1;
        }

        /// <summary>Finds a result. 1: at <paramref name="at"/>; 0: the chain says that there is none; -1: nothing that can be one.</summary>
        public static int FindResult(A1Profile profile, byte[] read, int count, int chips, out int at)
        {
            at = -1;
            for (int i = 2; i + 2 <= count; i += 2)
            {
                if ((read[i] & 0x0F) != (int)A1Command.ReadResult)
                    continue;
                int id = read[i] >> 4;
                int chip = read[i + 1];
                if (chip == 0)
                    return 0;
                if (id < 1 || id > A1Chain.JobIds || chip > chips || i + profile.ResultBytes > count)
                    return -1;
                if (profile.HasCrc && !A1Frame.CrcIsRight(read, i, profile.ResultBytes))
                    return -1;
                at = i;
                return 1;
            }

            return -1;
        }

        private bool Transfer(int length, int total)
        {
            for (int i = length; i < total; i++)
                Write[i] = 0;
            if (_spi.Transfer(Write, 0, Read, 0, total) == BusStatus.Ok)
                return true;
            Count(false);
            return false;
        }

        private void Count(bool good)
        {
            if (good)
                GoodReplies++;
            else
                BadReplies++;
        }
    }
}
