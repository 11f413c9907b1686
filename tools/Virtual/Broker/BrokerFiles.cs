using System.Security.Cryptography;
using System.Text;
using Ballast.Host.Options;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Broker;

/// <summary>
/// All files of a site's broker: <c>broker/</c> is what mosquitto reads, <c>secrets/</c> has a file with the password of each user,
/// <c>authority/</c> the key of the site's own authority. Only their owner may read any of them.
/// </summary>
public static class BrokerFiles
{
    private const string Mark = "# written by ballast broker-config, again at each run: ";

    /// <summary>Writes them.</summary>
    /// <returns>What was done, a sentence each, without a secret.</returns>
    /// <exception cref="IOException">They cannot be written; the message is one sentence, and what mosquitto reads is as it was.</exception>
    public static IReadOnlyList<string> Write(SiteOptions site, BrokerSettings settings)
    {
        string broker = Path.Combine(settings.Output, "broker"), secrets = Path.Combine(settings.Output, "secrets"), authority = Path.Combine(settings.Output, "authority", "ca.key");
        string at = settings.At?.TrimEnd('/') ?? Path.GetFullPath(broker);
        string? wrong = BrokerClient.Problem(site) ?? Problem(site, settings, at) ?? (settings.Force ? null : NotOurs(broker) ?? OwnAuthority(settings, authority));
        if (wrong is not null)
            throw new IOException(wrong);
        bool given = settings.CaFile is not null;
        DateTimeOffset end = given ? SiteAuthority.Check(settings.CaFile!, settings.CertificateFile!, settings.KeyFile!) : default;

        foreach (string folder in (string[])[settings.Output, broker, secrets])
            Folder(folder);
        IReadOnlyList<BrokerClient> clients = BrokerClient.Of(site);
        var credentials = new CredentialFolder(secrets);
        string passwords = string.Concat(clients.Select(c => MosquittoPassword.Line(c.User, credentials.Get(c.User)) + "\n"));
        if (given)
        {
            Copy(settings.CaFile!, Path.Combine(broker, "ca.pem"));
            Copy(settings.CertificateFile!, Path.Combine(broker, "server.pem"));
            Copy(settings.KeyFile!, Path.Combine(broker, "server.key"));
        }
        else
        {
            Folder(Path.GetDirectoryName(authority)!);
            end = SiteAuthority.Ensure(site.Site, Names(site, settings), broker, authority);
        }

        WriteOwn(Path.Combine(broker, "passwords"), passwords);
        WriteOwn(Path.Combine(broker, "acl"), MosquittoTexts.Acl(site, clients));
        WriteOwn(Path.Combine(broker, "mosquitto.conf"), MosquittoTexts.Configuration(site, settings, clients.Count, at));

        List<string> told =
        [
            $"{broker}: mosquitto.conf, acl and passwords of {clients.Count} users; the certificate holds until {end.UtcDateTime:yyyy-MM-dd}.",
            $"{secrets}: a file for each user, {credentials.Drawn} new, {clients.Count - credentials.Drawn} kept.",
        ];
        if (!given)
            told.Add($"{authority}: whoever has it can speak as the broker; keep it off this machine until the next run with new names or in the certificate's last 180 days.");
        IReadOnlyList<string> others = credentials.Others(clients.Select(c => c.User));
        if (others.Count > 0)
            told.Add($"{others.Count} file(s) in {secrets} belong to nobody of this site and open nothing any more, for example {others[0]}: delete them.");
        return told;
    }

    private static string? Problem(SiteOptions site, BrokerSettings s, string at)
    {
        int[] ports = [s.TlsPort, .. s.PlainPort is { } p ? [p] : Array.Empty<int>(), .. MosquittoTexts.HostIsLocal(site) ? [site.Mqtt.Port] : Array.Empty<int>()];
        if (ports.Any(p => p is < 1 or > 65535))
            return "--tls-port and --plain-port must be 1…65535.";
        if (ports.Distinct().Count() != ports.Length)
            return "Two listeners have one port: the host's is mqtt.port of the configuration, the others are --tls-port and --plain-port.";
        if ((s.CaFile, s.CertificateFile, s.KeyFile) is not ((null, null, null) or (not null, not null, not null)))
            return "--ca, --cert and --key belong together: give all three, or none and the site gets an authority of its own.";
        if (s.PlainAddress is not null && (s.PlainPort is null || !System.Net.IPAddress.TryParse(s.PlainAddress, out _)))
            return "--plain-address takes an address of this machine on the boards' network and needs --plain-port.";
        if (s.Names.FirstOrDefault(n => Uri.CheckHostName(n) == UriHostNameType.Unknown) is { } name)
            return $"'{name}' is neither a name nor an address: --name takes what boards call the broker, for example 10.0.0.5.";
        if (s.CaFile is null && s.Names.Count == 0 && MosquittoTexts.HostIsLocal(site))
            return "The configuration calls the broker by an address of this machine only: say what boards call it, --name ADDRESS.";
        if (at[0] != '/' || at.Any(char.IsControl))
            return "--at takes the absolute path of the folder in which mosquitto will find its files.";
        return s.Account.Length > 0 && !s.Account.Any(c => char.IsControl(c) || c == ' ') ? null : "--user takes the name of an account.";
    }

    // Loopback too: the host's other tools on this machine may use TLS.
    private static string[] Names(SiteOptions site, BrokerSettings settings)
        => [.. settings.Names.Concat(MosquittoTexts.HostIsLocal(site) ? [] : [site.Mqtt.Host]).Concat(["localhost", "127.0.0.1"]).Distinct(StringComparer.Ordinal)];

    private static string? NotOurs(string broker)
    {
        foreach (string name in (string[])["mosquitto.conf", "acl", "passwords"])
        {
            string path = Path.Combine(broker, name);
            if (File.Exists(path) && !IsOwn(path))
                return $"{path} was not written by this command, or was changed since: move it away, or replace it with --force.";
        }

        string? stray = File.Exists(Path.Combine(broker, "mosquitto.conf")) || !Directory.Exists(broker) ? null : Directory.EnumerateFiles(broker).FirstOrDefault();
        return stray is null ? null : $"{broker} has {Path.GetFileName(stray)} but no mosquitto.conf of this command: choose another folder, or use this one with --force.";
    }

    private static string? OwnAuthority(BrokerSettings settings, string key)
        => settings.CaFile is null || !File.Exists(key) ? null : $"The site has an authority of its own, {key}, which boards may trust: leave --ca, --cert and --key out, or replace it with --force.";

    internal static void WriteOwn(string path, string text) => PrivateFile.Write(path, $"{Mark}{Sum(text)}\n{text}", replace: true);

    internal static bool IsOwn(string path)
    {
        string all = File.ReadAllText(path);
        int line = all.IndexOf('\n', StringComparison.Ordinal);
        return line > 0 && all[..line] == Mark + Sum(all[(line + 1)..]);
    }

    // Finds changes by hand; it is no protection against anybody.
    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    private static void Copy(string from, string to) => PrivateFile.Write(to, File.ReadAllText(from), replace: true);

    private static void Folder(string path)
        => Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
