namespace Ballast.Host.Options;

/// <summary>Web section.</summary>
public sealed record HttpSection
{
    /// <summary>Addresses to listen on, separated by semicolons. Loopback unless the operator says otherwise; other addresses need TLS.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>True lets this interface raise: release a limit, or replace it by a higher one.</summary>
    public bool MayRaise { get; init; } = true;

    /// <summary>PEM file of the certificate for https, its chain behind it; read again when it changes. Null is none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key; null if it is in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// Addresses of proxies in front that do TLS, such as 127.0.0.1. Then plain http is allowed on any address, but only these and this
    /// machine are listened to, who asks stands in X-Forwarded-For, and nobody gets in without an API key.
    /// </summary>
    public IReadOnlyList<string> TlsProxies { get; init; } = [];

    /// <summary>How long a session of the page lasts, h, 1…8760.</summary>
    public int SessionHours { get; init; } = 168;
}
