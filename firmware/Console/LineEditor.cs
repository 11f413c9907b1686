using System.Text;

namespace Ballast.Firmware.Console
{
    /// <summary>
    /// Edits one line: left, right, home, end, backspace, delete, Ctrl-U, Ctrl-C, and the last lines with up and down. No tab. While
    /// <see cref="Secret"/> is set it shows a star per character and keeps nothing.
    /// </summary>
    public sealed class LineEditor
    {
        /// <summary>Longest line.</summary>
        public const int MaxLine = 200;

        private const int HistoryLines = 4;

        private readonly byte[] _line = new byte[MaxLine];
        private readonly string[] _history = { "", "", "", "" };
        private readonly ConsoleText _out;
        private int _length;
        private int _cursor;
        private int _escape;
        private int _parameter;
        private int _recall = -1;
        private bool _lastWasReturn;

        /// <summary>Makes an editor that echoes into a text.</summary>
        public LineEditor(ConsoleText to)
        {
            _out = to;
        }

        /// <summary>True while what is typed must not be shown or remembered.</summary>
        public bool Secret { get; set; }

        /// <summary>True if the last line ended by Ctrl-C.</summary>
        public bool Cancelled { get; private set; }

        /// <summary>Takes a byte. The line when it is complete, else null.</summary>
        public string? Take(int b)
        {
            if (_escape > 0)
            {
                TakeEscape(b);
                return null;
            }

            bool afterReturn = _lastWasReturn;
            _lastWasReturn = b == '\r';
            switch (b)
            {
                case '\n':
                    return afterReturn ? null : End(false);
                case '\r':
                    return End(false);
                case 3:
                    _out.Raw("^C");
                    return End(true);
                case 27:
                    _escape = 1;
                    return null;
                case 8:
                case 127:
                    if (_cursor > 0)
                    {
                        Move(-1);
                        Delete();
                    }

                    return null;
                case 1:
                    Move(-_cursor);
                    return null;
                case 5:
                    Move(_length - _cursor);
                    return null;
                case 21:
                    Replace("");
                    return null;
                default:
                    if (b >= 32 && b < 127 && _length < MaxLine)
                    {
                        Insert((byte)b);
                    }

                    return null;
            }
        }

        private void TakeEscape(int b)
        {
            if (_escape == 1)
            {
                _escape = b == '[' || b == 'O' ? 2 : 0;
                _parameter = 0;
                return;
            }

            if (b >= '0' && b <= '9')
            {
                _parameter = b - '0';
                return;
            }

            _escape = 0;
            switch (b)
            {
                case 'A':
                    Recall(1);
                    break;
                case 'B':
                    Recall(-1);
                    break;
                case 'C':
                    Move(_cursor < _length ? 1 : 0);
                    break;
                case 'D':
                    Move(_cursor > 0 ? -1 : 0);
                    break;
                case 'H':
                    Move(-_cursor);
                    break;
                case 'F':
                    Move(_length - _cursor);
                    break;
                case '~':
                    if (_parameter == 3 && _cursor < _length)
                    {
                        Delete();
                    }
                    else if (_parameter == 1)
                    {
                        Move(-_cursor);
                    }
                    else if (_parameter == 4)
                    {
                        Move(_length - _cursor);
                    }

                    break;
                default:
                    break;
            }
        }

        private string End(bool cancelled)
        {
            string line = cancelled || _length == 0 ? "" : Encoding.UTF8.GetString(_line, 0, _length);
            _out.Line("");
            System.Array.Clear(_line, 0, _length);
            _length = 0;
            _cursor = 0;
            _recall = -1;
            Cancelled = cancelled;
            if (!Secret && line.Length > 0 && line != _history[0])
            {
                for (int i = HistoryLines - 1; i > 0; i--)
                {
                    _history[i] = _history[i - 1];
                }

                _history[0] = line;
            }

            return line;
        }

        private void Insert(byte b)
        {
            for (int i = _length; i > _cursor; i--)
            {
                _line[i] = _line[i - 1];
            }

            _line[_cursor] = b;
            _length++;
            if (_cursor == _length - 1)
            {
                Move(1);
                return;
            }

            Tail();
            Move(1);
        }

        private void Delete()
        {
            for (int i = _cursor; i < _length - 1; i++)
            {
                _line[i] = _line[i + 1];
            }

            _length--;
            Tail();
        }

        private void Replace(string text)
        {
            Move(-_cursor);
            _length = text.Length < MaxLine ? text.Length : MaxLine;
            for (int i = 0; i < _length; i++)
            {
                _line[i] = (byte)text[i];
            }

            Tail();
            Move(_length);
        }

        private void Recall(int step)
        {
            int to = _recall + step;
            if (Secret || to < -1 || to >= HistoryLines || (to >= 0 && _history[to].Length == 0))
            {
                return;
            }

            _recall = to;
            Replace(to < 0 ? "" : _history[to]);
        }

        /// <summary>Shows what is behind the cursor and comes back to it.</summary>
        private void Tail()
        {
            for (int i = _cursor; i < _length; i++)
            {
                _out.RawByte(Secret ? '*' : _line[i]);
            }

            _out.Raw("\u001b[K");
            Back(_length - _cursor);
        }

        private void Move(int by)
        {
            if (by < 0)
            {
                Back(-by);
            }

            for (int i = 0; i < by; i++)
            {
                _out.RawByte(Secret ? '*' : _line[_cursor + i]);
            }

            _cursor += by;
        }

        private void Back(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _out.RawByte(8);
            }
        }
    }
}
