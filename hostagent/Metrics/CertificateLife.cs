namespace Ballast.Host.Metrics;

/// <summary>How long a certificate that the host was given is good.</summary>
/// <param name="Name">Member of the configuration that names its file, such as `mqtt.caFile`.</param>
/// <param name="NotAfter">When it expires; the first of a file with several.</param>
internal sealed record CertificateLife(string Name, DateTimeOffset NotAfter);
