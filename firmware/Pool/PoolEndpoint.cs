namespace Ballast.Firmware.Pool
{
    /// <summary>Where one pool is and who we are there.</summary>
    public sealed class PoolEndpoint
    {
        private PoolEndpoint(string host, int port, bool tls, string user, string password)
        {
            Host = host;
            Port = port;
            Tls = tls;
            User = user;
            Password = password;
        }

        /// <summary>Host name or address, without brackets.</summary>
        public string Host { get; }

        /// <summary>Port, 1…65535.</summary>
        public int Port { get; }

        /// <summary>True if the stream must be TLS. It is never given up for a plain one.</summary>
        public bool Tls { get; }

        /// <summary>User or worker name.</summary>
        public string User { get; }

        /// <summary>Password; most pools ignore it.</summary>
        public string Password { get; }

        /// <summary>
        /// True if connecting needs neither a name server nor a handshake and stays on the local network: plain TCP to a literal private
        /// or loopback IPv4 address. Only such a connect may be made while chips are powered on a board that nothing else watches (rule S20).
        /// </summary>
        public bool IsBounded { get { return !Tls && IsPrivateIPv4(Host); } }

        /// <summary>
        /// Reads <c>stratum+tcp://host:port</c>, <c>stratum+ssl://host:port</c>, <c>stratum+tls://host:port</c> or <c>host:port</c>.
        /// Null with a reason that says what to change.
        /// </summary>
        public static PoolEndpoint? TryParse(string url, string user, string password, out string? reason)
        {
            bool tls = false;
            int at = url.IndexOf("://");
            int start = 0;
            if (at >= 0)
            {
                string scheme = url.Substring(0, at).ToLower();
                if (scheme == "stratum+ssl" || scheme == "stratum+tls")
                {
                    tls = true;
                }
                else if (scheme != "stratum+tcp" && scheme != "tcp")
                {
                    reason = "pool URL begins with '" + scheme + "://'; use stratum+tcp:// or stratum+ssl://";
                    return null;
                }

                start = at + 3;
            }

            int end = url.IndexOf('/', start);
            if (end < 0)
            {
                end = url.Length;
            }

            int hostEnd;
            int portStart;
            if (start < end && url[start] == '[')
            {
                int close = url.IndexOf(']', start);
                hostEnd = close;
                start++;
                portStart = close >= 0 && close + 1 < end && url[close + 1] == ':' ? close + 2 : -1;
            }
            else
            {
                int colon = url.IndexOf(':', start);
                hostEnd = colon;
                portStart = colon < 0 || colon >= end ? -1 : colon + 1;
            }

            if (portStart < 0)
            {
                reason = "pool URL has no port; write it as host:port, for example stratum+tcp://pool.example:3333";
                return null;
            }

            if (hostEnd <= start)
            {
                reason = "pool URL has no host; write it as host:port, for example stratum+tcp://pool.example:3333";
                return null;
            }

            int port = 0;
            for (int i = portStart; i < end; i++)
            {
                char c = url[i];
                port = c < '0' || c > '9' || port > 65535 ? 1000000 : (port * 10) + (c - '0');
            }

            if (port < 1 || port > 65535)
            {
                reason = "pool port must be a number from 1 to 65535";
                return null;
            }

            if (user.Length == 0)
            {
                reason = "pool user is empty; pools need the name that shares are credited to";
                return null;
            }

            reason = null;
            return new PoolEndpoint(url.Substring(start, hostEnd - start), port, tls, user, password);
        }

        /// <summary>The same account at another host and port, as a pool's reconnect asks.</summary>
        public PoolEndpoint At(string host, int port)
        {
            return new PoolEndpoint(host, port, Tls, User, Password);
        }

        /// <summary>
        /// True if a pool at <paramref name="from"/> may send its miners to <paramref name="to"/>: the same host, a name below it, or a sibling
        /// below the same registered domain. Addresses must be equal. Anything else would let whoever forges one line take the hash rate away.
        /// </summary>
        public static bool SameDomain(string from, string to)
        {
            string a = from.ToLower();
            string b = to.ToLower();
            if (a == b)
            {
                return true;
            }

            if (LooksLikeAddress(a) || LooksLikeAddress(b))
            {
                return false;
            }

            if (EndsWithDot(b, a))
            {
                return true;
            }

            int dot = a.IndexOf('.');
            if (dot < 0)
            {
                return false;
            }

            string parent = a.Substring(dot + 1);
            return IsRegistered(parent) && (b == parent || EndsWithDot(b, parent));
        }

        private static bool EndsWithDot(string name, string domain)
        {
            int cut = name.Length - domain.Length;
            return cut > 1 && name[cut - 1] == '.' && name.Substring(cut) == domain;
        }

        // A domain that one owner registers: two labels, or three below second-level registries such as co.uk and com.au.
        private static bool IsRegistered(string domain)
        {
            int last = domain.LastIndexOf('.');
            if (last <= 0)
            {
                return false;
            }

            int previous = domain.LastIndexOf('.', last - 1);
            int secondLength = last - previous - 1;
            bool registry = domain.Length - last - 1 == 2 && secondLength <= 3;
            return !registry || previous > 0;
        }

        private static bool LooksLikeAddress(string host)
        {
            for (int i = 0; i < host.Length; i++)
            {
                char c = host[i];
                if (c == ':')
                {
                    return true;
                }

                if (c != '.' && (c < '0' || c > '9'))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsPrivateIPv4(string host)
        {
            int[] part = new int[4];
            int n = 0;
            int digits = 0;
            for (int i = 0; i < host.Length; i++)
            {
                char c = host[i];
                if (c == '.')
                {
                    if (digits == 0 || ++n > 3)
                    {
                        return false;
                    }

                    digits = 0;
                }
                else if (c >= '0' && c <= '9' && digits < 3)
                {
                    part[n] = (part[n] * 10) + (c - '0');
                    digits++;
                }
                else
                {
                    return false;
                }
            }

            if (n != 3 || digits == 0 || part[1] > 255 || part[2] > 255 || part[3] > 255)
            {
                return false;
            }

            return part[0] == 10 || part[0] == 127 || (part[0] == 172 && part[1] >= 16 && part[1] <= 31) || (part[0] == 192 && part[1] == 168)
                || (part[0] == 169 && part[1] == 254);
        }
    }
}
