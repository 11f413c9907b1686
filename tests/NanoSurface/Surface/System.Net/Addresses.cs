using System.Net.Sockets;

namespace System.Net;

public static class Dns
{
    public static IPHostEntry GetHostEntry(string hostNameOrAddress) => throw null;
}

public abstract class EndPoint
{
    public virtual SocketAddress Serialize() => throw null;
    public virtual EndPoint Create(SocketAddress socketAddress) => throw null;
}

public class IPAddress
{
    public static readonly IPAddress Any;
    public static readonly IPAddress Loopback;
    public static readonly IPAddress Broadcast;
    public static readonly IPAddress None;
    public static readonly IPAddress IPv6Any;
    public static readonly IPAddress IPv6Loopback;
    public AddressFamily AddressFamily => throw null;
    public long ScopeId { get => throw null; set => throw null; }
    public bool IsIPv4MappedToIPv6 => throw null;
    public IPAddress(long newAddress) => throw null;
    public IPAddress(byte[] address) => throw null;
    public static bool operator ==(IPAddress a, IPAddress b) => throw null;
    public static bool operator !=(IPAddress a, IPAddress b) => throw null;
    public IPAddress(byte[] address, long scopeid) => throw null;
    public override bool Equals(object other) => throw null;
    public bool Equals(IPAddress other) => throw null;
    public byte[] GetAddressBytes() => throw null;
    public static IPAddress Parse(string ipString) => throw null;
    public override string ToString() => throw null;
    public static IPAddress GetDefaultLocalAddress() => throw null;
    public override int GetHashCode() => throw null;
    public IPAddress MapToIPv6() => throw null;
    public IPAddress MapToIPv4() => throw null;
}

public class IPEndPoint : EndPoint
{
    public const int MinPort = 0;
    public const int MaxPort = 65535;
    public IPAddress Address => throw null;
    public AddressFamily AddressFamily => throw null;
    public int Port => throw null;
    public IPEndPoint(long address, int port) => throw null;
    public IPEndPoint(IPAddress address, int port) => throw null;
    public override SocketAddress Serialize() => throw null;
    public override EndPoint Create(SocketAddress socketAddress) => throw null;
    public override string ToString() => throw null;
    public override bool Equals(object obj) => throw null;
    public override int GetHashCode() => throw null;
}

public class IPHostEntry
{
    public string HostName => throw null;
    public IPAddress[] AddressList => throw null;
    public IPHostEntry() => throw null;
}

public class SocketAddress
{
    public AddressFamily Family => throw null;
    public int Size => throw null;
    public byte this[int index] { get => throw null; set => throw null; }
    public SocketAddress(AddressFamily family, int size) => throw null;
    public override bool Equals(object obj) => throw null;
    public override int GetHashCode() => throw null;
}
