using System.Net;
using Ballast.Host.Keys;

namespace Ballast.Host.Options;

/// <summary>What the host puts up with in a configuration and an operator should know, a sentence each. Keys are in <see cref="StoredKeys"/>.</summary>
internal static class OptionsWarnings
{
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <param name="written">The configuration as it stands in the file, without what the secret store puts in.</param>
    /// <param name="path">The file.</param>
    internal static IEnumerable<string> Of(SiteOptions written, string path)
    {
        string[] readable = [.. Secrets(written).Where(s => s.Value is { Length: > 0 } value && !SecretReferences.Is(value)).Select(s => s.Name)];
        if (readable.Length > 0)
        {
            yield return string.Join(", ", readable) + " stand(s) readable in the configuration: keep it with 'ballast keys set NAME', and write \"secret:NAME\" in its place.";
        }

        bool secret = readable.Length > 0 || StoredKeys.Written(written).Any(k => k.Key.Length > 0 && !SecretReferences.Is(k.Key));
        if (Mode(path, secret) is { } mode)
        {
            yield return mode;
        }

        foreach ((string name, MqttSection? broker) in new[] { ("mqtt", written.Mqtt), ("signalBroker", written.SignalBroker) })
        {
            if (broker is { CaFile: null } && !IsHere(broker.Host))
            {
                yield return name + " goes to " + broker.Host + " without TLS, so its password and all that is said can be overheard: name the broker's authority in " + name + ".caFile.";
            }
        }

        foreach (WebhookSection webhook in written.Alerts.Webhooks)
        {
            if (Uri.TryCreate(webhook.Url, UriKind.Absolute, out Uri? url) && url.Scheme == "http" && !IsHere(url.Host))
            {
                yield return "alerts webhook '" + webhook.Id + "' goes to " + url.Host + " without TLS: use an https address.";
            }
        }

        if (written.Alerts.Mail is { Tls: "none" } mail && !IsHere(mail.Host))
        {
            yield return "alerts.mail goes to " + mail.Host + " without TLS: use starttls or tls.";
        }

        if (!written.Meter.Configured && written.Pods.Count > 0)
        {
            yield return "meter.configured is not set: the boards' own estimates stand for the site's power, and nothing checks them.";
        }
    }

    private static IEnumerable<(string Name, string? Value)> Secrets(SiteOptions options)
    {
        yield return ("mqtt.password", options.Mqtt.Password);
        yield return ("signalBroker.password", options.SignalBroker?.Password);
        yield return ("alerts.mail.password", options.Alerts.Mail?.Password);
        foreach (WebhookSection webhook in options.Alerts.Webhooks)
        {
            yield return ("alerts webhook '" + webhook.Id + "' secret", webhook.Secret);
            yield return ("alerts webhook '" + webhook.Id + "' token", webhook.Token);
        }
    }

    // The package installs 0640 with the service's own group, so a group that may read is no fault.
    private static string? Mode(string path, bool secret)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & OthersMayWrite) != 0 ? "Others than its owner may change '" + path + "': chmod go-w '" + path + "'."
            : secret && (mode & UnixFileMode.OtherRead) != 0 ? "Everybody may read '" + path + "', and secrets stand in it: chmod o-r '" + path + "'." : null;
    }

    private static bool IsHere(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
