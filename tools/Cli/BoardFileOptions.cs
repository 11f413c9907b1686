using System.CommandLine;
using Ballast.Virtual.Provisioning;

namespace Ballast.Cli;

/// <summary>Options of commands that write a board's files.</summary>
internal sealed class BoardFileOptions
{
    private readonly Option<string> _output = new("--out") { Description = "Directory for the files.", Required = true };
    private readonly Option<string[]> _set = new("--set") { Description = "A setting as name=value; may be given often. The names: firmware/Device/README.md.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _secrets = new("--secrets") { Description = "File with secrets as name=value, readable by you only: podKey, boardKey, mqttPassword, pool0Password, pool1Password, consolePassword, wifiPassword." };
    private readonly Option<string?> _wifi = new("--wifi") { Description = "Name of the Wi-Fi network; its password is wifiPassword in --secrets." };
    private readonly Option<bool> _open = new("--wifi-open") { Description = "That network has no password." };
    private readonly Option<string?> _ca = new("--ca") { Description = "PEM with the broker's root certificate (mqttTls=1)." };
    private readonly Option<string?> _cert = new("--cert") { Description = "PEM with the board's own certificate." };
    private readonly Option<string?> _key = new("--key") { Description = "PEM with its private key." };
    private readonly Option<string?> _roots = new("--roots") { Description = "PEM with root certificates for pools with TLS, for the device's own store." };
    private readonly Option<string> _serial = new("--serialport") { Description = "Serial port at which nanoff finds the device.", DefaultValueFactory = _ => "/dev/ttyACM0" };
    private readonly Option<bool> _force = new("--force") { Description = "Replaces files that are there." };

    /// <summary>Puts them into a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_output, _set, _secrets, _wifi, _open, _ca, _cert, _key, _roots, _serial, _force])
            command.Options.Add(option);
    }

    internal string Output(ParseResult p) => p.GetValue(_output)!;

    internal bool Force(ParseResult p) => p.GetValue(_force);

    internal BoardExtras Extras(ParseResult p) => new()
    {
        Wifi = p.GetValue(_wifi),
        OpenWifi = p.GetValue(_open),
        CaFile = p.GetValue(_ca),
        CertificateFile = p.GetValue(_cert),
        KeyFile = p.GetValue(_key),
        RootsFile = p.GetValue(_roots),
        SerialPort = p.GetValue(_serial)!,
    };

    /// <summary>The settings that were given, or what is wrong with them.</summary>
    internal (SettingLines? Lines, string? Wrong) Lines(ParseResult p, Func<SettingLines, string?>? between = null)
    {
        var lines = new SettingLines();
        string? wrong = null;
        foreach (string text in p.GetValue(_set)!)
            wrong ??= lines.AddOpen(text);
        wrong ??= between?.Invoke(lines);
        if (p.GetValue(_secrets) is { } secrets)
            wrong ??= lines.AddSecrets(secrets);
        return wrong is null ? (lines, null) : (null, wrong);
    }

    /// <summary>Says what was written and how it gets to the board.</summary>
    internal static void Tell(string output, BoardFiles files)
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
}
