using System.Net;

namespace Ballast.Host.Options;

/// <summary>What the web section must satisfy: nothing of it may be overheard.</summary>
internal static class HttpCheck
{
    internal static void Add(List<string> found, HttpSection http)
    {
        OptionsCheck.Range(found, "http.sessionHours", http.SessionHours, 1, 8760);
        if (http.CertificateFile is not null && Access.WebCertificate.Problem(http) is { } problem)
        {
            found.Add(problem);
        }
        else if (http.CertificateFile is null && http.KeyFile is not null)
        {
            found.Add("http.keyFile is there without http.certificateFile: name the certificate, too.");
        }

        foreach (string proxy in http.TlsProxies.Where(p => !IPAddress.TryParse(p, out _)))
        {
            found.Add("http.tlsProxies names '" + proxy + "': use addresses, like 127.0.0.1.");
        }

        string[] urls = http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
        {
            found.Add("http.urls is empty: use http://127.0.0.1:8080.");
        }

        foreach (string url in urls)
        {
            Url(found, http, url);
        }
    }

    private static void Url(List<string> found, HttpSection http, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            found.Add("http.urls has '" + url + "': use addresses like http://127.0.0.1:8080, separated by semicolons.");
            return;
        }

        if (address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            if (http.CertificateFile is null)
            {
                found.Add("http.urls has '" + url + "', which needs http.certificateFile: name the PEM file of its certificate, and http.keyFile with its key.");
            }
        }
        else if (!address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            found.Add("http.urls has '" + url + "': use http or https.");
        }
        else if (!IsLoopback(address) && http.TlsProxies.Count == 0)
        {
            found.Add("http.urls has '" + url + "', where keys could be overheard: use https with http.certificateFile, or http on 127.0.0.1, or name the proxy in front that does TLS in http.tlsProxies.");
        }
    }

    private static bool IsLoopback(BindingAddress address)
        => address.IsUnixPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
