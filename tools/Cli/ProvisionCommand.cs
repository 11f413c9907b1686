using System.CommandLine;
using Ballast.Virtual.Provisioning;

namespace Ballast.Cli;

/// <summary><c>ballast provision</c>: the files that nanoff brings to a board.</summary>
internal static class ProvisionCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Directory for the files.", Required = true };
        var host = new Option<string?>("--host-config") { Description = "Configuration of the host agent: site, ids, keys and nameplate of --board come from there." };
        var board = new Option<string?>("--board") { Description = "POD/BOARD in it." };
        var set = new Option<string[]>("--set") { Description = "A setting as name=value; may be given often. The names: firmware/Device/README.md.", DefaultValueFactory = _ => [] };
        var secrets = new Option<string?>("--secrets") { Description = "File with secrets as name=value, readable by you only: podKey, boardKey, mqttPassword, pool0Password, pool1Password, wifiPassword." };
        var wifi = new Option<string?>("--wifi") { Description = "Name of the Wi-Fi network; its password is wifiPassword in --secrets." };
        var open = new Option<bool>("--wifi-open") { Description = "That network has no password." };
        var ca = new Option<string?>("--ca") { Description = "PEM with the broker's root certificate (mqttTls=1)." };
        var cert = new Option<string?>("--cert") { Description = "PEM with the board's own certificate." };
        var key = new Option<string?>("--key") { Description = "PEM with its private key." };
        var roots = new Option<string?>("--roots") { Description = "PEM with root certificates for pools with TLS, for the device's own store." };
        var serial = new Option<string>("--serialport") { Description = "Serial port at which nanoff finds the device.", DefaultValueFactory = _ => "/dev/ttyACM0" };
        var force = new Option<bool>("--force") { Description = "Replaces files that are there." };
        var command = new Command("provision", "Writes settings, keys, certificates and Wi-Fi of one board as files for nanoff.")
        {
            output, host, board, set, secrets, wifi, open, ca, cert, key, roots, serial, force,
        };
        command.SetAction(p =>
        {
            var extras = new BoardExtras
            {
                Wifi = p.GetValue(wifi),
                OpenWifi = p.GetValue(open),
                CaFile = p.GetValue(ca),
                CertificateFile = p.GetValue(cert),
                KeyFile = p.GetValue(key),
                RootsFile = p.GetValue(roots),
                SerialPort = p.GetValue(serial)!,
            };
            return Run(p.GetValue(output)!, p.GetValue(host), p.GetValue(board), p.GetValue(set)!, p.GetValue(secrets), extras, p.GetValue(force));
        });
        return command;
    }

    private static int Run(string output, string? host, string? board, string[] set, string? secrets, BoardExtras extras, bool force)
    {
        try
        {
            var lines = new SettingLines();
            string? wrong = null;
            foreach (string text in set)
                wrong ??= lines.AddOpen(text);
            if ((host is null) != (board is null))
                wrong ??= "--host-config and --board belong together: give both or neither.";
            if (host is not null && board is not null)
                wrong ??= lines.AddFromHost(host, board);
            if (secrets is not null)
                wrong ??= lines.AddSecrets(secrets);
            if (wrong is not null)
                return Wrong(wrong);
            if (BoardFiles.TryCreate(lines, extras, out string problem) is not { } files)
                return Wrong(problem);
            string? there = files.Names.Select(n => Path.Combine(output, n)).FirstOrDefault(File.Exists);
            if (there is not null && !force)
                return Wrong($"{there} is there already: choose another directory, or replace it with --force.");
            files.Write(output, force);
            Tell(output, files);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong($"The files cannot be read or written: {e.Message}");
        }
    }

    private static void Tell(string output, BoardFiles files)
    {
        Firmware.Start.DeviceSettings s = files.Settings;
        string life = s.Board.Enrolled ? $"enrolled as {s.Board.Site}/{s.Board.Pod}/{s.Board.Board}, broker {s.Broker.Host}:{s.Broker.Port}{(s.Broker.Tls ? " with TLS" : "")}" : "standalone";
        Console.WriteLine($"{s.Model}, {life}, {s.Board.Pools.Length} pool(s), failsafe {s.Board.FailsafeW} W");
        Console.WriteLine("The firmware's own reader takes these settings. Bring them to the board:");
        Console.WriteLine($"  nanoff --filedeployment {Path.Combine(output, BoardFiles.FilesName)}");
        if (files.Names.Contains(BoardFiles.NetworkName))
            Console.WriteLine($"  nanoff --networkdeployment {Path.Combine(output, BoardFiles.NetworkName)}");
        Console.WriteLine($"{output} holds secrets, readable by you only: delete it afterwards.");
    }

    private static int Wrong(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
