using System.Text;
using Ballast.Firmware.Pool;

namespace Ballast.Firmware.Tests.Mining;

/// <summary>A pool that answers every request in place and allocates nothing once logged in, so that only the miner's own allocation is seen.</summary>
internal sealed class QuietLink : ITcpLink
{
    private static readonly byte[] True = Encoding.ASCII.GetBytes(",\"result\":true,\"error\":null}\n");
    private static readonly byte[] Id = Encoding.ASCII.GetBytes("{\"id\":");
    private readonly byte[] _out = new byte[65536];
    private int _first;
    private int _count;

    public TcpState State { get; private set; }

    public int Submits { get; private set; }

    /// <summary>False: connects fail.</summary>
    public bool Reachable { get; set; } = true;

    /// <summary>Logins that it granted.</summary>
    public int Logins { get; private set; }

    /// <summary>Called with host and TLS before each connect.</summary>
    public Action<string, bool>? Connecting { get; set; }

    public void Connect(string host, int port, bool tls)
    {
        Connecting?.Invoke(host, tls);
        _count = 0;
        State = Reachable ? TcpState.Open : TcpState.Closed;
    }

    public int Read(byte[] buffer, int offset, int count)
    {
        int n = Math.Min(count, _count);
        for (int i = 0; i < n; i++)
        {
            buffer[offset + i] = _out[_first];
            _first = (_first + 1) % _out.Length;
        }

        _count -= n;
        return n;
    }

    public bool Write(byte[] buffer, int offset, int count)
    {
        if (State != TcpState.Open)
            return false;
        ReadOnlySpan<byte> line = buffer.AsSpan(offset, count);
        ReadOnlySpan<byte> id = line[6..line.IndexOf((byte)',')];
        Put(Id);
        Put(id);
        if (line.IndexOf("mining.configure"u8) >= 0)
        {
            Put(",\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"1fffe000\"},\"error\":null}\n"u8);
        }
        else if (line.IndexOf("mining.subscribe"u8) >= 0)
        {
            Put(",\"result\":[[],\"4128064f\",4],\"error\":null}\n"u8);
        }
        else
        {
            Submits += line.IndexOf("mining.submit"u8) >= 0 ? 1 : 0;
            Logins += line.IndexOf("mining.authorize"u8) >= 0 ? 1 : 0;
            Put(True);
        }

        return true;
    }

    public void Close() => State = TcpState.Closed;

    public void Put(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _out[(_first + _count) % _out.Length] = b;
            _count++;
        }
    }
}
