using System;
using System.Net;

namespace Ballast.Device
{
    /// <summary>Addresses of the few hosts that a board talks to, resolved once and kept until a connect to them failed (S20).</summary>
    public sealed class NameCache
    {
        private const int Slots = 8;

        private readonly object _lock = new object();
        private readonly string[] _names = new string[Slots];
        private readonly IPAddress[] _addresses = new IPAddress[Slots];
        private int _next;

        /// <summary>True if the text is an IPv4 address, for which no name server is asked.</summary>
        public static bool IsLiteral(string host)
        {
            for (int i = 0; i < host.Length; i++)
            {
                char c = host[i];
                if (c != '.' && (c < '0' || c > '9'))
                {
                    return false;
                }
            }

            return host.Length > 0;
        }

        /// <summary>The address of a host; null if nobody knows it. May block on a name server.</summary>
        public IPAddress? Find(string host)
        {
            if (IsLiteral(host))
            {
                return IPAddress.Parse(host);
            }

            lock (_lock)
            {
                for (int i = 0; i < Slots; i++)
                {
                    if (_names[i] == host)
                    {
                        return _addresses[i];
                    }
                }
            }

            IPHostEntry entry = Dns.GetHostEntry(host);
            if (entry.AddressList == null || entry.AddressList.Length == 0)
            {
                return null;
            }

            lock (_lock)
            {
                _names[_next] = host;
                _addresses[_next] = entry.AddressList[0];
                _next = (_next + 1) % Slots;
            }

            return entry.AddressList[0];
        }

        /// <summary>Forgets a host whose address did not answer.</summary>
        public void Forget(string host)
        {
            lock (_lock)
            {
                for (int i = 0; i < Slots; i++)
                {
                    if (_names[i] == host)
                    {
                        _names[i] = "";
                    }
                }
            }
        }
    }
}
