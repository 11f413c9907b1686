using System.CommandLine;
using Ballast.Host.Options;
using Ballast.Virtual.Broker;

namespace Ballast.Cli;

/// <summary><c>ballast broker-config</c>: everything that mosquitto needs for one site.</summary>
internal static class BrokerConfigCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "Configuration of the host agent: site, pods, boards, meters and sources come from there.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for the files; a second run keeps passwords and certificates in it.", Required = true };
        var at = new Option<string?>("--at") { Description = "Folder in which mosquitto will find its part, if you move it: /etc/mosquitto/ballast." };
        var names = new Option<string[]>("--name") { Description = "Name or address by which boards call the broker, for its certificate; may be given often.", DefaultValueFactory = _ => [] };
        var ca = new Option<string?>("--ca") { Description = "PEM with your authority; without it the site gets one of its own." };
        var cert = new Option<string?>("--cert") { Description = "PEM with the broker's certificate by that authority." };
        var key = new Option<string?>("--key") { Description = "PEM with its private key." };
        var tls = new Option<int>("--tls-port") { Description = "Port of the listener with TLS.", DefaultValueFactory = _ => 8883 };
        var plain = new Option<int?>("--plain-port") { Description = "Adds a listener without TLS on this port, for boards without an external watchdog." };
        var address = new Option<string?>("--plain-address") { Description = "Address of this machine on which that one listens; without it on all." };
        var user = new Option<string>("--user") { Description = "Account that mosquitto runs under.", DefaultValueFactory = _ => "mosquitto" };
        var force = new Option<bool>("--force") { Description = "Replaces files that this command did not write, or that were changed since." };
        var command = new Command("broker-config", "Writes configuration, certificates, passwords and access list of a site's mosquitto 2.")
        {
            config, output, at, names, ca, cert, key, tls, plain, address, user, force,
        };
        command.SetAction(p => Run(p.GetValue(config)!, new BrokerSettings
        {
            Output = p.GetValue(output)!,
            At = p.GetValue(at),
            Names = p.GetValue(names)!,
            CaFile = p.GetValue(ca),
            CertificateFile = p.GetValue(cert),
            KeyFile = p.GetValue(key),
            TlsPort = p.GetValue(tls),
            PlainPort = p.GetValue(plain),
            PlainAddress = p.GetValue(address),
            Account = p.GetValue(user)!,
            Force = p.GetValue(force),
        }));
        return command;
    }

    private static int Run(string config, BrokerSettings settings)
    {
        try
        {
            SiteOptions site = OptionsFile.Load(config, out IReadOnlyList<string> problems) ?? throw new IOException(problems[0]);
            foreach (string sentence in BrokerFiles.Write(site, settings))
                Console.WriteLine(sentence);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
