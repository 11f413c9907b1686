namespace Ballast.Firmware.Pool
{
    /// <summary>What a JSON token is.</summary>
    public enum JsonKind
    {
        /// <summary>Nothing: a member or element that is not there.</summary>
        None = 0,

        /// <summary>Object; its children are name, value, name, value …</summary>
        Object = 1,

        /// <summary>Array.</summary>
        Array = 2,

        /// <summary>String; start and end are inside the quotes, escapes are not resolved.</summary>
        String = 3,

        /// <summary>Number as written.</summary>
        Number = 4,

        /// <summary>true</summary>
        True = 5,

        /// <summary>false</summary>
        False = 6,

        /// <summary>null</summary>
        Null = 7,
    }

    /// <summary>
    /// A table of the tokens of one JSON text, over the bytes it came in. Bounded in tokens and depth, allocates nothing, never throws.
    /// Pools nest arrays and objects, so the flat reader of the board's own messages does not serve here.
    /// </summary>
    public sealed class JsonTokens
    {
        /// <summary>Most tokens in one text.</summary>
        public const int MaxTokens = 256;

        /// <summary>Deepest nesting.</summary>
        public const int MaxDepth = 16;

        /// <summary>Index that stands for "not there".</summary>
        public const int Missing = -1;

        private const int ExpectValue = 0;
        private const int ExpectValueOrClose = 1;
        private const int ExpectNameOrClose = 2;
        private const int ExpectName = 3;
        private const int ExpectColon = 4;
        private const int ExpectCommaOrClose = 5;
        private const int ExpectEnd = 6;

        private readonly byte[] _kind = new byte[MaxTokens];
        private readonly int[] _start = new int[MaxTokens];
        private readonly int[] _end = new int[MaxTokens];
        private readonly int[] _next = new int[MaxTokens];
        private readonly int[] _open = new int[MaxDepth];
        private byte[] _text = new byte[0];

        /// <summary>Tokens found by the last successful <see cref="Parse"/>; token 0 is the whole value.</summary>
        public int Count { get; private set; }

        /// <summary>The bytes that the offsets refer to.</summary>
        public byte[] Text { get { return _text; } }

        /// <summary>Reads one JSON value that fills the range. False if it is not one, or is larger than the bounds.</summary>
        public bool Parse(byte[] text, int offset, int length)
        {
            Count = 0;
            _text = text;
            int n = 0;
            int depth = 0;
            int expect = ExpectValue;
            int i = offset;
            int end = offset + length;
            while (i < end)
            {
                byte c = text[i];
                if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
                {
                    i++;
                    continue;
                }

                if (c == ',')
                {
                    if (expect != ExpectCommaOrClose)
                    {
                        return false;
                    }

                    expect = _kind[_open[depth - 1]] == (byte)JsonKind.Object ? ExpectName : ExpectValue;
                    i++;
                    continue;
                }

                if (c == ':')
                {
                    if (expect != ExpectColon)
                    {
                        return false;
                    }

                    expect = ExpectValue;
                    i++;
                    continue;
                }

                if (c == ']' || c == '}')
                {
                    bool isObject = c == '}';
                    if (depth == 0 || (_kind[_open[depth - 1]] == (byte)JsonKind.Object) != isObject)
                    {
                        return false;
                    }

                    if (expect != ExpectCommaOrClose && expect != (isObject ? ExpectNameOrClose : ExpectValueOrClose))
                    {
                        return false;
                    }

                    depth--;
                    int opened = _open[depth];
                    i++;
                    _end[opened] = i;
                    _next[opened] = n;
                    expect = depth == 0 ? ExpectEnd : ExpectCommaOrClose;
                    continue;
                }

                if (n == MaxTokens)
                {
                    return false;
                }

                if (expect == ExpectNameOrClose || expect == ExpectName)
                {
                    int after = c == '"' ? StringEnd(text, i + 1, end) : -1;
                    if (after < 0)
                    {
                        return false;
                    }

                    Set(n, JsonKind.String, i + 1, after);
                    n++;
                    i = after + 1;
                    expect = ExpectColon;
                    continue;
                }

                if (expect != ExpectValue && expect != ExpectValueOrClose)
                {
                    return false;
                }

                if (c == '{' || c == '[')
                {
                    if (depth == MaxDepth)
                    {
                        return false;
                    }

                    Set(n, c == '{' ? JsonKind.Object : JsonKind.Array, i, i);
                    _open[depth++] = n++;
                    expect = c == '{' ? ExpectNameOrClose : ExpectValueOrClose;
                    i++;
                    continue;
                }

                int stop = Scalar(text, i, end, n);
                if (stop < 0)
                {
                    return false;
                }

                n++;
                i = stop;
                expect = depth == 0 ? ExpectEnd : ExpectCommaOrClose;
            }

            if (expect != ExpectEnd)
            {
                return false;
            }

            Count = n;
            return true;
        }

        /// <summary>The kind of a token; <see cref="JsonKind.None"/> for <see cref="Missing"/>.</summary>
        public JsonKind Kind(int token)
        {
            return token < 0 || token >= Count ? JsonKind.None : (JsonKind)_kind[token];
        }

        /// <summary>Where the token's bytes begin.</summary>
        public int Start(int token)
        {
            return _start[token];
        }

        /// <summary>Bytes of the token.</summary>
        public int Length(int token)
        {
            return _end[token] - _start[token];
        }

        /// <summary>The first child of an array or object; <see cref="Missing"/> if it has none or is neither.</summary>
        public int First(int token)
        {
            JsonKind kind = Kind(token);
            return (kind == JsonKind.Array || kind == JsonKind.Object) && _next[token] > token + 1 ? token + 1 : Missing;
        }

        /// <summary>The sibling behind a child of <paramref name="parent"/>; <see cref="Missing"/> behind the last.</summary>
        public int Next(int parent, int child)
        {
            int next = _next[child];
            return next < _next[parent] ? next : Missing;
        }

        /// <summary>An element of an array by its place; <see cref="Missing"/> if it is not there.</summary>
        public int Element(int array, int index)
        {
            if (Kind(array) != JsonKind.Array)
            {
                return Missing;
            }

            int child = First(array);
            while (child >= 0 && index-- > 0)
            {
                child = Next(array, child);
            }

            return child;
        }

        /// <summary>The value of an object's member; <see cref="Missing"/> if it is not there.</summary>
        public int Member(int obj, byte[] name)
        {
            if (Kind(obj) != JsonKind.Object)
            {
                return Missing;
            }

            int child = First(obj);
            while (child >= 0)
            {
                int value = child + 1;
                if (Is(child, name))
                {
                    return value;
                }

                child = Next(obj, value);
            }

            return Missing;
        }

        /// <summary>True if a string token has exactly these bytes.</summary>
        public bool Is(int token, byte[] name)
        {
            if (Kind(token) != JsonKind.String || _end[token] - _start[token] != name.Length)
            {
                return false;
            }

            byte[] text = _text;
            int at = _start[token];
            for (int i = 0; i < name.Length; i++)
            {
                if (text[at + i] != name[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static int StringEnd(byte[] text, int i, int end)
        {
            while (i < end)
            {
                byte c = text[i];
                if (c == '"')
                {
                    return i;
                }

                if (c < 0x20)
                {
                    return -1;
                }

                i += c == '\\' ? 2 : 1;
            }

            return -1;
        }

        private int Scalar(byte[] text, int i, int end, int n)
        {
            byte c = text[i];
            if (c == '"')
            {
                int close = StringEnd(text, i + 1, end);
                if (close < 0)
                {
                    return -1;
                }

                Set(n, JsonKind.String, i + 1, close);
                return close + 1;
            }

            int stop = i;
            while (stop < end && IsWordByte(text[stop]))
            {
                stop++;
            }

            int length = stop - i;
            if (length == 4 && c == 't' && text[i + 1] == 'r' && text[i + 2] == 'u' && text[i + 3] == 'e')
            {
                Set(n, JsonKind.True, i, stop);
                return stop;
            }

            if (length == 4 && c == 'n' && text[i + 1] == 'u' && text[i + 2] == 'l' && text[i + 3] == 'l')
            {
                Set(n, JsonKind.Null, i, stop);
                return stop;
            }

            if (length == 5 && c == 'f' && text[i + 1] == 'a' && text[i + 2] == 'l' && text[i + 3] == 's' && text[i + 4] == 'e')
            {
                Set(n, JsonKind.False, i, stop);
                return stop;
            }

            if (length == 0 || (c != '-' && (c < '0' || c > '9')))
            {
                return -1;
            }

            Set(n, JsonKind.Number, i, stop);
            return stop;
        }

        private static bool IsWordByte(byte c)
        {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
        }

        private void Set(int n, JsonKind kind, int start, int end)
        {
            _kind[n] = (byte)kind;
            _start[n] = start;
            _end[n] = end;
            _next[n] = n + 1;
        }
    }
}
