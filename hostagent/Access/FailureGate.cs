using System.Net;
using System.Net.Sockets;

namespace Ballast.Host.Access;

/// <summary>
/// Slows down whoever tries keys. After five wrong ones an address, and a key that was tried with wrong secrets, is shut for 1 s, then
/// twice as long each time, up to 15 minutes. A key that has worked from an address goes on working from it: a broken script beside
/// the grid's system, behind the same address, cannot shut out an emergency. Bounded in memory. From any thread.
/// </summary>
/// <param name="time">Clock.</param>
public sealed class FailureGate(TimeProvider time)
{
    /// <summary>Wrong keys without a wait.</summary>
    public const int Free = 5;

    /// <summary>Most addresses and keys that are remembered; beyond, those that were quiet for longest are forgotten.</summary>
    public const int MostEntries = 10_000;

    private const int MostTrusted = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forget = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _trusted = new(StringComparer.Ordinal);

    /// <summary>Addresses and keys that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Seconds until an address may try a key again; 0 if it may now.</summary>
    /// <param name="remote">Address.</param>
    /// <param name="keyId">Public part of a key of this host, or "".</param>
    public int WaitS(IPAddress? remote, string keyId)
    {
        string address = AddressOf(remote);
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset open = Latest(Shut("a" + address), keyId.Length > 0 ? Shut("k" + keyId) : null) ?? now;
            return open <= now || _trusted.ContainsKey(address + " " + keyId) ? 0 : (int)Math.Ceiling((open - now).TotalSeconds);
        }
    }

    /// <summary>Notes a wrong key.</summary>
    /// <returns>How often that happened, if it is worth telling somebody: the first time and each time the wait gets longer. Else 0.</returns>
    public int Fail(IPAddress? remote, string keyId)
    {
        lock (_gate)
        {
            int address = Add("a" + AddressOf(remote));
            int key = keyId.Length > 0 ? Add("k" + keyId) : 0;
            int most = Math.Max(address, key);

            // One that is trusted from there never waits: its wrong tries are told less and less often.
            return address == 1 || (most >= Free && (most < Free * 4 || most % 100 == 0)) ? most : 0;
        }
    }

    /// <summary>Notes a right key: it works from there whatever others do.</summary>
    public void Good(IPAddress? remote, string keyId)
    {
        string address = AddressOf(remote);
        string pair = address + " " + keyId;
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (!_trusted.ContainsKey(pair) && _trusted.Count >= MostTrusted)
            {
                _trusted.Remove(_trusted.MinBy(t => t.Value).Key);
            }

            _trusted[pair] = now;
        }
    }

    /// <summary>What counts as one address: of IPv6 the network of 64 bits, because whoever has one address has all of them.</summary>
    public static string AddressOf(IPAddress? remote)
    {
        if (remote is null)
        {
            return "local";
        }

        if (remote.IsIPv4MappedToIPv6)
        {
            remote = remote.MapToIPv4();
        }

        if (remote.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(remote))
        {
            return remote.ToString();
        }

        byte[] bytes = remote.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private DateTimeOffset? Shut(string name) => _entries.TryGetValue(name, out Entry entry) ? entry.OpenAt : null;

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private int Add(string name)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_entries.TryGetValue(name, out Entry entry) && now - entry.Last > Forget)
        {
            entry = default;
        }
        else if (_entries.Count >= MostEntries && !_entries.ContainsKey(name))
        {
            foreach (string quiet in _entries.OrderBy(e => e.Value.Last).Take(MostEntries / 10).Select(e => e.Key).ToList())
            {
                _entries.Remove(quiet);
            }
        }

        int count = entry.Count + 1;
        double waitS = count < Free ? 0 : Math.Min(LongestWait.TotalSeconds, Math.Pow(2, count - Free));
        _entries[name] = new Entry(count, now, now.AddSeconds(waitS));
        return count;
    }

    private readonly record struct Entry(int Count, DateTimeOffset Last, DateTimeOffset OpenAt);
}
