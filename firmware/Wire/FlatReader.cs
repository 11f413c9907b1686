namespace Ballast.Wire
{
    /// <summary>Types of a value in a flat object.</summary>
    internal enum ValueKind
    {
        /// <summary>A non-negative integer.</summary>
        Number = 0,

        /// <summary>A string without escapes.</summary>
        Text = 1,

        /// <summary>true, false or null: no message of today has one, a later one may.</summary>
        Literal = 2,
    }

    /// <summary>
    /// Walks the members of one flat JSON object in the strict form of contract section 2, in place, and never throws. Used by one owner
    /// at a time; it allocates once, when it first meets a member that it does not know.
    /// </summary>
    internal sealed class FlatReader
    {
        // A member takes at least five bytes and a comma ("":0,).
        private const int MostMembers = Envelope.MaxMessage / 6 + 1;

        /// <summary>Largest number that a member may carry: every JSON implementation holds it exactly.</summary>
        internal const long MaxNumber = 9007199254740991L;

        private byte[] _data = null!;
        private int _pos;
        private int _end;
        private MemberTable _table = null!;
        private int _guess;
        private uint[]? _unknownHash;
        private int[]? _unknownOff;
        private int[]? _unknownLength;
        private int _unknownCount;

        /// <summary>The text being read.</summary>
        internal byte[] Data => _data;

        /// <summary>Why <see cref="Next"/> ended; <see cref="Reject.None"/> if it reached the end.</summary>
        internal Reject Error;

        /// <summary>Bit i is set when member i of the table was read.</summary>
        internal ulong Seen;

        /// <summary>Number of the member just read; -1 if the table does not have it.</summary>
        internal int Member;

        /// <summary>Type of its value.</summary>
        internal ValueKind Kind;

        /// <summary>First byte of its value, inside the quotes of a string.</summary>
        internal int ValueOff;

        /// <summary>Length of its value, bytes.</summary>
        internal int ValueLength;

        /// <summary>Value of a number, 0…<see cref="MaxNumber"/>; -1 if it is larger or not a number.</summary>
        internal long Number;

        /// <summary>
        /// Begins with the opening brace at <paramref name="off"/>; the last member's value ends before <paramref name="end"/>. There the
        /// buffer must go on with a comma and a quote: they stop every loop, so that none has to look for the end.
        /// </summary>
        /// <param name="data">Buffer with the text.</param>
        /// <param name="off">Index of the opening brace.</param>
        /// <param name="end">Index of the comma behind the text.</param>
        /// <param name="table">The members to know.</param>
        /// <param name="elsewhere">Bits of members that the object has outside this range: here they are duplicates.</param>
        internal void Begin(byte[] data, int off, int end, MemberTable table, ulong elsewhere)
        {
            _data = data;
            _pos = off;
            _end = end;
            _table = table;
            _guess = table.First;
            _unknownCount = 0;
            Seen = elsewhere;
            Error = Reject.None;
            if (off >= end || data[off] != '{')
                Error = Reject.Syntax;
        }

        /// <summary>Reads a member. False at the end and after an error; <see cref="Error"/> tells which.</summary>
        internal bool Next()
        {
            byte[] data = _data;
            int p = _pos;
            if (Error != Reject.None || p >= _end)
                return false;

            // data[p] is the brace or the comma before the member.
            p++;
            if (data[p] != '"')
                return Fail();
            int name = ++p;
            uint hash = 0;
            int member = _guess;
            if (member >= 0)
            {
                byte[] expected = _table.Name(member);
                int length = expected.Length;
                int i = 0;
                while (i < length && data[p] == expected[i])
                {
                    i++;
                    p++;
                }

                if (i < length || data[p] != '"')
                {
                    member = -1;
                    p = name;
                }
            }

            if (member < 0)
            {
                int c;
                while ((c = data[p]) != '"')
                {
                    if (c < 32 || c > 127 || c == '\\')
                        return Fail();
                    hash = hash * 31 + (uint)c;
                    p++;
                }

                if (p >= _end)
                    return Fail();
                member = _table.Find(data, name, p - name, hash);
            }

            int nameLength = p - name;
            if (data[p + 1] != ':')
                return Fail();
            p = Value(p + 2);
            if (p < 0 || data[p] != ',')
                return Fail();
            _pos = p;
            Member = member;
            if (member < 0)
            {
                _guess = -1;
                return NoteUnknown(name, nameLength, hash);
            }

            _guess = _table.After(member);
            ulong bit = 1UL << member;
            if ((Seen & bit) != 0)
            {
                Error = Reject.DuplicateMember;
                return false;
            }

            Seen |= bit;
            return true;
        }

        /// <summary>True if the value is a number from min to max.</summary>
        internal bool IsNumber(long min, long max) => Kind == ValueKind.Number && Number >= min && Number <= max;

        private bool Fail()
        {
            Error = Reject.Syntax;
            return false;
        }

        // Reads the value at p; the position after it, or -1.
        private int Value(int p)
        {
            int c = _data[p];
            if (c == '"')
                return Text(p + 1);
            if (c >= '0' && c <= '9')
                return Digits(p);
            Kind = ValueKind.Literal;
            Number = -1;
            ValueOff = p;
            if (c == 't')
                return Literal(p, "true");
            if (c == 'f')
                return Literal(p, "false");
            if (c == 'n')
                return Literal(p, "null");
            return -1;
        }

        private int Text(int p)
        {
            byte[] data = _data;
            Kind = ValueKind.Text;
            Number = -1;
            ValueOff = p;
            int c;
            while ((c = data[p]) != '"')
            {
                if (c < 32 || c > 127 || c == '\\')
                    return -1;
                p++;
            }

            ValueLength = p - ValueOff;
            return p < _end ? p + 1 : -1;
        }

        private int Digits(int p)
        {
            byte[] data = _data;
            int start = p;
            long value = 0;
            uint digit;
            while ((digit = (uint)(data[p] - '0')) <= 9)
            {
                value = value * 10 + digit;
                p++;
            }

            int length = p - start;
            if (length > 1 && data[start] == '0')
                return -1;
            Kind = ValueKind.Number;
            ValueOff = start;
            ValueLength = length;

            // 16 digits cannot have wrapped; more may have.
            Number = length <= 16 && value <= MaxNumber ? value : -1;
            return p;
        }

        private int Literal(int p, string word)
        {
            if (p + word.Length > _end)
                return -1;
            for (int i = 0; i < word.Length; i++)
                if (_data[p + i] != word[i])
                    return -1;
            ValueLength = word.Length;
            return p + word.Length;
        }

        private bool NoteUnknown(int name, int length, uint hash)
        {
            if (_unknownHash == null || _unknownOff == null || _unknownLength == null)
            {
                _unknownHash = new uint[MostMembers];
                _unknownOff = new int[MostMembers];
                _unknownLength = new int[MostMembers];
            }

            for (int i = 0; i < _unknownCount; i++)
                if (_unknownHash[i] == hash && _unknownLength[i] == length && SameBytes(_unknownOff[i], name, length))
                {
                    Error = Reject.DuplicateMember;
                    return false;
                }

            // The caller's limit on the length keeps the count below the arrays'; a longer text is refused rather than trusted.
            if (_unknownCount == MostMembers)
                return Fail();
            _unknownHash[_unknownCount] = hash;
            _unknownOff[_unknownCount] = name;
            _unknownLength[_unknownCount] = length;
            _unknownCount++;
            return true;
        }

        private bool SameBytes(int a, int b, int count)
        {
            byte[] data = _data;
            for (int i = 0; i < count; i++)
                if (data[a + i] != data[b + i])
                    return false;
            return true;
        }
    }
}
