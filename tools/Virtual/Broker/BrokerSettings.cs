namespace Ballast.Virtual.Broker;

/// <summary>What a site's configuration does not say about its broker.</summary>
public sealed record BrokerSettings
{
    /// <summary>Folder for everything.</summary>
    public required string Output { get; init; }

    /// <summary>Where mosquitto will find its part; null is where it is written.</summary>
    public string? At { get; init; }

    /// <summary>Names and addresses by which boards call the broker, for its certificate.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Certificates of an own authority, the broker's certificate, and its key, all PEM; all three or none.</summary>
    public string? CaFile { get; init; }

    /// <summary>See <see cref="CaFile"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>See <see cref="CaFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Port of the TLS listener.</summary>
    public int TlsPort { get; init; } = 8883;

    /// <summary>Port of a listener without TLS for boards on the LAN; null is none.</summary>
    public int? PlainPort { get; init; }

    /// <summary>Address of this machine on which that one listens.</summary>
    public string? PlainAddress { get; init; }

    /// <summary>Account that mosquitto changes to when root starts it.</summary>
    public string Account { get; init; } = "mosquitto";

    /// <summary>True replaces files that were not written by this program, or were changed since.</summary>
    public bool Force { get; init; }
}
