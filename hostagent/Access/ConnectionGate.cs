using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Ballast.Host.Access;

/// <summary>
/// Bounds the connections that one address may hold, half-open ones too, so that a stranger who opens and says nothing (slow loris) shuts
/// nobody else out: places are kept for this machine, and proxies of the configuration speak for many. From any thread.
/// </summary>
internal sealed class ConnectionGate
{
    /// <summary>Most connections of all addresses together.</summary>
    internal const int Most = 1000;

    /// <summary>Most of one address; of IPv6 one network of 64 bits.</summary>
    internal const int MostOfOne = 250;

    /// <summary>Most of all other machines together: the rest is for this one.</summary>
    internal const int MostOfOthers = 800;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _proxies;
    private int _all;
    private int _others;

    /// <param name="proxies">Proxies that do TLS in front.</param>
    internal ConnectionGate(IEnumerable<string> proxies)
        => _proxies = [.. proxies.Select(p => FailureGate.AddressOf(IPAddress.Parse(p)))];

    /// <summary>Connections now.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Serves a connection if there is a place for it; otherwise it is closed.</summary>
    internal async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress? remote = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (!Enter(remote))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(remote);
        }
    }

    /// <summary>Takes a place. False if there is none.</summary>
    internal bool Enter(IPAddress? remote)
    {
        string address = FailureGate.AddressOf(remote);
        int stranger = Limits.WhoMayWhat.IsHere(remote) ? 0 : 1;
        lock (_gate)
        {
            int held = _held.GetValueOrDefault(address);
            if (_all >= Most || _others + stranger > MostOfOthers || (held >= MostOfOne && !_proxies.Contains(address)))
            {
                return false;
            }

            _held[address] = held + 1;
            _all++;
            _others += stranger;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    internal void Leave(IPAddress? remote)
    {
        string address = FailureGate.AddressOf(remote);
        lock (_gate)
        {
            _all--;
            _others -= Limits.WhoMayWhat.IsHere(remote) ? 0 : 1;
            if (--_held[address] == 0)
            {
                _held.Remove(address);
            }
        }
    }
}
