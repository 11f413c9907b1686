using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ballast.Firmware.Pool;
using Ballast.Firmware.Start;

namespace Ballast.Virtual.Provisioning;

/// <summary>What a board gets beside its settings.</summary>
public sealed record BoardExtras
{
    /// <summary>Wi-Fi network; null for none (Ethernet, or stored already).</summary>
    public string? Wifi { get; init; }

    /// <summary>True for a network without a password.</summary>
    public bool OpenWifi { get; init; }

    /// <summary>PEM with the broker's root certificate, or null.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM with the board's own certificate, or null.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM with its private key, or null.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM with root certificates for pools, stored in the device's own store, or null.</summary>
    public string? RootsFile { get; init; }

    /// <summary>Serial port of the device, for nanoff.</summary>
    public string SerialPort { get; init; } = "/dev/ttyACM0";
}

/// <summary>
/// The files of one board: its settings, and the two lists by which nanoff brings files and network to a device
/// (<c>--filedeployment</c>, <c>--networkdeployment</c>; members as nanoff reads them, capitals do not matter to it).
/// </summary>
public sealed class BoardFiles
{
    /// <summary>Name of the settings file, here and on the device.</summary>
    public const string SettingsName = "ballast.cfg";

    /// <summary>Name of the list of files for nanoff.</summary>
    public const string FilesName = "files.json";

    /// <summary>Name of the network settings for nanoff.</summary>
    public const string NetworkName = "network.json";

    private const string DeviceFolder = "I:\\";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly BoardExtras _extras;
    private readonly string? _wifiPassword;

    private BoardFiles(DeviceSettings settings, string text, BoardExtras extras, string? wifiPassword)
    {
        Settings = settings;
        Text = text;
        _extras = extras;
        _wifiPassword = wifiPassword;
    }

    /// <summary>The settings as the firmware's own reader understood them.</summary>
    public DeviceSettings Settings { get; }

    /// <summary>The settings file.</summary>
    public string Text { get; }

    /// <summary>Puts a board's files together; null with one sentence that says what is wrong and repeats no secret.</summary>
    public static BoardFiles? TryCreate(SettingLines lines, BoardExtras extras, out string problem)
    {
        problem = Pem(extras) ?? WifiProblem(lines, extras) ?? AddPem(lines, extras) ?? "";
        if (problem.Length > 0)
            return null;
        var text = new StringBuilder("# written by ballast provision; holds secrets\n");
        foreach ((string name, string value) in lines.All)
            text.Append(name).Append('=').Append(value).Append('\n');
        byte[] bytes = Encoding.ASCII.GetBytes(text.ToString());
        if (bytes.Length > SettingsReader.MaxBytes)
        {
            problem = $"The settings have {bytes.Length} bytes and a board reads {SettingsReader.MaxBytes}: leave some out.";
            return null;
        }

        DeviceSettings? settings = SettingsReader.TryRead(bytes, bytes.Length, out string? reason);
        problem = settings is null ? Sentence(reason!) : PoolProblem(settings) ?? "";
        return problem.Length > 0 ? null : new BoardFiles(settings!, text.ToString(), extras, lines[SettingLines.WifiPassword]);
    }

    /// <summary>Names of the files that <see cref="Write"/> writes.</summary>
    public IEnumerable<string> Names => HasNetwork ? [SettingsName, FilesName, NetworkName] : [SettingsName, FilesName];

    private bool HasNetwork => _extras.Wifi is not null || _extras.RootsFile is not null;

    /// <summary>Writes them into a directory, which is made for its owner only.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(string directory, bool replace)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        PrivateFile.Write(Path.Combine(directory, SettingsName), Text, replace);
        PrivateFile.Write(Path.Combine(directory, FilesName), FilesJson(Path.GetFullPath(directory)), replace);
        if (HasNetwork)
            PrivateFile.Write(Path.Combine(directory, NetworkName), NetworkJson(), replace);
        else
            File.Delete(Path.Combine(directory, NetworkName));
    }

    private string FilesJson(string directory)
    {
        var files = new List<object> { new { DestinationFilePath = DeviceFolder + SettingsName, SourceFilePath = Path.Combine(directory, SettingsName) } };
        foreach ((string? source, string name) in PemFiles(_extras))
        {
            if (source is not null)
                files.Add(new { DestinationFilePath = DeviceFolder + name, SourceFilePath = Path.GetFullPath(source) });
        }

        return JsonSerializer.Serialize(new { _extras.SerialPort, Files = files }, Indented);
    }

    private string NetworkJson()
    {
        var json = new Dictionary<string, object> { ["SerialPort"] = _extras.SerialPort };
        if (_extras.Wifi is { } name)
        {
            json["WirelessClient"] = new
            {
                Ssid = name,
                Password = _wifiPassword ?? "",
                Authentication = _wifiPassword is null ? "OPEN" : "WPA2",
                Encryption = _wifiPassword is null ? "None" : "WPA2",
                ConfigurationOption = "AutoConnect",
            };
        }

        if (_extras.RootsFile is { } roots)
            json["CACertificatesPath"] = Path.GetFullPath(roots);
        return JsonSerializer.Serialize(json, Indented);
    }

    private static (string? Source, string Name)[] PemFiles(BoardExtras e) => [(e.CaFile, "ca.pem"), (e.CertificateFile, "cert.pem"), (e.KeyFile, "key.pem")];

    private static string? AddPem(SettingLines lines, BoardExtras extras)
    {
        string[] settings = ["mqttCa", "mqttCert", "mqttKey"];
        string? wrong = null;
        (string? Source, string Name)[] files = PemFiles(extras);
        for (int i = 0; i < files.Length; i++)
        {
            if (files[i].Source is not null)
                wrong ??= lines.Add(settings[i], files[i].Name);
        }

        return wrong;
    }

    /// <summary>The reader counts lines of a file that its user has not written: the sentence names the setting anyway.</summary>
    private static string Sentence(string reason)
    {
        const string Prefix = "settings line ";
        int at = reason.StartsWith(Prefix, StringComparison.Ordinal) ? reason.IndexOf(": ", StringComparison.Ordinal) + 2 : 0;
        string text = reason[at..];
        return text.EndsWith('.') ? text : text + ".";
    }

    private static string? PoolProblem(DeviceSettings settings)
    {
        for (int i = 0; i < settings.Board.Pools.Length; i++)
        {
            if (PoolEndpoint.TryParse(settings.Board.Pools[i].Url, settings.Board.Pools[i].User, "", out string? reason) is null)
                return $"pool{i}Url: {reason}.";
        }

        return null;
    }

    private static string? WifiProblem(SettingLines lines, BoardExtras extras)
    {
        string? password = lines[SettingLines.WifiPassword];
        if (extras.Wifi is null)
            return password is null && !extras.OpenWifi ? null : "A Wi-Fi password or --wifi-open is given without --wifi NAME.";
        if (extras.Wifi.Length is < 1 or > 32 || extras.Wifi.Any(c => c is < ' ' or > '~'))
            return "--wifi takes a network name of 1 to 32 ASCII characters.";
        if (password is null)
            return extras.OpenWifi ? null : "--wifi needs wifiPassword in the file that --secrets names, or --wifi-open for a network without one.";
        return extras.OpenWifi ? "--wifi-open and a wifiPassword exclude each other." : password.Length is >= 8 and <= 63 ? null : "wifiPassword must have 8 to 63 characters.";
    }

    private static string? Pem(BoardExtras e)
    {
        foreach (string? path in (string?[])[e.CaFile, e.CertificateFile, e.KeyFile, e.RootsFile])
        {
            if (path is not null && !File.Exists(path))
                return $"There is no file {path}.";
        }

        string? bad = null;
        try
        {
            foreach (string? path in (string?[])[e.CaFile, e.RootsFile])
            {
                bad = path;
                if (path is null)
                    continue;
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(path);
                if (all.Count == 0)
                    return $"{path} holds no certificate in PEM.";
            }

            bad = e.CertificateFile;
            if (e.CertificateFile is not null && e.KeyFile is not null)
                X509Certificate2.CreateFromPemFile(e.CertificateFile, e.KeyFile).Dispose();
        }
        catch (Exception x) when (x is CryptographicException or ArgumentException)
        {
            return bad == e.CertificateFile ? $"{bad} and {e.KeyFile} are no certificate in PEM with its private key." : $"{bad} holds no certificate in PEM.";
        }

        return null;
    }
}
