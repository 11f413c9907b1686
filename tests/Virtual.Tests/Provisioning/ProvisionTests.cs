using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Ballast.Firmware.Start;
using Ballast.Virtual.Provisioning;

namespace Ballast.Virtual.Tests.Provisioning;

/// <summary>What <c>ballast provision</c> writes, the firmware reads; and no sentence of it tells a secret.</summary>
[SupportedOSPlatform("linux")]
public sealed class ProvisionTests : IDisposable
{
    private static readonly string PodKey = string.Concat(Enumerable.Repeat("c0ffee41", 8));
    private static readonly string BoardKey = string.Concat(Enumerable.Repeat("c0ffee42", 8));

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ballast-provision-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Out => Path.Combine(_directory.FullName, "out");

    private string Private(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private string HostConfig(string broker = "10.0.0.5") => Private("site.json", $$"""
        { "site": "barn", "hostId": "h1", "stateDir": "/tmp/none", "mqtt": { "host": "{{broker}}", "port": 1884 },
          "pods": [ { "id": "p1", "kid": 3, "key": "{{PodKey}}", "boards": [ { "id": "b07", "kid": 4, "key": "{{BoardKey}}", "nameplateW": 24.5 } ] } ] }
        """);

    private static SettingLines Lines(params string[] open)
    {
        var lines = new SettingLines();
        foreach (string text in open)
            Assert.Null(lines.AddOpen(text));
        return lines;
    }

    private static BoardFiles Created(SettingLines lines, BoardExtras? extras = null)
    {
        BoardFiles? files = BoardFiles.TryCreate(lines, extras ?? new BoardExtras(), out string problem);
        Assert.True(files is not null, problem);
        return files;
    }

    [Fact]
    public void The_firmware_reads_from_the_written_file_what_was_put_in()
    {
        SettingLines lines = Lines("model=bitaxe-gamma", "failsafeW=5", "serial=SN-9", "pool0Url=stratum+tcp://10.0.0.9:3333", "pool0User=me.b07", "pool1Url=stratum+tls://pool.example:4333", "pool1User=me", "httpPort=8080", "timeServer=10.0.0.5", "mqttTls=1", "mqttUser=b07");
        Assert.Null(lines.AddFromHost(HostConfig(), "p1/b07"));
        Assert.Null(lines.AddSecrets(Private("secrets", "# mine\nmqttPassword=with = and # in it\n\npool0Password=x\npool1Password= y\n")));
        Created(lines).Write(Out, replace: false);

        byte[] file = File.ReadAllBytes(Path.Combine(Out, BoardFiles.SettingsName));
        DeviceSettings s = SettingsReader.TryRead(file, file.Length, out string? reason)!;
        Assert.Null(reason);
        Assert.Equal(("barn", "p1", "b07", "SN-9", true, 5, 25), (s.Board.Site, s.Board.Pod, s.Board.Board, s.Board.Serial, s.Board.Enrolled, s.Board.FailsafeW, s.Board.NameplateW));
        Assert.Equal((3, PodKey), (s.Board.PodKeys[0].Kid, Convert.ToHexStringLower(s.Board.PodKeys[0].Key)));
        Assert.Equal((4, BoardKey), (s.Board.BoardKeys[0].Kid, Convert.ToHexStringLower(s.Board.BoardKeys[0].Key)));
        Assert.Equal(("10.0.0.5", 1884, true, "b07", "with = and # in it"), (s.Broker.Host, s.Broker.Port, s.Broker.Tls, s.Broker.User, s.Broker.Password));
        Assert.Equal([("stratum+tcp://10.0.0.9:3333", "me.b07", "x"), ("stratum+tls://pool.example:4333", "me", " y")], s.Board.Pools.Select(p => (p.Url, p.User, p.Password)));
        Assert.Equal((8080, "10.0.0.5", "bitaxe-gamma"), (s.Network.HttpPort, s.Network.TimeServer, s.Model));
    }

    [Fact]
    public void Nanoff_gets_absolute_sources_device_paths_and_the_members_it_knows()
    {
        (string certificate, string key) = Certificate();
        SettingLines lines = Lines("model=bitaxe-gamma", "mqttHost=10.0.0.5", "mqttTls=1", "timeServer=10.0.0.5");
        Assert.Null(lines.AddSecrets(Private("secrets", "wifiPassword=hunter22 \"quoted\"\n")));
        var extras = new BoardExtras { Wifi = "Barn West", CaFile = certificate, CertificateFile = certificate, KeyFile = key, RootsFile = certificate, SerialPort = "/dev/ttyUSB7" };
        Created(lines, extras).Write(Out, replace: false);

        JsonNode files = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, BoardFiles.FilesName)))!;
        Assert.Equal("/dev/ttyUSB7", (string?)files["SerialPort"]);
        var pairs = files["Files"]!.AsArray().ToDictionary(f => (string)f!["DestinationFilePath"]!, f => (string)f!["SourceFilePath"]!);
        Assert.Equal([@"I:\ballast.cfg", @"I:\ca.pem", @"I:\cert.pem", @"I:\key.pem"], pairs.Keys.Order());
        Assert.All(pairs.Values, source => Assert.True(Path.IsPathRooted(source) && File.Exists(source), source));
        DeviceSettings s = Read();
        Assert.Equal(("ca.pem", "cert.pem", "key.pem"), (s.Broker.CaFile, s.Broker.CertificateFile, s.Broker.KeyFile));

        JsonNode network = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, BoardFiles.NetworkName)))!;
        JsonNode wifi = network["WirelessClient"]!;
        Assert.Equal(("Barn West", "hunter22 \"quoted\"", "WPA2", "WPA2", "AutoConnect"), ((string?)wifi["Ssid"], (string?)wifi["Password"], (string?)wifi["Authentication"], (string?)wifi["Encryption"], (string?)wifi["ConfigurationOption"]));
        Assert.Equal(certificate, (string?)network["CACertificatesPath"]);
        Assert.DoesNotContain("hunter22", File.ReadAllText(Path.Combine(Out, BoardFiles.SettingsName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_for_their_owner_only_even_when_they_replace_open_ones()
    {
        Directory.CreateDirectory(Out);
        string settings = Path.Combine(Out, BoardFiles.SettingsName);
        File.WriteAllText(settings, "old");
        File.SetUnixFileMode(settings, (UnixFileMode)0x1B6);
        BoardFiles files = Created(Lines("model=bitaxe-gamma"));
        Assert.Throws<IOException>(() => files.Write(Out, replace: false));
        Assert.Equal("old", File.ReadAllText(settings));
        files.Write(Out, replace: true);
        foreach (string path in Directory.GetFiles(Out))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(2, Directory.GetFiles(Out).Length);
    }

    [Theory]
    [InlineData("model=toaster", "name the board")]
    [InlineData("enrolled=1", "needs site")]
    [InlineData("failsafeW=much", "failsafeW must be a number")]
    [InlineData("colour=red", "'colour' is not a setting")]
    [InlineData("pod=Pod One", "pod must be 1 to 32")]
    [InlineData("mqttTls=1", "timeServer")]
    [InlineData("pool0Url=pool.example", "pool0Url")]
    public void What_the_firmware_would_refuse_is_refused_here_in_one_sentence(string setting, string expected)
    {
        SettingLines lines = setting.StartsWith("model", StringComparison.Ordinal) ? Lines(setting) : Lines("model=bitaxe-gamma", setting);
        Assert.Null(BoardFiles.TryCreate(lines, new BoardExtras(), out string problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("settings line", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_stay_off_the_command_line_and_out_of_open_files_and_sentences()
    {
        foreach (string name in (string[])["podKey", "boardKey", "mqttPassword", "pool0Password", "pool1Password", "consolePassword", "wifiPassword"])
        {
            string sentence = new SettingLines().AddOpen(name + "=s3cret")!;
            Assert.Contains("--secrets", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", sentence, StringComparison.Ordinal);
        }

        string open = Private("open", "podKey=s3cret\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", new SettingLines().AddSecrets(open), StringComparison.Ordinal);

        var said = new StringBuilder();
        foreach (string text in (string[])["podKey=s3cret\n", "podKey=s3crät\n", "s3cret\n", "podKey=s3cret\npodKey=s3cret\n", "wifiPassword=s3cret\n"])
        {
            SettingLines lines = Lines("model=bitaxe-gamma");
            said.AppendLine(lines.AddSecrets(Private("secrets", text)));
            Assert.Null(BoardFiles.TryCreate(lines, new BoardExtras { Wifi = "barn" }, out string problem));
            said.AppendLine(problem);
        }

        Assert.DoesNotContain("s3cr", said.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p1/b99", "10.0.0.5", "no board p1/b99")]
    [InlineData("b07", "10.0.0.5", "POD/BOARD")]
    [InlineData("p1/b07", "127.0.0.1", "mqttHost")]
    public void The_hosts_configuration_must_fit(string board, string broker, string expected)
    {
        string? problem = new SettingLines().AddFromHost(HostConfig(broker), board);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("c0ffee", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("barn", false, "wifiPassword")]
    [InlineData(null, true, "--wifi NAME")]
    [InlineData("a name that is longer than 32 characters", true, "1 to 32")]
    public void Wifi_is_asked_for_whole(string? name, bool open, string expected)
    {
        Assert.Null(BoardFiles.TryCreate(Lines("model=bitaxe-gamma"), new BoardExtras { Wifi = name, OpenWifi = open }, out string problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_is_none_or_has_another_key_is_refused()
    {
        (string certificate, _) = Certificate();
        (_, string otherKey) = Certificate("other");
        string text = Private("text.pem", "hello");
        Assert.Null(BoardFiles.TryCreate(Lines("model=bitaxe-gamma"), new BoardExtras { CaFile = text }, out string problem));
        Assert.Contains("no certificate", problem, StringComparison.Ordinal);
        Assert.Null(BoardFiles.TryCreate(Lines("model=bitaxe-gamma"), new BoardExtras { CertificateFile = certificate, KeyFile = otherKey }, out problem));
        Assert.Contains("private key", problem, StringComparison.Ordinal);
        Assert.Null(BoardFiles.TryCreate(Lines("model=bitaxe-gamma"), new BoardExtras { CaFile = "/nowhere.pem" }, out problem));
        Assert.Contains("/nowhere.pem", problem, StringComparison.Ordinal);
    }

    private DeviceSettings Read()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Out, BoardFiles.SettingsName));
        return SettingsReader.TryRead(file, file.Length, out string? reason) ?? throw new InvalidOperationException(reason);
    }

    private (string Certificate, string Key) Certificate(string name = "board")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (Private(name + "-cert.pem", certificate.ExportCertificatePem()), Private(name + "-key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}
