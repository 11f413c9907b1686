using System.Text;

namespace Ballast.Wire
{
    /// <summary>
    /// Writes JSON without white space into a buffer that its caller owns. It never throws and never allocates: what does not fit sets
    /// <see cref="Overflow"/>. Names are the caller's constants and must be plain ASCII.
    /// </summary>
    public sealed class JsonWriter
    {
        private const string Hex = "0123456789abcdef";

        private byte[] _into = null!;
        private int _start;
        private int _pos;
        private int _end;
        private bool _comma;

        /// <summary>True once something did not fit.</summary>
        public bool Overflow { get; private set; }

        /// <summary>Bytes written; 0 after an overflow.</summary>
        public int Length => Overflow ? 0 : _pos - _start;

        /// <summary>Index after the last byte written.</summary>
        public int Position => _pos;

        /// <summary>Starts at <paramref name="off"/>; <paramref name="end"/> is the index after the last byte that may be used.</summary>
        public void Begin(byte[] into, int off, int end)
        {
            _into = into;
            _start = off;
            _pos = off;
            _end = end < into.Length ? end : into.Length;
            _comma = false;
            Overflow = off < 0 || off > _end;
        }

        /// <summary>Opens an object as a value of an array or as the whole text.</summary>
        public void OpenObject() => Open('{');

        /// <summary>Opens an object as a member.</summary>
        public void OpenObject(string name)
        {
            Name(name);
            Put('{');
            _comma = false;
        }

        /// <summary>Closes an object.</summary>
        public void CloseObject() => Close('}');

        /// <summary>Opens an array as a value of an array.</summary>
        public void OpenArray() => Open('[');

        /// <summary>Opens an array as a member.</summary>
        public void OpenArray(string name)
        {
            Name(name);
            Put('[');
            _comma = false;
        }

        /// <summary>Closes an array.</summary>
        public void CloseArray() => Close(']');

        /// <summary>A number as a value of an array.</summary>
        public void Number(long value)
        {
            Comma();
            Digits(value);
        }

        /// <summary>A number as a member.</summary>
        public void Number(string name, long value)
        {
            Name(name);
            Digits(value);
        }

        /// <summary>A number as a member that is given in thousandths: 17612 becomes 17.612.</summary>
        public void Milli(string name, long thousandths)
        {
            Name(name);
            if (thousandths < 0)
            {
                Put('-');
                thousandths = -thousandths;
            }

            Digits(thousandths / 1000);
            int rest = (int)(thousandths % 1000);
            Put('.');
            Put((char)('0' + (rest / 100)));
            Put((char)('0' + (rest / 10 % 10)));
            Put((char)('0' + (rest % 10)));
            _comma = true;
        }

        /// <summary>true or false as a member.</summary>
        public void Bool(string name, bool value)
        {
            Name(name);
            Raw(value ? "true" : "false");
        }

        /// <summary>A string as a value of an array.</summary>
        public void Text(string value)
        {
            Comma();
            Quoted(value);
        }

        /// <summary>A string as a member. What JSON cannot show plainly is escaped.</summary>
        public void Text(string name, string value)
        {
            Name(name);
            Quoted(value);
        }

        /// <summary>Bytes as a string member, as they are: the caller has checked that none needs an escape.</summary>
        public void Plain(string name, byte[] value, int off, int count)
        {
            Name(name);
            Put('"');
            for (int i = 0; i < count; i++)
                Put((char)value[off + i]);
            Put('"');
            _comma = true;
        }

        /// <summary>Bytes as a string member in lower-case hexadecimal.</summary>
        public void HexBytes(string name, byte[] value, int off, int count)
        {
            Name(name);
            Put('"');
            for (int i = 0; i < count; i++)
            {
                int b = value[off + i];
                Put(Hex[b >> 4]);
                Put(Hex[b & 15]);
            }

            Put('"');
            _comma = true;
        }

        private void Open(char c)
        {
            Comma();
            Put(c);
            _comma = false;
        }

        private void Close(char c)
        {
            Put(c);
            _comma = true;
        }

        private void Comma()
        {
            if (_comma)
                Put(',');
        }

        private void Name(string name)
        {
            Comma();
            Put('"');
            Raw(name);
            Put('"');
            Put(':');
            _comma = true;
        }

        private void Raw(string ascii)
        {
            if (Overflow || ascii.Length > _end - _pos)
            {
                Overflow = true;
                return;
            }

            _pos += Encoding.UTF8.GetBytes(ascii, 0, ascii.Length, _into, _pos);
            _comma = true;
        }

        private void Quoted(string value)
        {
            Put('"');
            for (int i = 0; i < value.Length; i++)
            {
                char c = value[i];
                if (c == '"' || c == '\\')
                {
                    Put('\\');
                    Put(c);
                }
                else if (c < 32 || c > 126)
                {
                    Put('\\');
                    Put('u');
                    Put(Hex[(c >> 12) & 15]);
                    Put(Hex[(c >> 8) & 15]);
                    Put(Hex[(c >> 4) & 15]);
                    Put(Hex[c & 15]);
                }
                else
                    Put(c);
            }

            Put('"');
            _comma = true;
        }

        private void Digits(long value)
        {
            // The magnitude as unsigned, because the lowest long has no positive counterpart.
            ulong rest = value < 0 ? 0UL - (ulong)value : (ulong)value;
            if (value < 0)
                Put('-');
            int count = 1;
            for (ulong r = rest; r >= 10; r /= 10)
                count++;
            _comma = true;
            if (Overflow || count > _end - _pos)
            {
                Overflow = true;
                return;
            }

            for (int p = _pos + count - 1; p >= _pos; p--)
            {
                ulong tenth = rest / 10;
                _into[p] = (byte)('0' + (int)(rest - tenth * 10));
                rest = tenth;
            }

            _pos += count;
        }

        private void Put(char c)
        {
            if (Overflow || _pos >= _end)
            {
                Overflow = true;
                return;
            }

            _into[_pos++] = (byte)c;
        }
    }
}
