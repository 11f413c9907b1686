using System.Text;

namespace Ballast.Firmware.Agent
{
    /// <summary>
    /// Read-only HTTP for the tools that owners already have, in the shape that AxeOS serves: <c>/api/system/info</c>, <c>/api/system/asic</c>,
    /// and a page at <c>/</c> by which scanners know the board. It knows requests and answers as bytes; sockets belong to the device. Only GET
    /// and HEAD are answered, so nothing can be changed, and no secret is in any answer. Other sites' scripts are not let in (no CORS header).
    /// </summary>
    public sealed class LocalApi
    {
        /// <summary>Room that the largest answer needs, bytes.</summary>
        public const int MaxResponse = 4096;

        /// <summary>Longest request that is taken, to the blank line that ends its head, bytes.</summary>
        public const int MaxRequest = 1024;

        private const int MaxHead = 256;
        private const string Json = "application/json";

        private readonly LocalInfo _info;
        private readonly byte[] _body = new byte[MaxResponse - MaxHead];

        /// <summary>Makes the interface of a board.</summary>
        public LocalApi(BoardAgent agent)
        {
            _info = new LocalInfo(agent);
        }

        /// <summary>MAC address as AA:BB:CC:DD:EE:FF, by which tools tell boards apart; "" while it is not known.</summary>
        public string MacAddress
        {
            get => _info.MacAddress;
            set => _info.MacAddress = value;
        }

        /// <summary>True once the head of a request is complete: what follows it does not matter here.</summary>
        public static bool IsWhole(byte[] request, int count)
        {
            for (int i = 1; i < count; i++)
            {
                if (request[i] == (byte)'\n' && (request[i - 1] == (byte)'\n' || (i >= 3 && request[i - 1] == (byte)'\r' && request[i - 2] == (byte)'\n')))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Answers the first line of a request. The length of the answer in <paramref name="into"/>, which has room for <see cref="MaxResponse"/>.</summary>
        public int Respond(byte[] request, int count, byte[] into)
        {
            int method = Word(request, count, 0);
            int path = method < 1 ? -1 : Word(request, count, method + 1);
            if (path <= method + 1 || !IsHttp1(request, count, path + 1))
            {
                return Refuse(into, "400 Bad Request", "this is no HTTP/1 request");
            }

            bool head = Is(request, 0, method, "HEAD");
            if (!head && !Is(request, 0, method, "GET"))
            {
                return Refuse(into, "405 Method Not Allowed", "this page only shows; use the console or the host to change something");
            }

            int end = path;
            for (int i = method + 1; i < path; i++)
            {
                if (request[i] == (byte)'?')
                {
                    end = i;
                    break;
                }
            }

            string type = Json;
            int length;
            if (Is(request, method + 1, end, "/api/system/info"))
            {
                length = _info.WriteInfo(_body);
            }
            else if (Is(request, method + 1, end, "/api/system/asic"))
            {
                length = _info.WriteAsic(_body);
            }
            else if (Is(request, method + 1, end, "/"))
            {
                type = "text/html";
                length = _info.WritePage(_body);
            }
            else
            {
                return Refuse(into, "404 Not Found", "there are /, /api/system/info and /api/system/asic");
            }

            return length == 0 ? Refuse(into, "500 Internal Server Error", "the answer did not fit") : Answer(into, "200 OK", type, length, !head);
        }

        /// <summary>The answer to a request whose head is longer than <see cref="MaxRequest"/>.</summary>
        public int TooLong(byte[] into) => Refuse(into, "431 Request Header Fields Too Large", "a request has at most 1024 bytes here");

        /// <summary>The answer to a request that did not come to its end in time.</summary>
        public int TooSlow(byte[] into) => Refuse(into, "408 Request Timeout", "the request did not come in time");

        private int Refuse(byte[] into, string status, string why) => Answer(into, status, Json, LocalInfo.WriteError(_body, why), true);

        private int Answer(byte[] into, string status, string type, int length, bool withBody)
        {
            string head = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + length.ToString()
                + "\r\nAllow: GET, HEAD\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
            byte[] bytes = Encoding.UTF8.GetBytes(head);
            System.Array.Copy(bytes, 0, into, 0, bytes.Length);
            if (!withBody)
            {
                return bytes.Length;
            }

            System.Array.Copy(_body, 0, into, bytes.Length, length);
            return bytes.Length + length;
        }

        /// <summary>Index of the blank that ends a word, or -1.</summary>
        private static int Word(byte[] text, int count, int from)
        {
            for (int i = from; i < count && text[i] != (byte)'\r' && text[i] != (byte)'\n'; i++)
            {
                if (text[i] == (byte)' ')
                {
                    return i;
                }
            }

            return -1;
        }

        private static bool IsHttp1(byte[] text, int count, int from) =>
            from + 8 < count && Is(text, from, from + 7, "HTTP/1.") && (text[from + 8] == (byte)'\r' || text[from + 8] == (byte)'\n');

        private static bool Is(byte[] text, int from, int to, string word)
        {
            if (to - from != word.Length)
            {
                return false;
            }

            for (int i = 0; i < word.Length; i++)
            {
                if (text[from + i] != (byte)word[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
